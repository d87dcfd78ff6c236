// The server of r5, whole and unchanged, on a network in memory: every delay, short read, stall
// and reset comes from a seed, and its clock is the network's. Files are made at once, or later.
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { get, request } from "../../../behaviours/http/behaviour.ts";
import { answerFile, type FileRequest } from "../../../examples/shared/file-answer.ts";
import type { FileResult } from "../../../examples/shared/file-workers.ts";
import type { Turn } from "../../../examples/shared/poll/modes/turn.ts";
import { TcpStream } from "../../../examples/shared/poll/net.ts";
import { Events } from "../../../examples/shared/poll/readiness/events.ts";
import { READABLE, WRITABLE } from "../../../examples/shared/poll/readiness/interest.ts";
import type { Poll } from "../../../examples/shared/poll/readiness/poll.ts";
import type { Waker } from "../../../examples/shared/poll/readiness/waker.ts";
import { reservedToken } from "../../../examples/shared/poll/token.ts";
import { SimulatedNetwork } from "../sim/network.ts";
import { Random } from "../sim/random.ts";

const PUBLIC = realpathSync(
  fileURLToPath(new URL("../../../examples/shared/public", import.meta.url)),
);
type Weather = NonNullable<ConstructorParameters<typeof SimulatedNetwork>[1]>;
const STORM: Weather = { chunks: true, blocked: 0.3, delay: 10 };

interface Loop {
  poll: Poll;
  turn: Turn;
}

/** What stands in for the modules of the server that have to do with the outside. */
const world = vi.hoisted(() => ({
  network: undefined as SimulatedNetwork | undefined,
  loop: undefined as Loop | undefined,
  files: [] as { at: number; result: FileResult }[],
  wake: () => {},
  delayOfFiles: (): number => 0,
}));

function network(): SimulatedNetwork {
  if (!world.network) throw new Error("there is no network");
  return world.network;
}

vi.mock("../../../examples/shared/poll/readiness/pollers.ts", () => ({
  openPoll: () => network().openPoll(),
}));
vi.mock("../../../examples/shared/poll/sockets.ts", () => ({ systemSockets: network }));
vi.mock("../../../examples/shared/poll/modes/guest.ts", () => ({
  runAsGuest: async (poll: Poll, _events: Events, turn: Turn) => {
    world.loop = { poll, turn };
  },
}));
vi.mock("../../../examples/shared/file-workers.ts", () => ({
  FileWorkers: class {
    constructor(_root: string, _count: number, waker: Waker) {
      world.wake = () => void waker.wake();
    }
    open(id: number, asked: FileRequest) {
      const { bytes, file } = answerFile(PUBLIC, asked);
      if (file) throw new Error("the files of this folder are small");
      const at = network().now + world.delayOfFiles();
      world.files.push({ at, result: { id, bytes, more: false } });
    }
    take() {
      const due = world.files.findIndex(({ at }) => at <= network().now);
      return due === -1 ? undefined : world.files.splice(due, 1)[0]?.result;
    }
    close() {}
    end() {}
  },
}));

const argv = process.argv;
beforeEach(() => {
  process.argv = ["node", "server.ts"];
  world.delayOfFiles = () => 0;
  vi.spyOn(console, "log").mockImplementation(() => {});
  vi.spyOn(performance, "now").mockImplementation(() => network().now);
});
afterEach(() => {
  process.argv = argv;
  vi.restoreAllMocks();
  forgetSignals();
});

/** Each server listens for these. */
function forgetSignals(): void {
  process.removeAllListeners("SIGINT").removeAllListeners("SIGTERM");
}

/** A client that sends what it is given, and keeps what comes, with the time of its end. */
class Client {
  readonly stream: TcpStream;
  #left: Buffer = Buffer.alloc(0);
  received = Buffer.alloc(0);
  /** How it ended, and when; undefined while it has not. */
  ended: { how: "end" | "reset"; at: number } | undefined;
  reads = true;

  constructor(poll: Poll, number: number, buffer: number) {
    this.stream = TcpStream.connect("127.0.0.1", 42069, network());
    this.stream.setBuffers(buffer, buffer);
    const token = reservedToken(100 + number);
    poll.registry.register(this.stream, token, READABLE | WRITABLE);
  }

  sends(text: string): void {
    this.#left = Buffer.concat([this.#left, Buffer.from(text, "latin1")]);
    this.goesOn();
  }

