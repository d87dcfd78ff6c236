// Checks a server against every HTTP behaviour: what `just check r5` prints.
import { styleText } from "node:util";
import { HTTP_BEHAVIOURS } from "../../behaviours/http/all.ts";
import type { Address } from "../../behaviours/http/behaviour.ts";
import { HttpClient } from "../../behaviours/http/client.ts";
import { type HttpOutcome, holdHttp } from "../../behaviours/http/hold.ts";
import { ideaOf, type Step } from "../../behaviours/steps.ts";
import { Failure, UsageError } from "../cli.ts";
import { serverError } from "../server-error.ts";
import { start } from "./start.ts";
import type { Target } from "./target.ts";

/** The number of last lines sent and received that are shown. */
const TAIL = 8;

/**
 * Checks a server against a step of the reactor part. The behaviours begin with r5.
 *
 * @param patience Milliseconds to wait for each expected answer.
 * @returns The exit code: 1 when a behaviour does not hold.
 * @throws {UsageError} When the step has no behaviours.
 * @throws {Failure} When there is no server.
 */
export async function checkHttpStep(
  step: Step,
  target: Target,
  patience: number,
): Promise<number> {
  const [name] = step.slug.split("-");
  if (step.speaks !== "http" || step.number < 5) {
    throw new UsageError(
      `Cannot check ${step.slug}: it has no behaviours to check. Run yours and compare it ` +
        `by hand with ours: just example ${name}, then curl -i http://127.0.0.1:42069/`,
    );
  }
  console.log(`${target.name} as ${step.slug}: ${ideaOf(step)}\n`);
  if (target.kind === "running") return Math.sign(await checkHttp(target, patience));
  const server = await start(target.start);
  try {
    const unmet = await checkHttp(server, patience);
    const error = serverError(server.process.output());
    if (unmet > 0 && error.length > 0) console.log(`server: ${error.join("\n        ")}`);
    return Math.sign(unmet);
  } finally {
    server.process.kill("SIGKILL");
    await server.process.ended;
  }
}

/**
 * Runs the behaviours one after another, and prints a line for each.
 *
 * @param patience Milliseconds to wait for each expected answer.
 * @returns The number of behaviours that do not hold.
 * @throws {Failure} When the server cannot be reached.
 */
async function checkHttp(server: Address, patience: number): Promise<number> {
  const { host, port } = server;
  const first = await HttpClient.connect(host, port, patience).catch((error) => {
    throw new Failure(`Cannot check ${host}:${port}: ${error.message}`);
  });
  first.close();
  let met = 0;
  let unmet = 0;
  const refused = { met: 0, all: 0 };
  for (const [group, behaviours] of Object.entries(HTTP_BEHAVIOURS)) {
    console.log(paint("bold", group));
    for (const behaviour of behaviours) {
      const outcome = await holdHttp(behaviour, server, patience);
      if (outcome.unmet === undefined) met += 1;
      else unmet += 1;
      if (behaviour.title.startsWith("refuses ")) {
        refused.all += 1;
        if (outcome.unmet === undefined) refused.met += 1;
      }
      print(outcome);
    }
  }
  console.log(paint(unmet === 0 ? "green" : "red", `\n${met} hold, ${unmet} do not`));
  console.log(
    `it refuses ${refused.met} of ${refused.all} requests that it should refuse`,
  );
  return unmet;
}

function print({ behaviour, unmet, transcript }: HttpOutcome): void {
  const { title, source, why } = behaviour;
  if (unmet === undefined) {
    console.log(`  ${paint("green", "✓")} ${title}`);
    return;
  }
  console.log(`  ${paint("red", "✗")} ${title}`);
  for (const line of transcript.slice(-TAIL)) console.log(`      ${paint("dim", line)}`);
  console.log(`      expected  ${unmet.expected}`);
  console.log(`      got       ${unmet.got}`);
  console.log(`      see       RFC ${source.replace(" ", ", section ")}`);
  if (why !== undefined) console.log(`      why       ${why}`);
}

function paint(style: "green" | "red" | "dim" | "bold", text: string): string {
  const color = process.stdout.isTTY && !process.env["NO_COLOR"];
  return color ? styleText(style, text) : text;
}
