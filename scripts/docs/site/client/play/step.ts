// A step as the build of the site brings it: see play-files.ts.

export interface PlayedStep {
  readonly number: number;
  /** `07-kinda-chat`. */
  readonly slug: string;
  /** `07 · Kinda chat`. */
  readonly title: string;
  /** The text of its server.ts. */
  readonly text: string;
  /** What it reads, by path from the folder of the book. */
  readonly files: Readonly<Record<string, string>>;
}

/** What the scripts of the playground leave for each other. */
interface Played {
  /** The thread's program. */
  machineOfThePage?: () => void;
  /** What only a check needs of it. */
  checksOfThePage?: () => object;
  playedSteps?: Record<string, PlayedStep>;
}

const played = globalThis as Played;

/** @throws {Error} When its script is not loaded. */
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
