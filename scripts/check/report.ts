// What `just check` prints: the first failure in full, one of each other reason in brief, and what
// to do next.
import { constants } from "node:os";
import { STEPS, type Step } from "../../behaviours/steps.ts";
import { asCalled } from "../caller.ts";
import { lastWords } from "../server-error.ts";
import { unseenDifference } from "./difference.ts";
import type { Stop } from "./hold-all.ts";
import { headerOf, nextAfter, nextForFailure, tableOf } from "./next.ts";
import { pageOf } from "./page.ts";
import { paint, wrapped } from "./print.ts";
import { missedOf, type Result, reasonOf } from "./result.ts";
import type { Target } from "./target.ts";

/** How many of the last lines sent and received are shown. */
const TAIL = 8;
/** How many reasons are shown besides the first, and how many titles for each. */
const REASONS = 6;
const TITLES = 3;

export class Report {
  readonly results: Result[] = [];
  readonly #step: Step;
  readonly #target: Target;
  readonly #only: string | undefined;
  readonly #print: (text: string) => void;
  #first: Result | undefined;
  #begun = false;

  /** @param only The words that the titles were chosen by, if they were. */
  constructor(
    step: Step,
    target: Target,
    {
      only,
      print = console.log,
    }: { only?: string | undefined; print?: (text: string) => void } = {},
  ) {
    this.#step = step;
    this.#target = target;
    this.#only = only;
    this.#print = (text) => {
      if (!this.#begun) print(`${wrapped(headerOf(target, step))}\n`);
      this.#begun = true;
      print(text);
    };
  }

  /** How many behaviours hold, and how many fail; defects are not counted. */
  get met(): number {
    return this.results.filter(({ verdict }) => verdict === "holds").length;
  }

  get unmet(): number {
    return this.results.filter(({ verdict }) => verdict === "fails").length;
  }

  get #asked() {
    return { target: this.#target, only: this.#only };
  }

  /** Adds a result. The first failure is printed immediately. */
  add(result: Result): void {
    this.results.push(result);
    if (result.verdict !== "fails" || this.#first) return;
    this.#first = result;
    this.#print(failure(result));
  }

  /**
   * Prints the rest, once all behaviours are done.
   *
   * @param error What the server that ran for all of them has reported, in at most three lines.
   */
  finish(stop: Stop | undefined, error: readonly string[] = []): void {
    if (stop === "gone") this.#print(this.#gone());
    if (this.#first === undefined && stop === undefined) {
      this.#print(tableOf(this.results, this.#step));
      const next = nextAfter(this.results, this.#step, this.#asked);
      this.#print(`\n${wrapped(asCalled(next))}`);
      return;
    }
    if (this.#first) {
      for (const line of this.#others(this.#first, stop)) this.#print(line);
    }
    if (error.length > 0) this.#print(reported(error).join("\n"));
    const virtues = this.results.filter(({ behaviour }) => !behaviour.defect).length;
    const isHttp = this.#step.speaks === "http";
    const whole = isHttp ? refusals(this.results) : wholeSteps(this.results);
    const more = this.#only === undefined ? whole : undefined;
    const parts = [`${this.met} of ${virtues} hold`, ...(more ? [more] : [])];
    this.#print(`\n${paint("red", parts.join(", "))}${this.#unrun(stop)}`);
    this.#print(nextForFailure(this.#step, this.#asked, stop));
  }

  /** The other failures: those with the same reason as the first, then one for each reason. */
  #others(first: Result, stop: Stop | undefined): string[] {
    const groups = new Map<string, Result[]>();
    const reasonFor = this.#reasons();
    for (const result of this.results) {
      if (result.verdict !== "fails" || result === first) continue;
      const reason = reasonFor(result);
      groups.set(reason, [...(groups.get(reason) ?? []), result]);
    }
    const same = groups.get(reasonFor(first)) ?? [];
    groups.delete(reasonFor(first));
    const lines: string[] = [];
    // These two reasons explain every other failure.
    if (same.length > 0 && stop !== "no greeting" && stop !== "mute") {
      const times = same.length === 1 ? "once more" : `${same.length} times more`;
      lines.push(wrapped(`    the same reason ${times}: ${titles(same)}`, "      "));
    }
    for (const results of [...groups.values()].slice(0, REASONS))
      lines.push(inBrief(results));
    const more = groups.size - REASONS;
    if (more > 0)
      lines.push(
        `  and ${more} more ${more === 1 ? "reason" : "reasons"}; fix these first`,
      );
    return lines;
  }

  /** Silences are one reason for each page, unless most of what was checked met with silence. */
  #reasons(): (result: Result) => string {
    const isSilence = (result: Result) => reasonOf(result).startsWith("got nothing");
    const run = this.results.filter(({ outcome }) => outcome !== undefined);
    const isOne =
      this.#step.speaks === "http" || run.filter(isSilence).length > run.length / 2;
    return (result) =>
      isOne || !isSilence(result)
        ? reasonOf(result)
        : `${reasonOf(result)}, ${result.behaviour.page}`;
  }

  #unrun(stop: Stop | undefined): string {
    const count = missedOf(this.results).length;
    if (count === 0) return "";
    if (stop === "mute") return "; the rest was not run: the server has sent nothing";
    if (stop === "no greeting")
      return "; the rest was not run: each begins like this one";
    if (stop === undefined) {
      return `; ${count} not run: ${count === 1 ? "it needs a server of its own" : "they need servers of their own"}`;
    }
    return `; ${count} not run`;
  }