  /** Writes and reads as far as it can. */
  goesOn(): void {
    if (this.ended || this.stream.closed) return;
    while (this.#left.length > 0) {
      const count = this.stream.write(this.#left);
      if (count === "blocked") break;
      if (count === "reset") {
        this.#ends("reset");
        return;
      }
      this.#left = this.#left.subarray(count);
    }
    if (this.reads) this.takes(Infinity);
  }

  takes(most: number): void {
    const into = Buffer.alloc(1000);
    for (let taken = 0; taken < most; ) {
      const count = this.stream.read(into.subarray(0, Math.min(1000, most - taken)));
      if (count === "blocked") return;
      if (typeof count === "string") {
        this.#ends(count);
        return;
      }
      taken += count;
      this.received = Buffer.concat([this.received, into.subarray(0, count)]);
    }
  }

  #ends(how: "end" | "reset"): void {
    this.ended = { how, at: network().now };
    this.stream.close();
  }

  /** What it has got, as text without the time of day. */
  get text(): string {
    return this.received.toString("latin1").replace(/^Date: .*\r\n/gm, "");
  }
}

/** A server in a weather, and clients of it. */
async function start(seed: number, weather: Weather = {}, { limit = 65536 } = {}) {
  world.network = new SimulatedNetwork(seed, weather, limit);
  world.files = [];
  vi.resetModules();
  forgetSignals();
  await import("../../../examples/r5-state-machine/server.ts");
  const { poll, turn } = world.loop ?? {};
  if (!poll || !turn) throw new Error("the server has no loop");
  const events = new Events(64);
  const clients: Client[] = [];
  let wait: number | null = 0;
  return {
    join: (buffer = 65536): Client => {
      const client = new Client(poll, clients.length, buffer);
      clients.push(client);
      return client;
    },
    /** Turns, until what is asked for is so. */
    until: (isSo: () => boolean, deadline = 1e6) => {
      const end = network().now + deadline;
      while (!isSo()) {
        if (network().now >= end) throw new Error("it did not come to that");
        const next = Math.min(end, ...world.files.map(({ at }) => at)) - network().now;
        poll.poll(events, Math.max(0, Math.min(next, wait ?? Infinity)));
        for (const client of clients) client.goesOn();
        if (world.files.some(({ at }) => at <= network().now)) world.wake();
        const answer = turn(events);
        if (answer === "end") throw new Error("the server has ended");
        wait = answer;
      }
    },
  };
}

const SAID = [
  get("/hello/ann"),
  get("/poem.txt"),
  get("/nobody"),
  `${request("POST", "/", "Content-Length: 11")}hello world`,
  `${request("POST", "/", "Transfer-Encoding: chunked")}5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n`,
  get("/slow/70/style.css"),
  `\r\n${request("HEAD", "/poem.txt")}`,
  get("/poem.txt", "Range: bytes=3-9"),
  request("BREW", "/"),
];
const LAST = [
  get("/hello/last", "Connection: close"),
  "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\nGET /hello/smuggled",
  `${request("POST", "/", "Transfer-Encoding: chunked")}x\r\n`,
  `GET /${"x".repeat(8500)}`,
];

/** Some requests of one client, and one after which the connection ends. */
function script(random: Random): string {
  const some = Array.from(
    { length: random.upTo(8) },
    () => SAID[random.upTo(SAID.length) - 1],
  );
  return [...some, LAST[random.upTo(LAST.length) - 1]].join("");
}

/** What each of the scripts gets in this weather. */
async function play(
  seed: number,
  weather: Weather,
  scripts: readonly string[],
  buffer: number,
) {
  const random = new Random(seed);
  world.delayOfFiles = () => (weather.delay ? random.upTo(30) : 0);
  const server = await start(seed, weather);
  const before = network().size;
  const clients = scripts.map((said) => {
    const client = server.join(buffer);
    client.sends(said);
    return client;
  });
  server.until(() => clients.every(({ ended }) => ended !== undefined));
  // Nobody is left over, and no file.
  server.until(() => network().size === before && world.files.length === 0);
  return clients.map(({ text, ended }) => ({ text, how: ended?.how }));
}

describe("in bad weather", () => {
  test("everybody gets what they get in fair weather", async () => {
    for (let seed = 0; seed < 25; seed += 1) {
      const random = new Random(seed);
      const scripts = Array.from({ length: 6 }, () => script(random));
      const fair = await play(seed, {}, scripts, 65536);
      const foul = await play(seed, STORM, scripts, 1000 + random.upTo(2000));
      const texts = (some: typeof fair) => some.map(({ text }) => text);
      expect(texts(foul), `seed ${seed}`).toEqual(texts(fair));
      for (const { text } of fair) expect(text).not.toContain("smuggled");
    }
  });

  test("a reset ends one connection: the others get theirs", async () => {
    let resets = 0;
    for (let seed = 0; seed < 25; seed += 1) {
      const random = new Random(seed);
      const scripts = Array.from({ length: 6 }, () => script(random));
      const fair = await play(seed, {}, scripts, 65536);
      const foul = await play(seed, { ...STORM, reset: 0.01 }, scripts, 65536);
      for (const [at, { text, how }] of foul.entries()) {
        const whole = fair[at]?.text ?? "";
        if (how === "reset") resets += 1;
        // The line of the date, cut through, is no line: all up to the last whole line.
        const lines = text.slice(0, text.lastIndexOf("\n") + 1);
        expect(whole.startsWith(lines), `seed ${seed}: ${text}`).toBe(true);
      }
    }
    expect(resets).toBeGreaterThan(0);
  });
});

