// Where the cases run: each poller, and how this machine reaches it.
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import {
  POLLERS,
  unavailableReason,
} from "../../../examples/shared/poll/readiness/pollers.ts";
import { winePlace } from "../wine/place.ts";
import { runUnderWine } from "../wine/wine.ts";
import type { Built } from "./build.ts";
import type { Outcome } from "./run.ts";

export interface Place {
  readonly poller: string;
  /** `native`, `under wine`, `through libkqueue`. */
  readonly how: string;
  /** Why it cannot run here; undefined when it can. */
  readonly whyNot: string | undefined;
  /** Runs the cases in a separate process. @throws {Error} When that process fails. */
  run(built: Built): Promise<Outcome[]>;
}

/** The pollers of this system. */
function nativePlaces(): Place[] {
  return POLLERS.map((poller) => {
    const library = poller.name === "kqueue" && process.platform === "linux";
    return {
      poller: poller.name,
      how: library ? "through libkqueue" : "native",
      whyNot: unavailableReason(poller),
      run: ({ run }) => outcomesOf([process.execPath, run, poller.name]),
    };
  });
}

/** All places, even those that this machine cannot reach. */
export function allPlaces(): Place[] {
  return nativePlaces().map((place) =>
    place.poller === "afd" && process.platform !== "win32"
      ? { ...place, ...winePlace("AFD, the poller of Windows"), run: underWine }
      : place,
  );
}

async function underWine(): Promise<Outcome[]> {
  return parseOutcomes(await runUnderWine("test/reactor/conformance/run.js", ["afd"]));
}

/** Milliseconds for all cases: a broken poller may never return from a wait. */
const LIMIT = 480_000;

/** Runs a command that prints a line about the poller, then one per case. */
export async function outcomesOf(command: readonly string[]): Promise<Outcome[]> {
  const [file = "", ...args] = command;
  const child = spawn(file, args, {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: LIMIT,
    killSignal: "SIGKILL",
  });
  const ended = new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.on("close", (code, signal) => resolve(code ?? signal));
    child.on("error", reject);
  });
  const [out, errors, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    ended,
  ]);
  if (code !== 0) throw new Error(`the cases ended with ${code}\n${out}${errors}`);
  return parseOutcomes(out);
}

/** Parses the outcomes from a runner's output. */
export function parseOutcomes(out: string): Outcome[] {
  const lines = out.trim().split("\n");
  const [head, ...outcomes] = lines.map((line) => JSON.parse(line));
  if (head?.why !== undefined) throw new Error(`the cases did not run: ${head.why}`);
  return outcomes;
}
