// just bots: fills a running chat server with bots that talk, and counts what they hear.
import { type Address, ConnectError } from "../bots/bot.ts";
import { Fleet } from "../bots/fleet.ts";
import { interrupts } from "../bots/interrupts.ts";
import { showLive } from "../bots/live.ts";
import { Meter } from "../bots/meter.ts";
import { seededRandom } from "../bots/random.ts";
import { progressLine, totalsText } from "../bots/report.ts";
import { Failure, Misuse, parseAddress, readOptions, run } from "../cli.ts";

const USAGE = `
just bots [ADDRESS] [--bots N] [--rate R] [--for SECONDS] [--quiet]

Fills a chat server that runs (steps 9 to 18) with bots: of every 106, 3 stay in main and
talk now and then, 3 travel from room to room, and 100 are a crowd that talks quickly.
ADDRESS is a port, or host:port; without it, 127.0.0.1:42069. Ctrl-C ends it, with the
totals; once more, and it does not wait for what is still on its way.

  -n, --bots N    how many bots (106)
  -r, --rate R    messages a second of all bots together, on average (30)
  -f, --for S     ends after S seconds of talk
  -q, --quiet     shows the totals only
`;
/** How long a connection and its greeting may take, in milliseconds. */
const PATIENCE = 5_000;
/** How long to wait at the end for what is still on its way, in milliseconds. */
const SETTLE = 5_000;
/** How long all may take to quit, in milliseconds. */
const QUIT = 10_000;
/** The time over which the line shows a pace, in milliseconds. */
const PACE_WINDOW = 2_000;
/** One address has no more ports than this for connections to one server. */
const MOST_BOTS = 50_000;
/** What setTimeout can wait for is 24 days. */
const MOST_SECONDS = 2_000_000;
const MOST_RATE = 1_000_000;

await run(async () => {
  const { values, positionals } = readOptions(USAGE, {
    options: {
      bots: { type: "string", short: "n", default: "106" },
      rate: { type: "string", short: "r", default: "30" },
      for: { type: "string", short: "f" },
      quiet: { type: "boolean", short: "q", default: false },
    },
  });
  const [target = "127.0.0.1:42069", ...more] = positionals;
  if (more.length > 0)
    throw new Misuse(`Cannot fill two servers: one address, please\n${USAGE}`);
  const address = parseAddress(target);
  const count = Number(values.bots);
  if (!/^\d+$/.test(values.bots) || count < 1 || count > MOST_BOTS) {
    throw new Misuse(
      `Cannot make "${values.bots}" bots: it must be a whole number from 1 to ${MOST_BOTS}`,
    );
  }
  const rate = parseAmount(values.rate, MOST_RATE, "Cannot talk at a rate of");
  const seconds =
    values.for === undefined
      ? undefined
      : parseAmount(values.for, MOST_SECONDS, "Cannot talk for");

  const random = seededRandom(Date.now());
  const fleet = new Fleet({ address, count, rate, random, patience: PATIENCE });
  const { stop, force, end } = interrupts(process);
  // Nobody looks any more (`just bots 2>&1 | head -3`): that is a Ctrl-C too.
  process.stderr.on("error", end);
  const hide = values.quiet ? () => {} : show(fleet, count);
  const failure = await live(fleet, { address, seconds, stop, force });
  hide();
  const { totals } = fleet;
  if (totals.connected > 0) process.stdout.write(totalsText(totals));
  if (failure !== undefined) throw failure;
  return 0;
});

interface Life {
  readonly address: Address;
  readonly seconds: number | undefined;
  readonly stop: AbortSignal;
  readonly force: AbortSignal;
}

/** The life of the bots, to its end. @returns what went wrong, for after the totals. */
async function live(fleet: Fleet, life: Life): Promise<Failure | undefined> {
  const { address, seconds, stop, force } = life;
  const where = address.host.includes(":") ? `[${address.host}]` : address.host;
  const server = `${where}:${address.port}`;
  let failure: Failure | undefined;
  try {
    await fleet.fill(stop);
    const ms = seconds === undefined ? undefined : seconds * 1_000;
    await fleet.talk({ ms, signal: stop });
    await fleet.settle({ ms: SETTLE, signal: force });
    const { connected, here } = fleet.totals;
    if (connected > 0 && here === 0) {
      const all = connected === 1 ? "its only bot" : `all ${connected} bots`;
      failure = new Failure(
        `Cannot go on with ${server}: it ended the connections of ${all}`,
      );
    }
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    failure = unconnected(error, server, fleet.totals.connected);
  }
  await fleet.quit({ ms: QUIT, signal: force });
  return failure;
}

function unconnected(error: ConnectError, server: string, connected: number): Failure {
  const state = error.message;
  if (connected > 0) {
    return new Failure(`Cannot connect bot ${connected + 1} to ${server}: ${state}`);
  }
  const hint = "Start a chat server with: just example 18";
  if (!error.accepted)
    return new Failure(`Cannot connect to ${server}: ${state}\n${hint}`);
  return new Failure(`Cannot chat with ${server}: ${state}\n${hint}`);
}

/** Shows the line of counts. @returns what ends it. */
function show(fleet: Fleet, count: number): () => void {
  const start = performance.now();
  const sending = new Meter(PACE_WINDOW, start);
  const receiving = new Meter(PACE_WINDOW, start);
  return showLive(process.stderr, (columns) => {
    const { totals } = fleet;
    const now = performance.now();
    const progress = {
      totals,
      count,
      sending: sending.read(now, totals.sent),
      receiving: receiving.read(now, totals.received),
    };
    return progressLine(progress, columns);
  });
}

/** @throws {Misuse} When it is not a number more than 0, up to `most`. */
function parseAmount(text: string, most: number, problem: string): number {
  const amount = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (amount > 0 && amount <= most) return amount;
  throw new Misuse(
    `${problem} "${text}": it must be a number more than 0, up to ${most}`,
  );
}
