// just why: in which step a line first appears, and the paragraph that explains it.
import { asCalled } from "../caller.ts";
import { misuse, readOptions, run } from "../cli.ts";
import { explain } from "../why/explain.ts";
import { findTarget } from "../why/target.ts";

const USAGE = `
just why N:LINE | N:NAME

Shows in which step a line of a server first appears, and the paragraph of that step's page
that explains it. N is a step; a NAME is a class, a function, a method, or any word.

  just why 18:212                       line 212 of step 18
  just why 13:join                      the method of step 13
  just why 18:Room.leave                one of two methods named leave
  just why examples/08-chat/server.ts:30  a line from a stack trace

  -h, --help  prints this
`;

await run(() => {
  const [text, ...more] = readOptions(USAGE, {}).positionals;
  if (text === undefined || more.length > 0) {
    throw misuse("Cannot explain: name one line", USAGE);
  }
  console.log(asCalled(explain(findTarget(text))));
  return undefined;
});
