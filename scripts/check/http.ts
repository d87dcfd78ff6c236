// Checks a server against the behaviours of HTTP: `just check r5`.
import { type Behaviour, PLAIN } from "../../behaviours/behaviour.ts";
import { HTTP_BEHAVIOURS } from "../../behaviours/http/all.ts";
import type { HttpBehaviour } from "../../behaviours/http/behaviour.ts";
import { HttpClient } from "../../behaviours/http/client.ts";
import type { Step } from "../../behaviours/steps.ts";
import type { World } from "../../behaviours/world.ts";
import { UsageError } from "../cli.ts";
import { shortNameOf } from "../find-step.ts";
import { type CheckOptions, checkAll, titledLike } from "./check-step.ts";
import type { Result } from "./result.ts";
import { start } from "./start.ts";

/**
 * Checks a server against a step of the reactor part, and prints the report. A server that the
 * checker starts serves all of the behaviours, which begin with r5.
 *
 * @returns The result of each behaviour.
 * @throws {UsageError} When the step has no behaviours, or none with the words of `only`.
 * @throws {Failure} When nothing listens there, or the server cannot be started.
 */
export async function checkHttpStep(
  options: Omit<CheckOptions, "hostile">,
): Promise<readonly Result[]> {
  const { step, target, only } = options;
  if (step.number < 5) {
    throw new UsageError(
      `Cannot check ${step.slug}: it has no behaviours to check. Run yours and compare it ` +
        `by hand with ours: just example ${shortNameOf(step)}, then curl -i http://127.0.0.1:42069/`,
    );
  }
  const all = behavioursOf(step);
  const behaviours = only === undefined ? all : titledLike(only, all, step);
  const server = target.kind === "started" ? await start(target.start) : undefined;
  return (await checkAll(behaviours, options, server)).results;
}

function behavioursOf(step: Step): Behaviour[] {
  return Object.entries(HTTP_BEHAVIOURS).flatMap(([subject, behaviours]) =>
    behaviours.map((one) => behaviourOf(one, subject, step)),
  );
}

function behaviourOf(
  { title, source, why, run }: HttpBehaviour,
  subject: string,
  { number }: Step,
): Behaviour {
  return {
    ...PLAIN,
    id: "",
    title,
    subject,
    from: number,
    to: number,
    page: `RFC ${source.replace(" ", ", section ")}`,
    why,
    run: (world) => run(() => connect(world)),
  };
}

async function connect(world: World): Promise<HttpClient> {
  const { server, patience, transcript } = world;
  const { host, port } = server;
  return world.adopt(await HttpClient.connect(host, port, patience, transcript));
}
