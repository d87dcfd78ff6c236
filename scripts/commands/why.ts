// just why: in which step a line came, and the paragraph that argues for it.
import { asCalled } from "../caller.ts";
import { misuse, readOptions, run } from "../cli.ts";
import { explain } from "../why/explain.ts";
import { findTarget } from "../why/target.ts";

const USAGE = `
just why N:LINE | N:NAME

Says in which step a line of a server came, what that step is about, and which paragraph of
its page argues for the line. N is a step; a NAME is a class, a function, a method, or a word.

  just why 18:212                       line 212 of step 18
  just why 13:join                      the method of step 13
  just why 18:Room.leave                of two that are called leave, this one
  just why examples/08-chat/server.ts:30  a line as a stack trace names it

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
