// just check N: holds the behaviours of step N against any server, in any language.
import { exitOnSignals } from "../../behaviours/process-group.ts";
import type { Step } from "../../behaviours/steps.ts";
import { readAsked } from "../check/asked.ts";
import { checkExercise } from "../check/check-exercise.ts";
import { checkStep } from "../check/check-step.ts";
import { writeResults } from "../check/json.ts";
import { runMatrix } from "../check/matrix.ts";
import { findStanding } from "../check/standing.ts";
import { type Target, targetOf } from "../check/target.ts";
import { watch } from "../check/watch.ts";
import { Misuse, readOptions, run } from "../cli.ts";

const USAGE = `
just check N [FILE | --cmd COMMAND | --addr HOST:PORT] [--first | --watch]
just check [FILE | --cmd COMMAND | --addr HOST:PORT] [--json FILE]
just check --matrix [--json]

Holds the behaviours of step N against a server, in whatever language it is written. Without
N: between which steps it stands, and what is missing next. N may be an exercise too: 12.1

  FILE                  starts it for each behaviour, by the end of its name: mine.py, mine.ts
  -c, --cmd COMMAND     starts what a shell makes of this. A server that is started gets PORT=0
                        in its environment: it must take any free port, and print
                        "listening on HOST:PORT"
  -a, --addr HOST:PORT  a server that runs (127.0.0.1:42069)
  -f, --first           stops at the first that fails
  -w, --watch           checks again whenever the file is saved, and prints what has changed
      --patience S      how long to wait for what must come, in seconds (2)
      --json FILE       writes the result, which the site's page of behaviours can draw
      --matrix          every behaviour against each of our steps, as a table, or as JSON
`;

await run(async () => {
  const matrix = process.argv.includes("--matrix");
  const { values, positionals } = readOptions(USAGE, {
    options: {
      addr: { type: "string", short: "a" },
      cmd: { type: "string", short: "c" },
      first: { type: "boolean", short: "f", default: false },
      watch: { type: "boolean", short: "w", default: false },
      patience: { type: "string", default: "2" },
      matrix: { type: "boolean", default: false },
      json: { type: matrix ? "boolean" : "string" },
    },
  });
  const { addr, cmd, first } = values;
  // Ctrl-C is how one stops watching.
  exitOnSignals(values.watch ? 0 : 130);
  const patience = Number(values.patience) * 1000;
  if (!(patience > 0)) {
    throw new Misuse(`Cannot wait "${values.patience}" seconds: it must be more than 0`);
  }
  if (matrix) {
    if (positionals.length > 0)
      throw new Misuse(`Cannot use ${positionals[0]}: the matrix has all steps`);
    return runMatrix({ json: values.json === true, patience });
  }
  if (positionals.length === 0 && addr === undefined && cmd === undefined) {
    throw new Misuse(`Cannot check: against which step?\n${USAGE}`);
  }
  const { step, exercise, file } = readAsked(positionals);
  const target = targetOf({ addr, cmd, file });
  if (step && step.part !== "chat") return checkReactor(step, target);
  if (values.watch) {
    if (step === undefined) throw new Misuse("Cannot watch: against which step?");
    return watch({ target, step, patience, first });
  }
  const results = exercise
    ? await checkExercise(exercise, { target, patience })
    : step
      ? await checkStep({ target, step, patience, first })
      : await findStanding({ target, patience });
  if (typeof values.json === "string") writeResults(values.json, target, step, results);
  // A server that stands between two steps is no failure.
  const wanted = step !== undefined || exercise !== undefined;
  return wanted && results.some(({ verdict }) => verdict === "fails") ? 1 : 0;
});

/** @throws {Misuse} For a step that has no behaviours. */
function checkReactor({ slug }: Step, _target: Target): never {
  const [name] = slug.split("-");
  throw new Misuse(
    `Cannot check ${slug}: it has no behaviours to check. Run yours and ask it by hand, ` +
      `beside ours: just example ${name}, then curl -i http://127.0.0.1:42069/`,
  );
}