describe("by a clock that can be waited for,", () => {
  const endOf = ({ ended }: Client) => ended?.at ?? Number.NaN;

  test("a head has ten seconds from its first byte", async () => {
    const server = await start(1);
    const client = server.join();
    server.until(() => network().now >= 4000, 4000);
    client.sends("G");
    for (let second = 5; second < 14; second += 1) {
      server.until(() => network().now >= second * 1000, 1000);
      client.sends("E");
    }
    expect(client.text).toBe("");
    server.until(() => client.text !== "");
    expect(client.text).toMatch(/^HTTP\/1.1 408 /);
    expect(network().now).toBe(14_000);
  });

  test("each head has its own ten seconds", async () => {
    const server = await start(1);
    const client = server.join();
    for (let time = 1; time <= 5; time += 1) {
      client.sends(get("/hello/a").slice(0, 20));
      const end = network().now + 9_000;
      server.until(() => network().now >= end, 9_000);
      client.sends(get("/hello/a").slice(20));
      server.until(() => client.text.split("Hello, a!").length === time + 1, 10);
    }
  });

  test("an idle connection has five seconds, from its last answer", async () => {
    const server = await start(1);
    const [silent, other] = [server.join(), server.join()];
    server.until(() => network().now >= 3000, 3000);
    other.sends(get("/hello/a"));
    server.until(() => other.ended !== undefined);
    expect(endOf(silent)).toBe(5_000);
    expect(endOf(other)).toBe(8_000);
    expect(silent.text).toBe("");
  });

  test("a body has thirty seconds", async () => {
    const server = await start(1);
    const client = server.join();
    client.sends(request("POST", "/", "Content-Length: 1000"));
    for (let second = 1; second < 30; second += 1) {
      server.until(() => network().now >= second * 1000, 1000);
      client.sends("x");
    }
    server.until(() => client.text !== "");
    expect(client.text).toMatch(/^HTTP\/1.1 408 /);
    expect(network().now).toBe(30_000);
  });

  test("an answer is held back for as long as was asked, and no other", async () => {
    const server = await start(1);
    const [slow, quick] = [server.join(), server.join()];
    slow.sends(get("/slow/70000/poem.txt"));
    quick.sends(get("/poem.txt", "Connection: close"));
    server.until(() => quick.ended !== undefined, 10);
    server.until(() => slow.text !== "");
    expect(network().now).toBe(70_000);
  });

  test("a reader that has stopped has thirty seconds, a slow one all the time", async () => {
    const server = await start(1);
    const [slow, stopped] = [server.join(100), server.join(100)];
    for (const client of [slow, stopped]) {
      client.reads = false;
      client.sends(get("/poem.txt"));
    }
    server.until(() => network().now >= 29_000, 29_000);
    // Of some 400 bytes, 100 are in its buffer; it takes ten of them every 29 seconds.
    for (let time = 1; time <= 20; time += 1) {
      slow.takes(10);
      server.until(() => network().now >= 29_000 * (time + 1), 29_000);
    }
    slow.reads = true;
    slow.goesOn();
    server.until(() => slow.text.includes("we hung."), 10);
    stopped.reads = true;
    stopped.goesOn();
    expect(stopped.ended?.how).toBe("reset");
  });

  test("a client that never stops speaking is heard for two seconds", async () => {
    const server = await start(1);
    const before = network().size;
    const client = server.join();
    client.sends("nonsense\r\n\r\n");
    // It sees our end, and closes.
    server.until(() => network().size === before, 100);
    expect(client.ended?.how).toBe("end");
    // Another one does not.
    const rude = TcpStream.connect("127.0.0.1", 42069, network());
    rude.write(Buffer.from("nonsense\r\n\r\n"));
    const from = network().now;
    server.until(() => network().size === before + 2, 10);
    server.until(() => network().size === before + 1);
    expect(network().now - from).toBe(2_000);
  });
});

test("without descriptors clients wait, and are served when there are some", async () => {
  // The listener, and three connections with both their ends.
  const server = await start(1, {}, { limit: 7 });
  const clients = Array.from({ length: 4 }, () => server.join());
  for (const client of clients) client.sends(get("/hello/a", "Connection: close"));
  server.until(() => clients.every(({ text }) => text.includes("Hello, a!")));
});
