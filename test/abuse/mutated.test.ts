// Mutated input by the thousand, for what reads the bytes of strangers in step 18: the telnet
// filter, the line decoder and the text of a line behind each other; and for the server itself,
// which parses commands. Whole or in pieces, the same comes out, nothing crashes, and nothing
// piles up.
//
// `just test --all` takes 100,000 inputs. MUTATED_INPUTS makes it as many as you like, for a
// night: MUTATED_INPUTS=10000000 npx vitest run test/abuse/mutated.test.ts
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { type Server, startServer } from "../../behaviours/server.ts";
import { LineDecoder } from "../../examples/shared/line-batches.ts";
import { safeTextOf } from "../../examples/shared/safe-text.ts";
import { TelnetFilter } from "../../examples/shared/telnet.ts";
import { probeFlags, samplesIn } from "../../scripts/attack/probe.ts";
import { ALL } from "../requirements.ts";
import { collectGarbage } from "../shared/helpers.ts";
import { Dice, damaged, pieces } from "./streams.ts";

const INPUTS = Number(process.env["MUTATED_INPUTS"] ?? (ALL ? 100_000 : 3_000));
/** How many are sent on one connection to the server itself. */
const BATCH = 100;
/** Where the server's packets may end; where its decoder sees pieces end is the first test's. */
const PACKETS = [20, 100, 1000];
/** Another each time; a failure names it. */
const SEED = Number(process.env["MUTATED_SEED"] ?? 1 + Math.floor(Math.random() * 1e9));
const LIMIT = 64;
const UNSAFE = /[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u;

interface Read {
  readonly lines: (string | undefined)[];
  readonly end: string | undefined;
}

/** What step 18 makes of some bytes: its lines, and why it reads no further. */
function readAll(parts: readonly Buffer[]): Read {
  const telnet = new TelnetFilter();
  const decoder = new LineDecoder(LIMIT, safeTextOf);
  const lines: (string | undefined)[] = [];
  for (const part of parts) {
    lines.push(...decoder.decode(telnet.filter(part)));
    if (decoder.tooLong) return { lines, end: "too long" };
    if (telnet.ended) return { lines, end: telnet.ended };
  }
  return { lines, end: undefined };
}

test(`${INPUTS.toLocaleString("en")} mutated inputs: whole as in pieces`, {
  timeout: 60_000 + INPUTS,
}, async () => {
  const dice = new Dice(SEED);
  const heap: number[] = [];
  for (let input = 0; input < INPUTS; input += 1) {
    const bytes = damaged(dice);
    const whole = readAll([bytes]);
    const split = readAll(pieces(bytes, dice));
    // An assertion for each would take most of the time.
    const same =
      whole.end === split.end && whole.lines.join("\n") === split.lines.join("\n");
    const safe = whole.lines.every((line) => line === undefined || !UNSAFE.test(line));
    if (!same || !safe) {
      const at = `input ${input} of MUTATED_SEED=${SEED}: ${bytes.toString("latin1")}`;
      expect({ at, ...split }).toEqual({ at, ...whole });
      expect(safe, at).toBe(true);
    }
    if (input % (INPUTS / 10) === 0) heap.push(await heapUsed());
  }
  // From the second on: the first comes before the code is compiled.
  expect((await heapUsed()) - (heap[1] ?? 0)).toBeLessThan(1e6);
});

/** After a garbage collection, in bytes. */
async function heapUsed(): Promise<number> {
  await collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** What comes back to a client that sends these parts, each in a packet, and then no more. */
async function answers(
  { host, port }: Server,
  parts: readonly Buffer[],
): Promise<string> {
  const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
  let text = "";
  socket.setEncoding("utf8").on("data", (more: string) => {
    text += more;
  });
  const end = once(socket, "end");
  await once(socket, "data");
  for (const part of parts) {
    socket.write(part);
    await new Promise(setImmediate);
  }
  socket.end();
  await end;
  const [, name = ""] = /^You are (\S+)$/m.exec(text) ?? [];
  return text.replaceAll(name, "NAME");
}

/** Good bytes of a connection, damaged; only the last may say goodbye, or the rest is not read. */
function conversation(dice: Dice): Buffer {
  const inputs = Array.from({ length: BATCH }, () => damaged(dice));
  const stays = inputs.filter(
    (input, at) => at === BATCH - 1 || !input.includes("/quit"),
  );
  return Buffer.concat(stays);
}

/** What the heap of a server holds after its next garbage collection, in bytes. */
async function heapOf(server: Required<Server>): Promise<number> {
  const seen = () => samplesIn(server.process.output());
  for (const { length } = seen(); seen().length === length; )
    await new Promise((resolve) => setTimeout(resolve, 10));
  return seen().at(-1)?.heap ?? 0;
}

test(`${INPUTS.toLocaleString("en")} mutated inputs for the server: whole as in pieces`, {
  timeout: 60_000 + 10 * INPUTS,
}, async () => {
  const dice = new Dice(SEED);
  const program = join(inject("built"), "18-final/server.js");
  const command = [process.execPath, ...probeFlags(0.5), program, "--rate", "0"];
  const start = async () => {
    const server = await startServer({ command, env: { LOG_LEVEL: "silent" } });
    onTestFinished(async () => {
      server.process.kill("SIGKILL");
      await server.process.ended;
    });
    return server;
  };
  const servers = [await start(), await start()] as const;
  const heaps = () => Promise.all(servers.map(heapOf));
  const [one, other] = servers;
  let early: number[] = [];
  for (let input = 0; input < INPUTS; input += BATCH) {
    const bytes = conversation(dice);
    const [whole, split] = await Promise.all([
      answers(one, [bytes]),
      answers(other, pieces(bytes, dice, PACKETS)),
    ]);
    expect(split, `MUTATED_SEED=${SEED}, input ${input}`).toBe(whole);
    expect(UNSAFE.test(whole.replaceAll("\n", "")), `MUTATED_SEED=${SEED}`).toBe(false);
    // Not at the first: the code is compiled by then.
    if (input === INPUTS / 10) early = await heaps();
  }
  const late = await heaps();
  expect(early).toHaveLength(2);
  expect(Math.max(...late.map((heap, at) => heap - (early[at] ?? 0)))).toBeLessThan(1e6);
});
