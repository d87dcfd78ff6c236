// Puts a server under a load of talk: rooms, members, and senders that keep lines in flight.
import { Client, greeted, joins, type Target } from "./client.ts";
import { Deaf } from "./deaf.ts";
import { Histogram } from "./histogram.ts";
import type { TalkLoad } from "./load.ts";
import { MemberLines } from "./member.ts";
import type { TalkResult } from "./result.ts";
import { Broken, RoomStream, slotOf, tag } from "./stream.ts";
import { usageOf } from "./usage.ts";

/** The length of a line without its newline, in bytes; 64 with it. */
const LENGTH = 63;
/** How many clients connect at a time: step 16 disconnects clients that are 32 lines behind. */
const RAMP = 16;
/** How many send times are kept for each sender: more than it has lines in flight. */
const TIMES = 1 << 14;
const WARM_UP_MS = 500;
/** How long the last lines may take to arrive after the senders stop, in milliseconds. */
const DRAIN_MS = 5_000;
/** Latency is measured for this many members of a room, because measuring all costs too much. */
const SAMPLED = 8;
const MARK = "the load begins here";

interface Sender {
  readonly client: Client;
  readonly number: number;
  sent: number;
  inFlight: number;
  readonly times: Float64Array;
}

interface Member {
  readonly client: Client;
  readonly sampled: boolean;
  /** How many bytes and lines of the room's stream it has received. */
  offset: number;
  lines: number;
}

interface Room {
  readonly name: string;
  readonly stream: RoomStream;
  readonly members: Member[];
  readonly senders: Sender[];
  /** Used for a load in which members may get different lines. */
  readonly apart: MemberLines[];
  /** How many lines all members have received. */
  done: number;
  dirty: boolean;
}

/**
 * Runs the load.
 *
 * @param options.pid The server's process, for its CPU time.
 * @param options.ms How long to measure, in milliseconds.
 * @throws {Error} When clients cannot connect or join.
 */
export async function talk(
  load: TalkLoad,
  { target, pid, ms }: { target: Target; pid: number; ms: number },
): Promise<TalkResult> {
  const run = new Talk(load);
  try {
    await run.enter(target);
    return await run.measure(pid, ms);
  } finally {
    run.close();
  }
}

class Talk {
  readonly #load: TalkLoad;
  readonly #rooms: Room[] = [];
  /** The senders of all rooms, one room after the other. */
  #senders: readonly Sender[] = [];
  readonly #deaf = new Deaf();
  readonly #latency = new Histogram();
  #lost = 0;
  #broken: string | undefined;
  #measuring = false;
  #sending = false;
  #deliveries = 0;
  #scheduled = false;
  /** Open loop: when the first line was due, and how many have been sent. */
  #began = 0;
  #issued = 0;
  #onSettled: (() => void) | undefined;

  constructor(load: TalkLoad) {
    this.#load = load;
  }

