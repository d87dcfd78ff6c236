// r6-reactor: the flags and their defaults.
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const PUBLIC = fileURLToPath(new URL("../shared/public/", import.meta.url));
const NUMBERS = {
  "head-limit": 16384,
  "target-limit": 8000,
  "body-limit": 1048576,
  "head-timeout": 10000,
  "idle-timeout": 5000,
  "body-timeout": 30000,
  "send-timeout": 30000,
  workers: 2,
  threads: 1,
  /** Steps that a client may take per turn, three for a short request; "none" for no limit. */
  budget: 64,
};

export interface Options extends Readonly<typeof NUMBERS> {
  readonly poller: string | undefined;
  /** The folder with the files to serve. */
  readonly root: string;
}

/**
 * Reads the command-line flags, and the environment variable ROOT.
 *
 * @throws {Error} If a value is invalid; the message says which.
 */
export function readOptions(): Options {
  const names = Object.keys(NUMBERS) as (keyof typeof NUMBERS)[];
  const flags = names.map((name) => [name, { type: "string" }] as const);
  const { values } = parseArgs({
    options: { poller: { type: "string" }, ...Object.fromEntries(flags) },
  });
  const { poller, ...given }: Record<string, string | boolean | undefined> = values;
  const numbers = { ...NUMBERS };
  for (const name of names) {
    numbers[name] = numberOf(name, `${given[name] ?? NUMBERS[name]}`);
  }
  if (numbers.threads > 1 && process.platform !== "linux") {
    throw new Error(
      `Cannot use --threads ${numbers.threads}: only Linux spreads clients over listeners`,
    );
  }
  const root = process.env.ROOT ?? PUBLIC;
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`Cannot serve ${root}: it is not a folder`);
  }
  return { ...numbers, poller: poller?.toString(), root };
}

function numberOf(name: string, text: string): number {
  if (name === "budget" && text === "none") return Infinity;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Error(`Cannot use --${name} ${text}: it must be a positive integer`);
}
