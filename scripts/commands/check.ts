// just check N: holds the behaviours of step N against any server, in any language.
import { availableParallelism } from "node:os";
import { hold, holdAlone } from "../../behaviours/hold.ts";
import type { Server } from "../../behaviours/server.ts";
import { ideaOf } from "../../behaviours/steps.ts";
import { behavioursOf } from "../../behaviours/table.ts";
import { runMatrix } from "../check/matrix.ts";
import { Report } from "../check/report.ts";
import { Failure, Misuse, parseAddress, readOptions, run } from "../cli.ts";
import { findStep } from "../find-step.ts";
import { inOrder } from "../in-order.ts";

const USAGE = `
just check N [--addr HOST:PORT | --cmd COMMAND] [--patience SECONDS]
just check --matrix [--json]

Holds the behaviours of step N against a server, in whatever language it is written.

  -a, --addr HOST:PORT  a server that runs (127.0.0.1:42069)
  -c, --cmd COMMAND     starts one for each behaviour, with PORT=0 in its environment: it
                        must take any free port, and print "listening on HOST:PORT"
      --patience S      how long to wait for what must come, in seconds (2)
      --matrix          every behaviour against each of our steps, as a table
      --json            the matrix as JSON
`;

await run(async () => {
  const { values, positionals } = readOptions(USAGE, {
    options: {
      addr: { type: "string", short: "a" },
      cmd: { type: "string", short: "c" },
      patience: { type: "string", default: "2" },
      matrix: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const patience = Number(values.patience) * 1000;
  if (!(patience > 0)) {
    throw new Misuse(`Cannot wait "${values.patience}" seconds: it must be more than 0`);
  }
  const [name, ...more] = positionals;
  if (values.matrix) {
    if (name !== undefined)
      throw new Misuse(`Cannot use ${name}: the matrix has all steps`);
    return runMatrix({ json: values.json, patience });
  }
  if (name === undefined) throw new Misuse(`Cannot check: against which step?\n${USAGE}`);
  if (more.length > 0) throw new Misuse(`Cannot check two steps at once\n${USAGE}`);
  if (values.addr !== undefined && values.cmd !== undefined) {
    throw new Misuse("Cannot use --addr and --cmd together: is it running, or not?");
  }
  const { number: step, slug } = findStep(name);
  const address = values.addr ?? "127.0.0.1:42069";
  const server = parseAddress(address);
  const target = values.cmd ?? address;
  console.log(`${target} as ${slug}: ${ideaOf(findStep(name))}\n`);

  const report = new Report();
  if (values.cmd === undefined) await checkRunning(server, { step, patience, report });
  else await checkCommand(values.cmd, { step, patience, report });
  console.log(`\n${report.summary()}`);
  return report.unmet === 0 ? 0 : 1;
});

interface Options {
  step: number;
  patience: number;
  report: Report;
}

/** One behaviour after the other, all on the one server that runs. */
async function checkRunning(server: Server, { step, patience, report }: Options) {
  for (const behaviour of behavioursOf(step)) {
    if (behaviour.own) report.skipped(behaviour);
    else report.outcome(await hold(behaviour, { server, step, patience }));
  }
}

/** Several at a time, each on a server that was started for it. */
async function checkCommand(cmd: string, { step, patience, report }: Options) {
  const start = { command: [cmd], shell: true };
  await inOrder(
    behavioursOf(step),
    2 * availableParallelism(),
    (behaviour) => holdAlone(behaviour, { step, patience, start }),
    (outcome) => report.outcome(outcome),
  ).catch((error: Error) => {
    if (/^Cannot start /.test(error.message)) throw new Failure(error.message);
    throw error;
  });
}
