// just check N: checks a server in any language against the behaviours of step N.

import { exitOnSignals } from "../../behaviours/process-group.ts";
import { dialectOf } from "../../behaviours/steps.ts";
import { readAsked } from "../check/asked.ts";
import { checkExercise } from "../check/check-exercise.ts";
import { checkStep } from "../check/check-step.ts";
import { checkHttpStep } from "../check/http.ts";
import { canWrite, writeResults } from "../check/json.ts";
import { runMatrix } from "../check/matrix.ts";
import { asPair } from "../check/pair.ts";
import { findStanding } from "../check/standing.ts";
import { targetOf } from "../check/target.ts";
import { watch } from "../check/watch.ts";
import { watchStanding } from "../check/watch-standing.ts";
import { INTERRUPTED, misuse, readOptions, run, UsageError } from "../cli.ts";
import { programOf, sharesLog } from "../programs.ts";

const USAGE = `
just check [N] [FILE] [options]

Checks a server, in any language, against the behaviours of step N. Without N it says
which two steps the server falls between, and what is missing next. N may also be an exercise. A
FILE is started for each behaviour, as its extension says. A server that the checker starts
gets PORT=0 in its environment: it must listen on any free port, and print
"listening on HOST:PORT". Several of them run at the same time, so compile yours first.

  just check 6                     the server that listens on 127.0.0.1:42069
  just check 6 mine.py             a file of yours
  just check 6 --cmd "go run ./s"  a shell command
  just check mine.py               which two steps it falls between
  just check 12.1 mine.py          against the requirements of an exercise
  just check m2 mine.py            two of them, with a broker for their log
  just check --matrix              our own steps, as a table

  -c, --cmd COMMAND     starts this for each behaviour, several at a time
  -a, --addr HOST:PORT  a running server, at another address
  -f, --first           stops at the first failure
  -o, --only TEXT       only the behaviours with TEXT in their title
  -w, --watch           checks again on each save, and prints what has changed
      --hostile         the slow and heavy behaviours too (of step 18)
      --patience S      how long to wait for each answer, in seconds (2)
      --json FILE       writes the results, which the site's page can show
      --matrix          all of our steps as a table; with --json as JSON
  -h, --help            prints this
`;

await run(async () => {
  const matrix = process.argv.includes("--matrix");
  const { values, positionals } = readOptions(USAGE, {
    options: {
      addr: { type: "string", short: "a" },
      cmd: { type: "string", short: "c" },
      first: { type: "boolean", short: "f", default: false },
      only: { type: "string", short: "o" },
      watch: { type: "boolean", short: "w", default: false },
      hostile: { type: "boolean", default: false },
      patience: { type: "string", default: "2" },
      matrix: { type: "boolean", default: false },
      json: { type: matrix ? "boolean" : "string" },
    },
  });
  const { addr, cmd, first, hostile, only } = values;
  exitOnSignals(INTERRUPTED);
  const patience = Number(values.patience) * 1000;
  if (!(patience > 0 && patience <= 600_000)) {
    throw new UsageError(
      `Cannot wait "${values.patience}" seconds: it must be more than 0, and at most 600`,
    );
  }
  if (matrix) {
    if (positionals.length > 0)
      throw new UsageError(`Cannot use ${positionals[0]}: the matrix has all steps`);
    const options = ["addr", "cmd", "first", "only", "watch", "hostile"] as const;
    const other = options.find((name) => values[name]);
    if (other)
      throw new UsageError(`Cannot use --${other}: the matrix has our own steps`);
    return runMatrix({ json: values.json === true, patience });
  }
  if (positionals.length === 0 && addr === undefined && cmd === undefined) {
    throw misuse("Cannot check: against which step?", USAGE);
  }
  const { step: asked, exercise, file } = readAsked(positionals);
  // The chats of the other parts do what the last of the eighteen does.
  const step = asked && { ...asked, number: dialectOf(asked) };
  if (only !== undefined && step === undefined) {
    const reason = exercise ? "an exercise is checked as a whole" : "of which step?";
    throw new UsageError(`Cannot check only "${only}": ${reason}`);
  }
  const word = positionals.find((one) => one !== file);
  const named = targetOf({ addr, cmd, file, asked: word });
  const target = asked && sharesLog(programOf(asked)) ? asPair(named) : named;
  const isHttp = step?.speaks === "http";
  if (isHttp && typeof values.json === "string")
    throw new UsageError(`Cannot write the results of ${step.slug}: no page shows them`);
  if (typeof values.json === "string") canWrite(values.json);
  if (values.watch) {
    if (isHttp) throw new UsageError(`Cannot watch against ${step.slug}: name a chat`);
    if (exercise) throw new UsageError("Cannot watch against an exercise: name a step");
    if (step === undefined) return watchStanding({ target, patience });
    return watch({ target, step, patience, first, hostile, only });
  }
  const results = exercise
    ? await checkExercise(exercise, { target, patience })
    : step
      ? isHttp
        ? await checkHttpStep({ target, step, patience, first, only })
        : await checkStep({ target, step, patience, first, hostile, only })
      : await findStanding({ target, patience });
  if (typeof values.json === "string") writeResults(values.json, target, step, results);
  // A server between two steps is not a failure.
  const wanted = step !== undefined || exercise !== undefined;
  return wanted && results.some(({ verdict }) => verdict === "fails") ? 1 : 0;
});