  #gone(): string {
    const run = this.results.filter(({ outcome }) => outcome !== undefined);
    const last = run.at(-1)?.behaviour.title;
    const end = `${paint("red", "✗")} The server ended after this: ${last}`;
    if (this.#step.number > 1) return wrapped(end, "  ");
    const why =
      "That is what step 1 does. Let the checker start a server for each: --cmd";
    return `${wrapped(end, "  ")}\n  ${wrapped(why, "  ")}`;
  }
}

/** A failure in full: what was sent and received, what was expected, what came, what to read. */
export function failure(result: Result): string {
  const { behaviour, outcome } = result;
  const { title, why, id } = behaviour;
  return entry(title, [
    ...(outcome?.transcript.slice(-TAIL).map((line) => paint("dim", line)) ?? []),
    ...whatCame(result),
    `read      ${pageOf(result)}`,
    ...(why ? [`why       ${why}`] : []),
    ...(id ? [`          behaviours.html#${id} on the site`] : []),
  ]);
}

/** The first of those that fail for one reason: what was last sent, what was expected, what came. */
function inBrief(results: readonly Result[]): string {
  const [first] = results;
  if (first === undefined) return "";
  const sent = first.outcome?.transcript.findLast((line) => /^(\w+ →|>) /.test(line));
  return entry(titles(results), [
    ...(sent === undefined ? [] : [paint("dim", sent)]),
    ...whatCame(first),
    `read      ${pageOf(first)}`,
  ]);
}

function entry(title: string, lines: readonly string[]): string {
  const head = wrapped(`${paint("red", "✗")} ${title}`, "  ");
  return [head, ...lines.map((line) => wrapped(`    ${line}`, "      "))].join("\n");
}

/** What was expected, what came, how the server ended, if it did, and what it says itself. */
function whatCame({ outcome, error }: Result): string[] {
  const { expected, got, lines } = outcome?.unmet ?? {};
  const unseen = lines && unseenDifference(lines.expected, lines.got);
  const end = outcome?.ended === undefined ? undefined : endInWords(outcome.ended);
  const said = error.length > 0 ? error : lastWords(outcome?.output ?? "");
  return [
    `expected  ${expected}`,
    `got       ${got}`,
    ...(unseen ? [`          ${unseen}`] : []),
    ...(end === undefined ? [] : [`server    ended with ${end}`]),
    ...reported(said),
  ];
}

/** The lines that a server has reported. */
function reported(lines: readonly string[]): string[] {
  return lines.map((line, at) => `${at === 0 ? "server:   " : "          "}${line}`);
}

/** A shell that ran the server reports its signal as a code: 128 and the signal's number. */
function endInWords(ended: number | NodeJS.Signals): string {
  if (typeof ended !== "number") return ended;
  const [signal] =
    Object.entries(constants.signals).find(([, number]) => number === ended - 128) ?? [];
  return `code ${ended}${signal ? ` (${signal})` : ""}`;
}

function titles(results: readonly Result[]): string {
  const names = results.slice(0, TITLES).map(({ behaviour }) => behaviour.title);
  const more = results.length - names.length;
  return names.join("; ") + (more > 0 ? `; and ${more} more` : "");
}

/** How many of the requests that an HTTP server should refuse it refuses, once all were sent. */
function refusals(results: readonly Result[]): string | undefined {
  if (missedOf(results).length > 0) return undefined;
  const all = results.filter(({ behaviour }) => behaviour.title.startsWith("refuses "));
  const met = all.filter(({ verdict }) => verdict === "holds").length;
  return `${met} of ${all.length} refusals`;
}

/** The steps, from the first on, of which all behaviours hold: `all of 01 to 04`. */
function wholeSteps(results: readonly Result[]): string | undefined {
  const missing = results
    .filter(({ verdict }) => verdict === "fails")
    .concat(missedOf(results))
    .map(({ behaviour }) => behaviour.from);
  const last = Math.min(...missing) - 1;
  const number = (at: number) => STEPS[at - 1]?.slug.slice(0, 2);
  if (last < 1 || last > STEPS.length) return undefined;
  return last === 1 ? "all of 01" : `all of ${number(1)} to ${number(last)}`;
}
