// just bots: fills a running chat server with bots that talk, and counts what they receive.
import { type Address, ConnectError } from "../bots/bot.ts";
import { Fleet } from "../bots/fleet.ts";
import { interrupts } from "../bots/interrupts.ts";
import { progressLine, totalsText } from "../bots/report.ts";
import { Failure, misuse, parseAddress, readOptions, run, UsageError } from "../cli.ts";
import { isHere } from "../refusal.ts";

const USAGE = `
just bots [ADDRESS] [options]

Fills a running chat server (steps 9 to 18) with bots: of every 106, 3 stay in main and
talk now and then, 3 travel from room to room, and 100 are a crowd that talks quickly.
ADDRESS is a port, or host:port; without it, 127.0.0.1:42069. Ctrl-C ends it and prints the
totals; a second Ctrl-C does not wait for messages in flight.

  just bots                       106 bots, until Ctrl-C
  just bots --bots 1000 --for 30  more of them, for half a minute

  -n, --bots N   how many bots (106)
  -r, --rate R   messages a second, of all bots together, on average (30)
  -f, --for S    ends after S seconds of talk
  -q, --quiet    shows the totals only
  -h, --help     prints this
`;
/** Milliseconds: for a connection and its greeting; for messages in flight at the end; for all
 * bots to quit; between two updates of the line. */
const [PATIENCE, SETTLE, QUIT, LINE] = [5_000, 5_000, 10_000, 250];
/** About the number of ports that one address has for connections to one server. */
const MOST_BOTS = 50_000;
/** The highest rate in messages a second, and the longest time in seconds. */
const MOST = 1_000_000;

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
    throw misuse("Cannot fill two servers: one address, please", USAGE);
  const address = parseAddress(target);
  const count = Number(values.bots);
  if (!/^\d+$/.test(values.bots) || count < 1 || count > MOST_BOTS) {
    throw new UsageError(
      `Cannot make "${values.bots}" bots: it must be a whole number from 1 to ${MOST_BOTS}`,
    );
  }
  const rate = parseAmount(values.rate, "Cannot talk at a rate of");
  const time = values.for;
  const seconds = time === undefined ? time : parseAmount(time, "Cannot talk for");

  const fleet = new Fleet(address, PATIENCE);
  const { stop, force, end } = interrupts(process);
  // When the output's reader is gone (`just bots 2>&1 | head -3`), end as on Ctrl-C.
  process.stderr.on("error", end);
  const hide = values.quiet || !process.stderr.isTTY ? () => {} : show(fleet, count);
  let failure: Failure | undefined;
  try {
    await fleet.fill(count, stop);
    await fleet.talk(rate, { ms: seconds ? seconds * 1_000 : undefined, signal: stop });
    await fleet.settle({ ms: SETTLE, signal: force });
    if (!stop.aborted && fleet.totals.here === 0) {
      const all = count === 1 ? "its only bot" : `all ${count} bots`;
      failure = new Failure(
        `Cannot go on with ${nameOf(address)}: it ended the connections of ${all}`,
      );
    }
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    failure = explain(error, address, fleet.totals.connected);
  }
  await fleet.quit({ ms: QUIT, signal: force });
  hide();
  if (fleet.totals.connected > 0) process.stdout.write(totalsText(fleet.totals));
  if (failure !== undefined) throw failure;
  return 0;
});

function nameOf({ host, port }: Address): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** @param connected How many bots got a connection before this one. */
function explain(error: ConnectError, address: Address, connected: number): Failure {
  const server = nameOf(address);
  if (connected > 0) {
    return new Failure(
      `Cannot connect bot ${connected + 1} to ${server}: ${error.message}`,
    );
  }
  const what = error.accepted ? "chat with" : "connect to";
  const hint =
    error.accepted || isHere(address.host)
      ? "Start a chat server with: just example 18"
      : "Check the address";
  return new Failure(`Cannot ${what} ${server}: ${error.message}\n${hint}`);
}

/** Shows the line of counts, and updates it in place. @returns A function that removes it. */
function show(fleet: Fleet, count: number): () => void {
  const { stderr } = process;
  const write = (line: string) => stderr.write(`\r\x1b[2K${line}`);
  const timer = setInterval(() => {
    // The last column stays free, because some terminals wrap when it is filled.
    write(progressLine(fleet.totals, count).slice(0, stderr.columns - 1));
  }, LINE);
  return () => {
    clearInterval(timer);
    write("");
  };
}

/** @throws {UsageError} When it is not a number more than 0, up to a million. */
function parseAmount(text: string, problem: string): number {
  const amount = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (amount > 0 && amount <= MOST) return amount;
  throw new UsageError(
    `${problem} "${text}": it must be a number more than 0, up to ${MOST}`,
  );
}
