// The results of all seeds in a run, and how the command prints them.
import type { Finding, SeedReport } from "./task.ts";

/** A broken rule that is a known defect, which a later step fixes. */
interface Known {
  readonly rule: string;
  readonly since: number;
  readonly how: string;
  readonly seed: number;
  count: number;
}

const HOUR = 3_600_000;
const number = (value: number) => value.toLocaleString("en-US");

export class Summary {
  readonly #step: number;
  readonly #known = new Map<string, Known>();
  /** The first seed that broke a rule that must hold. */
  failure: SeedReport | undefined;
  seeds = 0;
  #held = 0;
  #virtualMs = 0;
  #lines = 0;
  #faults = 0;

  constructor(step: number) {
    this.#step = step;
  }

  /** Adds a report. @returns whether it broke a rule that must hold. */
  add(report: SeedReport): boolean {
    this.seeds += 1;
    this.#held += report.held;
    this.#virtualMs += report.virtualMs;
    this.#lines += report.lines;
    this.#faults += report.faults;
    for (const broken of report.broken) {
      // A rule may have two defects, which different steps fix.
      const defect = `${broken.rule} ${broken.since}`;
      const known = this.#known.get(defect);
      if (known) known.count += 1;
      else if (broken.since > this.#step) {
        this.#known.set(defect, { ...broken, seed: report.seed, count: 1 });
      }
    }
    const isNew = report.broken.some(({ since }) => since <= this.#step);
    if (!isNew && report.fallen.length === 0) return false;
    if (this.failure === undefined || report.seed < this.failure.seed)
      this.failure = report;
    return true;
  }

  /** The progress line of a run. */
  progress(total: number): string {
    return `${number(this.seeds)} of ${number(total)} seeds, ${this.#figures()}`;
  }

  /** The lines at the end, without those of a failure. */
  lines(slug: string): string[] {
    const known = [...this.#known.values()].map(
      ({ rule, since, how, seed, count }) =>
        `  ${rule}: from step ${since} on; not at ${number(count)} of these seeds\n` +
        `    ${how}\n    see it: just simulate ${this.#step} --seed ${seed}`,
    );
    const title = known.length > 0 ? ["known defects, which later steps fix:"] : [];
    return [
      `${slug}: ${counted(this.seeds, "seed")}, ${this.#figures()}`,
      ...title,
      ...known,
    ];
  }

  #figures(): string {
    return [
      `${(this.#virtualMs / HOUR).toFixed(1)} simulated hours`,
      `${counted(this.#lines, "line")} delivered`,
      `${counted(this.#faults, "fault")} injected`,
      `${counted(this.#held, "behaviour")} held`,
    ].join(", ");
  }
}

/** `1 seed`, `500 seeds`. */
function counted(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** A rule that a seed broke, for a terminal. */
export function findingText(slug: string, step: number, finding: Finding): string {
  const { rule, since, how, seed, weather, session, accounts } = finding;
  const known = since > step ? ` (known; step ${since} fixes it)` : "";
  return [
    `${slug}, seed ${seed}: broken${known}: ${rule}`,
    `  ${how}`,
    "",
    `the shortest session that shows it, in the weather "${weather}":`,
    ...session.map((line) => `  ${line}`),
    "",
    "what they saw:",
    ...accounts.map((line) => `  ${line}`),
  ].join("\n");
}

/** A behaviour that failed at a seed. */
export function fallenText(slug: string, report: SeedReport, call: string): string {
  return report.fallen
    .map(({ seed, title, unmet, weather, transcript }) =>
      [
        `${slug}, seed ${seed}: does not hold: ${title}`,
        `  ${unmet}, in the weather "${weather.name}"`,
        ...transcript.slice(-20).map((line) => `  ${line}`),
        `again: ${call} --seed ${seed}`,
      ].join("\n"),
    )
    .join("\n\n");
}
