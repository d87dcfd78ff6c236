// The beginning and the end of the checker's report: what holds, and what to do next.
import { ideaOf, REACTOR_STEPS, STEPS, type Step } from "../../behaviours/steps.ts";
import { shortNameOf } from "../find-step.ts";
import type { Stop } from "./hold-all.ts";
import { paint, wrapped } from "./print.ts";
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

/** What to do next when everything holds. */
export function nextAfter(
  results: readonly Result[],
  step: Step,
  target: Target,
): string {
  const held = results.filter(({ verdict }) => verdict === "holds").length;
  const skipped = missedOf(results).length;
  const count = paint("green", `All ${held} hold`);
  const but =
    skipped === 0 ? "" : `, ${skipped} not run (--cmd starts a server for each)`;
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

/** What to do next when something fails: how to check again. */
export function nextForFailure(
  step: Step,
  target: Target,
  stop: Stop | undefined,
): string {
  const name = shortNameOf(step);
  const again = `just check ${name}${target.words && ` ${target.words}`}`;
  const lines = [];
  if (stop === undefined) lines.push([`${again} --first`, "stops at the first failure"]);
  if (target.kind === "started") {
    if (step.speaks !== "http")
      lines.push([`${again} --watch`, "checks again whenever you save"]);
    // What an exercise requires often contradicts its step.
    const solution = `just check ${name}.1 ${target.words}`;
    lines.push([solution, "if it is your solution of exercise 1"]);
  } else {
    lines.push([again, "after you have changed and restarted it"]);
  }
  const other = step.number === 1 ? undefined : `just example ${name}`;
  if (other) lines.push([other, "runs ours, to compare with"]);
  const width = Math.max(...lines.map(([command = ""]) => command.length));
  return lines
    .map(([command = "", what]) =>
      wrapped(`  ${command.padEnd(width)}  ${what}`, "      "),
    )
    .join("\n");
}
