// Holds the steps to their behaviours, as tests.
import { join } from "node:path";
import { afterAll, describe, expect, inject, test } from "vitest";
import { type Behaviour, commandFor } from "../behaviours/behaviour.ts";
import { hold, holdAlone, type Outcome } from "../behaviours/hold.ts";
import { type Server, startServer } from "../behaviours/server.ts";
import { STEPS } from "../behaviours/steps.ts";
import { behavioursOf } from "../behaviours/table.ts";
import { ALL } from "./requirements.ts";

/** Far more than anything takes, in milliseconds: only what fails waits so long. */
const PATIENCE = 15_000;

/** How much is echoed to a slow reader, in bytes: steps 01 and 02 read 16 at a time. */
const PLENTY = ALL ? 12_000_000 : 3_000_000;

/** Why a behaviour is held with `--all` only; undefined for one that always is. */
function leftToAll(behaviour: Behaviour, step: number): string | undefined {
  if (ALL) return undefined;
  const { hostile, megabytes, from, to } = behaviour;
  if (hostile) return "it is slow: just test --all";
  if (megabytes && step > from && step < to) return "it moves megabytes: just test --all";
  return undefined;
}

/**
 * Every behaviour of a step against a server.
 *
 * @param title What is held.
 * @param options.step The number of the step whose behaviours hold.
 * @param options.command Starts the server.
 * @param options.alone Each on a server of its own. Else those that need none of their own
 * share one, one after the other: no behaviour uses a name or a room of another, and each
 * waits until all that it sent has come.
 * @param options.behaviours Those to hold, if not all of the step.
 * @param options.group It starts others, which have to end with it.
 * @param options.env What they find in their environment.
 * @param options.quiet Waits until a behaviour's clients are gone, on a server that others use.
 * @param options.leaveOut Whether a behaviour is none of this server, and why.
 */
export function holdStep(
  title: string,
  options: {
    step: number;
    command: () => readonly string[];
    alone: boolean;
    group?: boolean;
    env?: () => Record<string, string>;
    quiet?: (server: Server) => Promise<void>;
    leaveOut?: (behaviour: Behaviour) => string | undefined;
    behaviours?: readonly Behaviour[];
  },
): void {
  const { step, command, alone, group = false, env = () => ({}), leaveOut } = options;
  const { quiet = () => Promise.resolve() } = options;
  const { behaviours = behavioursOf(step) } = options;
  // The first step ends with its first client.
  const shares = ({ own }: Behaviour) => !alone && !own && step > 1;
  /** Those that run, by the command that started them. */
  const servers = new Map<string, Required<Server>>();
  const end = async () => {
    for (const { process } of servers.values()) {
      process.kill("SIGKILL");
      await process.ended;
    }
    servers.clear();
  };

  describe(title, { concurrent: alone }, () => {
    afterAll(end);
    for (const behaviour of behaviours) {
      const why = leftToAll(behaviour, step) ?? leaveOut?.(behaviour);
      if (why !== undefined) {
        test.skip(`${behaviour.title}: NOT RUN, ${why}`);
        continue;
      }
      test(behaviour.title, async () => {
        let outcome: Outcome;
        if (shares(behaviour)) {
          const words = commandFor(behaviour, step, command());
          const key = words.join(" ");
          const start = { command: words, group, env: env() };
          const server = servers.get(key) ?? (await startServer(start));
          servers.set(key, server);
          outcome = await hold(behaviour, {
            server,
            step,
            patience: PATIENCE,
            plenty: PLENTY,
          });
          // What failed may have left the server in any state.
          if (outcome.unmet) await end();
          else await quiet(server);
        } else {
          const words = commandFor(behaviour, step, command());
          const start = { command: words, group, env: env() };
          const how = { step, patience: PATIENCE, plenty: PLENTY, start };
          outcome = await holdAlone(behaviour, how);
        }
        const { unmet, transcript, output } = outcome;
        expect(unmet, [...transcript.slice(-30), output].join("\n")).toBeUndefined();
      });
    }
  });
}

/**
 * All steps.
 *
 * @param node With it they run on that Node, and as they stand: it must be one that strips
 * types itself, 22.18 or newer.
 */
export function holdSteps({ alone, node }: { alone: boolean; node?: string }): void {
  for (const { number: step, slug, folder } of STEPS) {
    const command = () =>
      node
        ? [node, join(folder, "server.ts")]
        : [process.execPath, join(inject("built"), slug, "server.js")];
    holdStep(slug, { step, command, alone });
  }
}
