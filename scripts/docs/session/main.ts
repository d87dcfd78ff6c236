// Replays the sessions of pages, and rewrites them with --update:
//
//   npx tsx scripts/docs/session/main.ts docs/08-chat.md            as written, or what differs
//   npx tsx scripts/docs/session/main.ts docs/08-chat.md --update   writes what really comes
import { readFileSync } from "node:fs";
import { Failure, Misuse, readOptions, run } from "../../cli.ts";
import { fencesIn } from "./fences.ts";
import { parseSession } from "./parse.ts";
import { replay } from "./replay.ts";

const USAGE = `
npx tsx scripts/docs/session/main.ts PAGE...

Replays each session of the pages against its server.
`;

await run(async () => {
  const { positionals } = readOptions(USAGE, { options: {} });
  if (positionals.length === 0) throw new Misuse(`Cannot replay: which page?\n${USAGE}`);
  let failed = 0;
  for (const page of positionals) {
    for (const fence of fencesIn(page, readFileSync(page, "utf8"), ["session"])) {
      try {
        await replay(parseSession(fence), { patience: 3_000 });
        console.log(`${page}:${fence.line}: as written`);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        console.log(error.message);
        failed += 1;
      }
    }
  }
  return failed === 0 ? 0 : 1;
});
