// r7-ioserver: the flags and their defaults.
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { MAX_THREADS } from "../shared/threads/parker.ts";

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
  /** Program threads, in addition to the I/O thread. */
  threads: 1,
  /** How many clients are served at a time; the others wait in the backlog. */
  ports: 4096,
};
/** As many as fit into one array, and more than there are descriptors. */
const MAX_PORTS = 65536;
const WAKES = ["asleep", "always"] as const;

export interface Options extends Readonly<typeof NUMBERS> {
  /** The name of the proactor, or of the poller below it. */
  readonly poller: string | undefined;
  /** When to wake the I/O thread; "always" is only for measurements. */
  readonly wake: (typeof WAKES)[number];
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
    options: {
      poller: { type: "string" },
      wake: { type: "string", default: "asleep" },
      ...Object.fromEntries(flags),
    },
  });
  const { poller, ...given }: Record<string, string | boolean | undefined> = values;
  const numbers = { ...NUMBERS };
  for (const name of names) {
    numbers[name] = numberOf(name, `${given[name] ?? NUMBERS[name]}`);
  }
  if (numbers.threads > MAX_THREADS) {
    throw new Error(`Cannot use --threads ${numbers.threads}: at most ${MAX_THREADS}`);
  }
  if (numbers.ports > MAX_PORTS) {
    throw new Error(`Cannot use --ports ${numbers.ports}: at most ${MAX_PORTS}`);
  }
  const wake = WAKES.find((one) => one === given["wake"]);
  if (wake === undefined) {
    throw new Error(`Cannot use --wake ${given["wake"]}: must be ${WAKES.join(" or ")}`);
  }
  const root = process.env.ROOT ?? PUBLIC;
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`Cannot serve ${root}: it is not a folder`);
  }
  return { ...numbers, poller: poller?.toString(), wake, root };
}

function numberOf(name: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Error(`Cannot use --${name} ${text}: it must be a positive integer`);
}
