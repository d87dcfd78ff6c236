// One seed: draws a session and the weather, plays the session, and judges it.
import { STEPS } from "../../../behaviours/steps.ts";
import { addressOf, NotListening, Stage } from "../actors.ts";
import { Random } from "../kernel/random.ts";
import { drawWeather, type Weather } from "../kernel/weather.ts";
import { Machine, type MachineOptions } from "../machine.ts";
import type { Played, play } from "./play.ts";
import { type Broken, judge } from "./rules.ts";
import { drawSession, type Session } from "./session.ts";

export interface Question {
  readonly step: number;
  readonly seed: number;
  /** Drawn from the seed if not given. */
  readonly weather?: Weather | undefined;
  /** Drawn from the seed if not given. */
  readonly session?: Session;
  /** Replacement texts of the server's files, by address. */
  readonly edits?: ReadonlyMap<string, string>;
  /** Called with each thing that happens in the session. */
  readonly watch?: MachineOptions["watch"];
}

export interface Verdict {
  readonly seed: number;
  readonly session: Session;
  readonly weather: Weather;
  readonly broken: readonly Broken[];
  readonly accounts: Played["accounts"];
  readonly output: string;
  /** What the seed did, in numbers. */
  readonly turns: number;
  readonly virtualMs: number;
  readonly lines: number;
  /** Stalls, half-closes, resets, lines without an end, and descriptors that ran out. */
  readonly faults: number;
}

/** The result when the server never listened, and no client connected. */
const NOBODY: Played = { accounts: [], refused: [], aftermath: undefined };

/** Plays the session of a seed. The same question gives the same answer in every thread. */
export async function explore(question: Question): Promise<Verdict> {
  const { step: number, seed, edits } = question;
  const step = STEPS[number - 1];
  if (step === undefined) throw new RangeError(`There is no step ${number}`);
  const weather = question.weather ?? drawWeather(Random.fork(seed, 1));
  const session = question.session ?? drawSession(seed, number);
  const { descriptors } = session;
  const stage = new Stage(
    step,
    { seed, weather, watch: question.watch },
    { descriptors, ...(edits && { edits }) },
  );
  // It runs on the machine, with the machine's network and clock.
  const loaded = await Machine.load(addressOf("scripts/simulate/explore/play.ts"));
  const run = loaded["play"] as typeof play;
  const played = await stage
    .run((server) => run(session, number, server.port))
    .catch((error: unknown): Played => {
      if (error instanceof NotListening) return NOBODY;
      throw error;
    });
  const { process, output } = stage.server;
  const evidence = {
    ...played,
    step: number,
    output,
    ending: process.ending,
    descriptors,
  };
  return {
    seed,
    session,
    weather,
    broken: judge(evidence),
    accounts: played.accounts,
    output,
    turns: stage.machine.turns,
    virtualMs: stage.machine.schedule.now,
    lines: played.accounts.reduce((sum, { seen }) => sum + seen.length, 0),
    faults: faultsOf(session),
  };
}

function faultsOf({ roles, descriptors }: Session): number {
  const all = roles.flatMap(({ actions, parting }) => [
    ...actions.filter(({ kind }) => kind === "stall" || kind === "endless"),
    ...(parting === "resets" || parting === "half-closes" ? [parting] : []),
  ]);
  return all.length + (descriptors < 1024 ? 1 : 0);
}