  /** Connects all clients, lets them join their rooms, and waits until the rooms are quiet. */
  async enter(target: Target): Promise<void> {
    const { rooms, members, senders } = this.#load;
    const places: [Room, number][] = [];
    for (let r = 0; r < rooms; r += 1) {
      const room: Room = {
        name: `bench${r}`,
        stream: new RoomStream(senders),
        members: [],
        senders: [],
        apart: [],
        done: 0,
        dirty: false,
      };
      this.#rooms.push(room);
      for (let m = 0; m < members; m += 1) places.push([room, m]);
    }
    for (let i = 0; i < places.length; i += RAMP) {
      await Promise.all(
        places.slice(i, i + RAMP).map((place) => this.#join(target, ...place)),
      );
    }
    if (this.#load.deaf > 0) {
      await this.#deaf.fill(target, this.#load.deaf);
      for (const { name, members } of this.#rooms)
        if (members[0]) await this.#deaf.join(name, members[0].client);
    }
    for (const room of this.#rooms) room.members[0]?.client.send(`${MARK}\n`);
    const all = this.#rooms.flatMap((room) =>
      room.members.map((member) => ({ room, member })),
    );
    await Promise.all(
      all.map(({ member }) => member.client.until((line) => line.endsWith(MARK))),
    );
    for (const { room, member } of all) this.#listen(room, member);
    this.#senders = this.#rooms.flatMap((room) => room.senders);
  }

  async #join(target: Target, room: Room, number: number): Promise<void> {
    const client = new Client(target, () => {
      if (this.#sending) this.#lost += 1;
      this.#settle();
    });
    const sampled = number % Math.ceil(this.#load.members / SAMPLED) === 0;
    room.members[number] = { client, sampled, offset: 0, lines: 0 };
    if (number < this.#load.senders) {
      const times = new Float64Array(TIMES);
      room.senders[number] = { client, number, sent: 0, inFlight: 0, times };
    }
    await greeted(client);
    await joins(client, room.name);
  }

  /** Reads raw bytes from here on. They are the same for all members, unless `until` is "own". */
  #listen(room: Room, member: Member): void {
    if (this.#load.until === "all") {
      member.client.pipe((bytes) => this.#take(room, member, bytes));
      return;
    }
    const lines = new MemberLines(this.#load.senders, (number, sequence) => {
      if (this.#measuring) this.#deliveries += 1;
      const sender = room.senders[number];
      if (sender?.client !== member.client) return;
      if (this.#measuring)
        this.#latency.add(performance.now() - timeOf(sender, sequence));
      sender.inFlight -= 1;
    });
    room.apart.push(lines);
    member.client.pipe((bytes) => {
      lines.take(bytes);
      this.#schedule();
    });
  }

  #take(room: Room, member: Member, bytes: Buffer): void {
    if (this.#broken !== undefined) return;
    const { stream } = room;
    try {
      stream.take(bytes, member.offset);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      this.#broken = error.message;
      this.#settle();
      return;
    }
    member.offset += bytes.length;
    const now = performance.now();
    const before = member.lines;
    for (; member.lines < stream.lines; member.lines += 1) {
      const slot = slotOf(member.lines);
      if ((stream.ends[slot] ?? 0) > member.offset) break;
      if (!member.sampled || !this.#measuring) continue;
      const sender = room.senders[stream.senders[slot] ?? 0];
      if (sender) this.#latency.add(now - timeOf(sender, stream.sequences[slot] ?? 0));
    }
    if (this.#measuring) this.#deliveries += member.lines - before;
    room.dirty = true;
    this.#schedule();
  }

  /** Measures. It does not throw: the result has what went wrong. */
  async measure(pid: number, ms: number): Promise<TalkResult> {
    this.#sending = true;
    this.#began = performance.now();
    this.#turn();
    await this.#pause(WARM_UP_MS);
    const before = { ...usageOf(pid), at: performance.now(), own: process.cpuUsage() };
    this.#measuring = true;
    await this.#pause(ms);
    this.#measuring = false;
    const own = process.cpuUsage(before.own);
    const alive = this.#broken === undefined && this.#lost === 0;
    const after = { ...usageOf(pid), at: performance.now() };
    this.#sending = false;
    if (alive) await this.#pause(DRAIN_MS, true);
    const seconds = (after.at - before.at) / 1000;
    const [missing, reported, doubled] = this.#account();
    return {
      kind: "talk",
      deliveries: this.#deliveries,
      seconds,
      cpu: after.cpu - before.cpu,
      ownCpu: (own.user + own.system) / 1e6 / seconds,
      memory: after.memory,
      latency: this.#latency.summary(),
      checked: this.#received(),
      missing,
      reported,
      doubled,
      lostClients: this.#lost,
      broken: this.#broken,
    };
  }

  close(): void {
    this.#sending = false;
    this.#deaf.close();
    for (const { members } of this.#rooms) {
      for (const member of members) member?.client.socket.destroy();
    }
  }

  /** Counts and sends once per iteration of the event loop, after all sockets were read. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#scheduled = false;
    for (const room of this.#rooms) if (room.dirty) finishLines(room);
    if (this.#sending && this.#broken === undefined) {
      if (this.#load.rate > 0) this.#sendWhatIsDue();
      else this.#fillWindows();
    } else if (this.#isQuiet()) this.#settle();
  }

  #fillWindows(): void {
    const now = performance.now();
    for (const { senders } of this.#rooms) {
      for (const sender of senders) {
        if (sender.client.ended || sender.inFlight >= this.#load.window) continue;
        let text = "";
        while (sender.inFlight < this.#load.window) text += nextLine(sender, now);
        sender.client.send(text);
      }
    }
  }

  /** A line's time is when it was due, not when it was sent, to avoid coordinated omission. */
  #sendWhatIsDue(): void {
    const interval = 1000 / this.#load.rate;
    const now = performance.now();
    for (; this.#began + this.#issued * interval <= now; this.#issued += 1) {
      const sender = this.#senders[this.#issued % this.#senders.length];
      sender?.client.send(nextLine(sender, this.#began + this.#issued * interval));
    }
    this.#schedule();
  }

  /** Whether every line sent has arrived, or was reported as dropped. */
  #isQuiet(): boolean {
    return this.#rooms.every(({ senders, apart }) => {
      if (senders.some(({ inFlight }) => inFlight > 0)) return false;
      const sent = senders.map((sender) => sender.sent);
      return apart.every((lines) => lines.missingOf(sent) <= lines.reported);
    });
  }

  /** Waits for `ms`, or until something goes wrong; with `quiet`, or until nothing is in flight. */
  async #pause(ms: number, quiet = false): Promise<void> {
    if (this.#broken !== undefined || this.#lost > 0 || (quiet && this.#isQuiet()))
      return;
    await new Promise<void>((resolve) => {
      const handle = setTimeout(resolve, ms);
      this.#onSettled = () => {
        clearTimeout(handle);
        resolve();
      };
    });
    this.#onSettled = undefined;
  }

  #settle(): void {
    this.#onSettled?.();
  }

  #received(): number {
    return this.#rooms.reduce(
      (sum, { members, apart }) =>
        sum +
        members.reduce((lines, member) => lines + member.lines, 0) +
        apart.reduce((lines, { got }) => lines + got, 0),
      0,
    );
  }

