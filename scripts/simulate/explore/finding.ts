// A rule that a seed broke, with the shortest session that shows it.
import { explore, type Question, type Verdict } from "./explore.ts";
import type { Broken } from "./rules.ts";
import { describeSession } from "./session.ts";
import { shrink } from "./shrink.ts";
import type { Finding } from "./task.ts";

/** The most lines of an account that are shown. */
const SHOWN = 30;
/** What any server of these steps sends to all: it shows nothing. */
const HELP = /^(?:Server commands$| {2}\/)/;

/** Every session ends so: see play.ts. */
const LAST = "zoe: comes when all have gone, takes their names, asks for rooms and users";

/** Plays the session of a seed again, and makes it short. */
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
  // Its first line says where it listens.
  const written = output.trimEnd().split("\n").slice(1, SHOWN);
  return [...seen, ...written.map((line) => `server: ${line}`)];
}

/** Lines that are the same as the one before, counted. */
function withoutRepeats(lines: readonly string[]): string[] {
  const counted: { line: string; count: number }[] = [];
  for (const line of lines) {
    const last = counted.at(-1);
    if (last?.line === line) last.count += 1;
    else counted.push({ line, count: 1 });
  }
  return counted.map(({ line, count }) =>
    count > 1 ? `${line} (${count} times)` : line,
  );
}
