// Runs the cases of the proactors on the adapter over a simulated network, and a fuzz of it
// under faults: short reads, late bytes, spurious "blocked", resets.
import { describe, expect, test } from "vitest";
import { ReadinessProactor } from "../../examples/shared/poll/completion/adapter.ts";
import type { Completion } from "../../examples/shared/poll/completion/proactor.ts";
import { TcpStream } from "../../examples/shared/poll/net.ts";
import type { Token } from "../../examples/shared/poll/token.ts";
import { Random } from "../../scripts/simulate/kernel/random.ts";
import { ALL } from "../requirements.ts";
import { Audit } from "./proactor/audit.ts";
import { ProactorContext } from "./proactor/context.ts";
import { EchoClient, EchoServer } from "./proactor/echo.ts";
import { PROACTOR_CASES, runCase } from "./proactor/run.ts";
import type { Faults } from "./sim/fault-source.ts";
import { SimulatedNetwork } from "./sim/network.ts";

const HOST = "127.0.0.1";

function contextIn(network: SimulatedNetwork): ProactorContext {
  const open = () => new ReadinessProactor(network.openPoll(), network);
  return new ProactorContext(open, network, () => network.now);
}

describe("without faults, cases that need neither a kernel nor threads:", () => {
  const able = PROACTOR_CASES.filter(
    ({ needs, name }) => needs === undefined && (ALL || !name.includes("megabytes")),
  );

  test.each(able.map(({ name }) => name))("%s", async (name) => {
    const found = able.find((one) => one.name === name);
    if (found === undefined) throw new Error(name);
    const network = new SimulatedNetwork(1);
    const { state, reason } = await runCase(found, "simulated", contextIn(network));
    expect(state, reason).toBe("passed");
    expect(network.size).toBe(0);
  });
});

const FAULTS: Faults = { chunks: true, blocked: 0.3, delay: 20 };
const SEEDS = Array.from({ length: 60 }, (_, seed) => seed);

describe("with faults", () => {
  test("each client gets its own bytes back", async () => {
    for (const seed of SEEDS) {
      const network = new SimulatedNetwork(seed, FAULTS);
      const context = contextIn(network);
      const proactor = context.proactor();
      const listener = proactor.listen(HOST, 0);
      const server = new EchoServer(proactor, listener);
      let clients = [3000, 0, 1, 700].map(
        (size, at) => new EchoClient(context.client(proactor, listener), size, at),
      );
      const step = (completion?: Completion) => {
        if (completion) server.handle(completion);
        else clients = clients.filter((client) => !client.step());
        return clients.length === 0 && server.open.size === 0 ? true : undefined;
      };
      expect(context.until(proactor, step), `seed ${seed}`).toBe(true);
      expect(server.served).toBe(4);
      expect(proactor.inFlight).toBe(1);
      await context.end();
      expect(network.size).toBe(0);
    }
  });

  test("the same seed repeats a run, and another seed gives another", () => {
    expect(live(7, FAULTS)).toEqual(live(7, FAULTS));
    expect(live(7, FAULTS)).not.toEqual(live(8, FAULTS));
  });

  test.each([
    { name: "no faults", faults: {} },
    { name: "faults", faults: FAULTS },
    { name: "faults and resets", faults: { ...FAULTS, reset: 0.01 } },
  ])(
    "whatever both sides do, each operation completes once, and nothing leaks: $name",
    (one) => {
      const kinds = new Set<string>();
      for (const seed of SEEDS)
        for (const line of live(seed, one.faults)) kinds.add(line);
      // Every kind of result has occurred.
      for (const kind of ["bytes", "end", "reset", "sent", "close"]) {
        expect([...kinds].join(), kind).toContain(kind);
      }
    },
  );
});

/**
 * Runs a server and clients that send, receive, shut down, close and reset at random, until
 * the clients and the server have closed every connection.
 *
 * @returns The completions in order.
 * @throws {Error} When something completes that was not asked for, bytes differ from those
 *   that were sent, or the run does not end.
 */
function live(seed: number, faults: Faults): string[] {
  const network = new SimulatedNetwork(seed, faults);
  const proactor = new ReadinessProactor(network.openPoll(), network);
  const audit = new Audit(proactor);
  const random = new Random(seed + 1);
  const listener = audit.listen(HOST, 0);
  const { port } = proactor.localAddress(listener);
  const clients = Array.from(
    { length: 8 },
    () => new RandomClient(port, network, random),
  );
  /** Bytes received from each client: they all send the same stream. */
  const received = new Map<Token, number>();
  const log: string[] = [];
  audit.ask("accept", listener);
  for (
    let turn = 0;
    audit.open.size > 1 || clients.some(({ closed }) => !closed);
    turn += 1
  ) {
    if (turn > 5000) throw new Error(`seed ${seed}: no end; ${log.slice(-9).join(", ")}`);
    for (const client of clients) client.step(turn > 300);
    for (const completion of audit.wait(1)) {
      if (completion.kind === "wake") continue;
      const { kind, token, result } = { result: undefined, ...completion };
      const what = result instanceof Uint8Array ? `${result.length} bytes` : result;
      log.push(`${kind} ${token} ${what}`);
      if (kind === "accept") audit.ask("accept", listener);
      if (result === "reset" || (kind === "recv" && result === "end")) audit.close(token);
      if (result instanceof Uint8Array) {
        const from = received.get(token) ?? 0;
        const wrong = result.findIndex((byte, at) => byte !== byteAt(from + at));
        if (wrong !== -1) throw new Error(`seed ${seed}: byte ${from + wrong} is wrong`);
        received.set(token, from + result.length);
      }
    }
    for (const token of [...audit.open.keys()]) {
      if (token === listener) continue;
      const dice = random.below(20);
      if (dice < 9) audit.ask("send", token, new Uint8Array(1 + random.below(30_000)));
      // Only a recv reports the end of the stream.
      if (dice > 4 || turn > 300) audit.ask("recv", token);
      // Even while a send has finished and was not reported yet.
      if (random.below(40) === 0) audit.close(token);
    }
  }
  audit.close(listener);
  audit.wait(0);
  proactor.end();
  if (network.size > 0)
    throw new Error(`seed ${seed}: ${network.size} sockets are still open`);
  return log;
}

/** The byte at this offset of a stream. */
const byteAt = (offset: number) => (offset * 31 + (offset >> 8)) & 0xff;

/** A client that acts at random. */
class RandomClient {
  readonly #stream: TcpStream;
  readonly #random: Random;
  readonly #into = new Uint8Array(4096);
  #sent = 0;
  #finished = false;

  constructor(port: number, network: SimulatedNetwork, random: Random) {
    this.#stream = TcpStream.connect(HOST, port, network);
    this.#random = random;
  }

  get closed(): boolean {
    return this.#stream.closed;
  }

  step(last: boolean): void {
    if (this.closed) return;
    const dice = this.#random.below(60);
    if (dice === 0) this.#stream.reset();
    else if (dice === 1 || last) this.#stream.close();
    else if (dice < 4) this.#finish();
    else if (dice < 29) this.#send(1 + this.#random.below(3000));
    else this.#stream.read(this.#into);
  }

  #finish(): void {
    this.#finished = true;
    this.#stream.shutdown();
  }

  #send(length: number): void {
    if (this.#finished) return;
    const bytes = Uint8Array.from({ length }, (_, at) => byteAt(this.#sent + at));
    const count = this.#stream.write(bytes);
    if (typeof count === "number") this.#sent += count;
  }
}