  /** Lines that never arrived, that were reported as dropped, and that arrived twice. */
  #account(): [number, number, number] {
    let [missing, reported, doubled] = [0, 0, 0];
    for (const { members, senders, apart } of this.#rooms) {
      const sent = senders.map((sender) => sender.sent);
      for (const lines of apart) {
        missing += lines.missingOf(sent);
        reported += lines.reported;
        doubled += lines.doubled;
      }
      if (apart.length > 0) continue;
      const all = sent.reduce((sum, count) => sum + count, 0);
      for (const member of members) missing += all - member.lines;
    }
    return [missing, reported, doubled];
  }
}

/** Counts the lines that all members have received as done. */
function finishLines(room: Room): void {
  room.dirty = false;
  let lines = Number.POSITIVE_INFINITY;
  let offset = Number.POSITIVE_INFINITY;
  for (const member of room.members) {
    if (member.lines < lines) lines = member.lines;
    if (member.offset < offset) offset = member.offset;
  }
  for (; room.done < lines; room.done += 1) {
    const sender = room.senders[room.stream.senders[slotOf(room.done)] ?? 0];
    if (sender) sender.inFlight -= 1;
  }
  room.stream.forget(offset);
}

function nextLine(sender: Sender, at: number): string {
  sender.times[sender.sent % TIMES] = at;
  const text = tag(sender.number, sender.sent);
  sender.sent += 1;
  sender.inFlight += 1;
  return `${text.padEnd(LENGTH, "lorem ipsum ")}\n`;
}

function timeOf(sender: Sender, sequence: number): number {
  return sender.times[sequence % TIMES] ?? 0;
}
