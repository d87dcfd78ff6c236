// What all commands have in common: reading options, and ending with one clear line.
import { type ParseArgsConfig, parseArgs } from "node:util";
import { asCalled } from "./caller.ts";

/** A mistake of the person at the keyboard: one line, what to do next, exit code 2. */
export class Misuse extends Error {}
/** The command could not do what it was asked: one line, exit code 1. */
export class Failure extends Error {}

/**
 * Runs a command. A `Misuse` ends it with code 2 and a `Failure` with 1, both without a
 * stack trace, and with each `just …` in it as the caller has to type it; anything else that is thrown is a bug, and shows where it is.
 *
 * @param main Returns the exit code, or nothing for 0.
 */
export async function run(main: () => Promise<number | undefined> | undefined) {
  // Whoever reads our output may close it early (`just diff 1 2 | head`).
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (!(error instanceof Misuse || error instanceof Failure)) throw error;
    console.error(asCalled(error.message));
    process.exitCode = error instanceof Misuse ? 2 : 1;
  }
}

/**
 * `parseArgs` of `node:util`, with `--help` for all.
 *
 * @param usage With each command as `just` has it. Printed for `--help`, and named when an option is not understood.
 * @throws {Misuse} For an option that there is not.
 */
export function readOptions<Config extends ParseArgsConfig>(
  usage: string,
  config: Config,
): ReturnType<typeof parseArgs<Config & { allowPositionals: true }>> {
  // What follows -- is for others.
  const words = process.argv.slice(2);
  const ours = words.includes("--") ? words.slice(0, words.indexOf("--")) : words;
  if (ours.includes("--help") || ours.includes("-h")) {
    console.log(asCalled(usage.trim()));
    process.exit(0);
  }
  try {
    return parseArgs({ ...config, allowPositionals: true as const });
  } catch (error) {
    const [message] = (error as Error).message.split(". ");
    throw new Misuse(`${message}\n\n${usage.trim()}`);
  }
}

/**
 * A port number.
 *
 * @throws {Misuse} When it is not a whole number from 0 to 65535.
 */
export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65535) return port;
  throw new Misuse(`Cannot use port "${text}": it must be a number from 0 to 65535`);
}

/**
 * `host:port`, `[::1]:port`, or a port on this machine.
 *
 * @throws {Misuse} When it is neither.
 */
export function parseAddress(text: string): { host: string; port: number } {
  const match = /^(?:(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+)):)?(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (!match || port < 1 || port > 65535) {
    throw new Misuse(
      `Cannot use address "${text}": it must be host:port, such as 127.0.0.1:42069`,
    );
  }
  return { host: match[1] ?? match[2] ?? "127.0.0.1", port };
}
