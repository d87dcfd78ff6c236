// Two servers on one log, with a broker of their own, until interrupted: `just example m2`.
import { type ChildProcess, spawn } from "node:child_process";
import { ROOT } from "../../behaviours/steps.ts";
import { endWithUs } from "../../behaviours/watchdog.ts";
import { Broker } from "./broker.ts";

interface PairOptions {
  /** The command that runs each server: Node, its flags, the file, options. */
  readonly command: readonly string[];
  /** The port of the first; the second takes the next one. 0: both take any free port. */
  readonly port: number;
  readonly nats: string;
  /** Called with the address at which a server listens, once it does. */
  readonly onListening: (address: string) => void;
}

/** Runs the pair until both have ended. @returns the higher of their exit codes. */
export async function runPair(options: PairOptions): Promise<number> {
  const { command, port, nats, onListening } = options;
  const children: ChildProcess[] = [];
  let interrupted = false;
  const onSignal = (signal: NodeJS.Signals) => {
    const fromTerminal = signal === "SIGINT" && process.stdin.isTTY;
    if (!interrupted && !fromTerminal) for (const child of children) child.kill(signal);
    if (!interrupted && fromTerminal) process.stderr.write("\n");
    interrupted = true;
  };
  // Before the broker starts, because a signal that ended only us would leave it behind.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, onSignal);
  }
  // Ctrl-C goes to the whole foreground group, but the servers need the broker to say
  // goodbye.
  const broker = await new Broker(nats, { apart: true }).start();
  console.log(`broker on ${broker.address}`);
  if (!interrupted) {
    console.log("two servers start, which takes a few seconds");
    for (const one of [port, port === 0 ? 0 : port + 1]) {
      const env = { ...process.env, PORT: `${one}`, BROKER: broker.address };
      children.push(startServer(command, env, onListening));
    }
  }
  const codes = await Promise.all(
    children.map(
      (child) =>
        new Promise<number>((end) => child.on("close", (code) => end(code ?? 1))),
    ),
  );
  await broker.remove();
  return interrupted ? 0 : Math.max(...codes);
}

function startServer(
  [file = "", ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  onListening: PairOptions["onListening"],
): ChildProcess {
  const child = spawn(file, args, {
    cwd: ROOT,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  child.once("exit", endWithUs(child.pid ?? 0));
  child.stdout.on("data", (text: Buffer) => {
    process.stdout.write(text);
    const address = /^listening on (?:127\.0\.0\.1:)?(\S+)$/m.exec(`${text}`)?.[1];
    if (address !== undefined) onListening(address);
  });
  return child;
}
