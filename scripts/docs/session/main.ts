// Replays the sessions of pages and runs their outputs; rewrites them with --update:
//
//   npx tsx scripts/docs/session/main.ts docs/08-chat.md            as written, or what differs
//   npx tsx scripts/docs/session/main.ts docs/08-chat.md --update   writes what really comes
import { readFileSync } from "node:fs";
import { Failure, Misuse, readOptions, run } from "../../cli.ts";
import { parseOutput } from "../output/parse.ts";
import { checkOutput } from "../output/run.ts";
import { fencesIn } from "./fences.ts";
import { parseSession } from "./parse.ts";
import { replay } from "./replay.ts";
import { updateSessions } from "./update.ts";

const USAGE = `
npx tsx scripts/docs/session/main.ts PAGE... [--update]

Replays each session of the pages against its server, runs the command of each output, and
tells what differs.

  --update   writes into the page what really comes
`;

await run(async () => {
  const { values, positionals } = readOptions(USAGE, {
    options: { update: { type: "boolean", default: false } },
  });
  if (positionals.length === 0) throw new Misuse(`Cannot replay: which page?\n${USAGE}`);
  if (values.update) {
    await updateSessions(positionals);
    return 0;
  }
  let failed = 0;
  for (const page of positionals) {
    for (const fence of fencesIn(page, readFileSync(page, "utf8"))) {
      try {
        if (fence.kind === "output") await checkOutput(parseOutput(fence));
        else await replay(parseSession(fence), { patience: 3_000 });
        console.log(`${page}:${fence.line}: as written`);
      } catch (error) {
        if (!(error instanceof Failure || error instanceof Misuse)) throw error;
        console.log(error.message);
        failed += 1;
      }
    }
  }
  return failed === 0 ? 0 : 1;
});
