// just faults m2: two servers and a broker to break with keys, and what their users see.
import { Failure, misuse, readOptions, run, UsageError } from "../cli.ts";
import { install, packagesOf } from "../install.mjs";
import { findNats, NO_NATS } from "../machines/broker.ts";
import { Lab } from "../machines/lab.ts";
import { printable } from "../printable.ts";
import { commandOf, findProgram, sharesLog } from "../programs.ts";

const USAGE = `
just faults m2 [options]

Starts a broker and two servers on this machine, with users on both, and shows in two columns
what Ann reads on server A, and Bob on server B. Keys break and repair things. Everything
listens on loopback only, and ends on q, Ctrl-C, or a timeout.

  just faults m2           until q
  just faults m2 --for 60  for a minute

  -f, --for S  ends after S seconds (600)
  -h, --help   prints this
`;
/** The width of the left column. */
const COLUMN = 38;

await run(async () => {
  const { values, positionals } = readOptions(USAGE, {
    options: { for: { type: "string", short: "f", default: "600" } },
  });
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) throw misuse("Cannot break: what?", USAGE);
  const seconds = Number(values.for);
  if (!(seconds > 0 && seconds <= 86_400)) {
    throw new UsageError(`Cannot run for "${values.for}" seconds: a number up to 86400`);
  }
  const program = findProgram(name);
  if (!sharesLog(program)) {
    throw new UsageError(`Cannot break ${program.slug}: it has no broker, try m2`);
  }
  const nats = findNats();
  if (nats === undefined) throw new Failure(NO_NATS);
  await install(packagesOf(program.file)).catch((error: Error) => {
    throw new Failure(error.message);
  });
  const lab = new Lab({
    command: commandOf(program),
    nats,
    onLine: (server, line) => console.log(" ".repeat(server * COLUMN) + printable(line)),
    onEvent: (what) => console.log(`*** ${what} ***`),
  });
  console.log(
    "A broker and two servers start, which takes a few seconds. Then keys do this:\n",
  );
  showKeys(lab);
  console.log(`${"Ann, on server A".padEnd(COLUMN)}Bob, on server B`);
  const started = lab.start();
  const end = new Promise<void>((resolve) => {
    setTimeout(resolve, seconds * 1000).unref();
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      // Not once: another signal would end us before the lab has closed.
      process.on(signal, () => resolve());
    }
    listen(lab, started, resolve);
  });
  try {
    await Promise.race([started, end]);
    void lab.talk();
    await end;
  } finally {
    await lab.close();
  }
  process.exit(0);
});

function showKeys(lab: Lab): void {
  for (const [key, [what]] of Object.entries(lab.keys)) console.log(`  ${key}  ${what}`);
  console.log("  ?  show these keys again\n  q  end\n");
}

/** Runs the action of each key, one after the other, once everything has started. */
function listen(lab: Lab, started: Promise<void>, end: () => void): void {
  const { stdin } = process;
  if (stdin.isTTY) stdin.setRawMode(true);
  // When the start fails, the command itself ends and prints the reason.
  let before: Promise<unknown> = started.catch(() => {});
  stdin.on("data", (text: Buffer) => {
    for (const key of String(text)) {
      if (key === "q" || key === "\x03" || key === "\x04") end();
      if (key === "?") showKeys(lab);
      const act = lab.keys[key]?.[1];
      if (act) {
        before = before.then(act).catch((error: Error) => {
          console.log(`*** ${error.message.split("\n")[0]} ***`);
        });
      }
    }
  });
}
