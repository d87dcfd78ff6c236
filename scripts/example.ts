// just example N: runs a step.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Misuse, parsePort, readOptions, run } from "./cli.ts";
import { checkPort } from "./ports.ts";
import { findStep, ROOT, type Step } from "./steps.ts";

const USAGE = `
just example N [--port P] [--watch] [-- options of the step]

Runs step N on 127.0.0.1 port 42069, until Ctrl-C. N is a number, a name, or a part of one.

  -p, --port P   another port; 0 for any that is free
  -w, --watch    starts it again whenever one of its files is saved
`;

await run(async () => {
  const { values, positionals } = readOptions(USAGE, {
    options: {
      port: { type: "string", short: "p", default: process.env.PORT ?? "42069" },
      watch: { type: "boolean", short: "w", default: false },
    },
  });
  const [name, ...more] = positionals;
  if (name === undefined) throw new Misuse(`Cannot run a step: which?\n${USAGE}`);
  const port = parsePort(values.port);
  const step = findStep(name);
  if (more.length > 0 && step.number < 18) {
    throw new Misuse(
      `Cannot run ${step.slug} with "${more.join(" ")}": it has no options`,
    );
  }
  await checkPort(port, `Cannot start ${step.slug}`);
  return start(step, { port, watch: values.watch, more });
});

/** Runs the step until it ends or is ended. @returns its exit code; 0 for Ctrl-C. */
function start(
  step: Step,
  { port, watch, more }: { port: number; watch: boolean; more: string[] },
): Promise<number> {
  const file = join(step.folder, "server.ts");
  // tsx resolves from here: the command may be called in any folder.
  const { resolve } = createRequire(import.meta.url);
  const how = watch
    ? [resolve("tsx/cli"), "watch", "--clear-screen=false", `--include=${step.folder}/*`]
    : ["--import", import.meta.resolve("tsx")];
  const child = spawn(process.execPath, [...how, file, ...more], {
    cwd: ROOT,
    env: { ...process.env, PORT: `${port}` },
    stdio: ["inherit", "pipe", "inherit"],
  });
  child.stdout.on("data", (text: Buffer) => {
    process.stdout.write(text);
    const address = /^listening on (?:127\.0\.0\.1:)?(\S+)$/m.exec(`${text}`)?.[1];
    if (address === undefined) return;
    const target = address === "42069" ? "" : ` ${address}`;
    console.log(`connect from another terminal: just telnet${target}; Ctrl-C ends this`);
  });
  // A terminal sends Ctrl-C to the step as well, and npx sends SIGTERM after it: one is
  // enough, for a second would cut short a step that says goodbye.
  let interrupted = false;
  const onSignal = (signal: NodeJS.Signals) => {
    const fromTerminal = signal === "SIGINT" && process.stdin.isTTY;
    if (!interrupted && !fromTerminal) child.kill(signal);
    interrupted = true;
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, onSignal);
  }
  return new Promise((done) => {
    child.on("close", (code) => done(interrupted ? 0 : (code ?? 1)));
  });
}
