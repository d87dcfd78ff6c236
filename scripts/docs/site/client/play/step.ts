// A step, as the build of the site provides it: see ../../play.ts.
import type { Mistake } from "../../mistakes.ts";

export interface PlayedStep {
  readonly number: number;
  /** `07-kinda-chat`. */
  readonly slug: string;
  /** `07 · Kinda chat`. */
  readonly title: string;
  /** The text of its server.ts. */
  readonly text: string;
  /** The files that it reads, by path from the root of the repository. */
  readonly files: Readonly<Record<string, string>>;
  readonly mistake?: Mistake;
}

/** What the scripts of the playground share with each other. */
interface Played {
  /** The program of the thread. */
  machineOfThePage?: () => void;
  /** The part of it that only a check needs. */
  checksOfThePage?: () => object;
  playedSteps?: Record<string, PlayedStep>;
}

const played = globalThis as Played;

/** @throws {Error} When the step's script is not loaded. */
export function stepNamed(slug: string): PlayedStep {
  const step = played.playedSteps?.[slug];
  if (step === undefined) throw new Error(`Cannot run ${slug}: it is not loaded`);
  return step;
}

/** The program of the thread, as text. */
export function programText(): string {
  const { machineOfThePage: machine, checksOfThePage: checks } = played;
  return `${checks ? `checks=(${checks})();` : ""}(${machine})()`;
}
