// The beginning and the end of the checker's report: what holds, and what to do next.
import { ideaOf, REACTOR_STEPS, STEPS, type Step } from "../../behaviours/steps.ts";
import { asCalled } from "../caller.ts";
import { shortNameOf } from "../find-step.ts";
import type { Stop } from "./hold-all.ts";
import { columns, paint } from "./print.ts";
import { missedOf, type Result } from "./result.ts";
import type { Target } from "./target.ts";

/** The first line of a report. */
export function headerOf(target: Target, step: Step): string {
  return `${target.name} as ${step.slug}: ${ideaOf(step).replace(/\.$/, "")}`;
}

/** What holds, and what was not run. */
export function tableOf(results: readonly Result[], step: Step): string {
  return step.speaks === "http" ? tableOfSubjects(results) : tableOfSteps(results, step);
}

/** Each subject with its behaviours. */
function tableOfSubjects(results: readonly Result[]): string {
  const subjects = new Set(results.map(({ behaviour }) => behaviour.subject));
  const lines = [...subjects].flatMap((subject = "") => {
    const its = results.filter(({ behaviour }) => behaviour.subject === subject);
    return [`  ${paint("bold", subject)}`, ...its.map((one) => `    ${lineOf(one)}`)];
  });
  return lines.join("\n");
}

/** A line for each earlier step, and for the step itself a line for each behaviour. */
function tableOfSteps(results: readonly Result[], step: Step): string {
  const lines = STEPS.slice(0, step.number).flatMap(({ number, slug }) => {
    const mine = results.filter(({ behaviour }) => behaviour.from === number);
    if (number === step.number) {
      return [`  ${paint("bold", slug)}`, ...mine.map((one) => `    ${lineOf(one)}`)];
    }
    const held = mine.filter(({ verdict }) => verdict === "holds").length;
    const others = mine.filter(({ verdict }) => verdict !== "holds");
    const line = `  ${paint("green", "✓")} ${slug.padEnd(16)} ${held} ${held === 1 ? "holds" : "hold"}`;
    return [...(held > 0 ? [line] : []), ...others.map((one) => `  ${lineOf(one)}`)];
  });
  return lines.join("\n");
}

function lineOf({ behaviour, verdict }: Result): string {
  const { title, to } = behaviour;
  switch (verdict) {
    case "holds":
      return `${paint("green", "✓")} ${title}`;
    case "fails":
      return `${paint("red", "✗")} ${title}`;
    case "defect":
      return `${paint("yellow", "!")} still has this defect: ${title}; step ${to + 1} fixes it`;
    case "cured":
      return `+ does not have this defect: ${title}`;
    case "unclear":
      return `${paint("yellow", "?")} cannot tell whether it has this defect: ${title}`;
    case "not run":
      return `${paint("yellow", "?")} not run, it needs a server of its own: ${title}`;
    default:
      return verdict satisfies never;
  }
}

/** What was checked, and by which words in their titles the behaviours were chosen. */
interface Asked {
  readonly target: Target;
  readonly only: string | undefined;
}

/** What to do next when everything holds. */
export function nextAfter(
  results: readonly Result[],
  step: Step,
  { target, only }: Asked,
): string {
  const held = results.filter(({ verdict }) => verdict === "holds").length;
  const skipped = missedOf(results).length;
  const count = paint("green", `All ${held} hold`);
  const but =
    skipped === 0 ? "" : `, ${skipped} not run (--cmd starts a server for each)`;
  if (only !== undefined)
    return `${count}${but}; all of them: ${commandFor(step, target)}`;
  const next = (step.part === "reactor" ? REACTOR_STEPS : STEPS)[step.number];
  if (next && step.part === "reactor") {
    const name = shortNameOf(next);
    return `${count}${but}: on to ${name}, ${ideaOf(next).replace(/\.$/, "")}: docs/${next.slug}.md`;
  }
  if (next === undefined) {
    const address =
      target.kind === "running" ? ` ${target.host}:${target.port}` : " --help";
    return `${count}${but}: this is the finished chat. Fill it: just bots${address}`;
  }
  const how = `just diff ${step.number} ${next.number}, docs/${next.slug}.md`;
  return `${count}${but}: on to step ${next.number}, ${ideaOf(next).replace(/\.$/, "")}: ${how}`;
}

/**
 * Commands, in the form that the user types, and what each does: beside it where the terminal is
 * wide enough, otherwise below.
 */
export function inColumns(
  commands: readonly (readonly [command: string, what: string])[],
): string {
  const lines = commands.map(([command, what]) => [asCalled(command), what] as const);
  const left = Math.max(...lines.map(([text]) => text.length));
  const right = Math.max(...lines.map(([, text]) => text.length));
  const isNarrow = 2 + left + 2 + right > columns();
  return lines
    .map(([one, other]) =>
      isNarrow ? `  ${one}\n      ${other}` : `  ${one.padEnd(left)}  ${other}`,
    )
    .join("\n");
}

function commandFor(step: Step, { words }: Target): string {
  return `just check ${shortNameOf(step)}${words && ` ${words}`}`;
}

/** The command for a solution: what an exercise requires often contradicts its step. */
export function solutionOf(step: string, { words }: Target): [string, string] {
  return [`just check ${step}.1 ${words}`, "if it is your solution of exercise 1"];
}

/** What to do next when something fails: how to check again, as the reader calls us. */
export function nextForFailure(
  step: Step,
  { target, only }: Asked,
  stop: Stop | undefined,
): string {
  const name = shortNameOf(step);
  const all = commandFor(step, target);
  const again = only === undefined ? all : `${all} --only ${JSON.stringify(only)}`;
  const lines: [command: string, what: string][] = [];
  if (stop === undefined && only === undefined) {
    lines.push([`${again} --first`, "stops at the first failure"]);
    lines.push([`${again} --only TEXT`, "checks those with TEXT in their title"]);
  }
  if (target.kind === "started") {
    if (step.speaks !== "http")
      lines.push([`${again} --watch`, "checks again whenever you save"]);
    lines.push(solutionOf(name, target));
  } else {
    lines.push([again, "after you have changed and restarted it"]);
  }
  const other = step.number === 1 ? undefined : `just example ${name}`;
  if (other) lines.push([other, "runs ours, to compare with"]);
  return inColumns(lines);
}
