// A rule that a seed broke, with the shortest session that breaks it.
import { shorten } from "../../../behaviours/quoting.ts";
import { explore, type Question, type Verdict } from "./explore.ts";
import type { Broken } from "./rules.ts";
import { describeSession, LAST } from "./session.ts";
import { shrink } from "./shrink.ts";
import type { Finding } from "./task.ts";

/** The most lines of an account that are shown. */
const SHOWN = 30;
/** What every server of these steps sends to every client, so it is not worth showing. */
const HELP = /^(?:Server commands$| {2}\/)/;

/** Replays the session of a seed, and shrinks it. */
export async function findingOf(question: Question, rule: string): Promise<Finding> {
  const found = await explore(question);
  const shortest = await shrink(question, found, rule);
  const broken = shortest.broken.find((one) => one.rule === rule) as Broken;
  return {
    ...broken,
    seed: found.seed,
    weather: shortest.weather.name,
    session: [...describeSession(shortest.session), LAST],
    accounts: accountsOf(shortest),
  };
}

/** What each actor saw, and what the server wrote. */
function accountsOf({ accounts, output }: Verdict): string[] {
  const seen = accounts.flatMap(({ label, seen: all, end }) => {
    const lines = withoutRepeats(all.filter((line) => !HELP.test(line)));
    const more = lines.length - SHOWN;
    return [
      ...(more > 0 ? [`${label} … (${more} lines)`] : []),
      ...lines.slice(-SHOWN).map((line) => `${label} ← ${line}`),
      ...(end ? [`${label} · ${end}`] : []),
    ];
  });
  // The first line only says where the server listens.
  const written = output.trimEnd().split("\n").slice(1, SHOWN);
  return [...seen, ...written.map((line) => `server: ${line}`)];
}

/** Collapses repeated lines, with their counts, and shortens long ones. */
function withoutRepeats(lines: readonly string[]): string[] {
  const counted: { line: string; count: number }[] = [];
  for (const line of lines) {
    const last = counted.at(-1);
    if (last?.line === line) last.count += 1;
    else counted.push({ line, count: 1 });
  }
  return counted.map(({ line, count }) =>
    count > 1 ? `${shorten(line)} (${count} times)` : shorten(line),
  );
}
