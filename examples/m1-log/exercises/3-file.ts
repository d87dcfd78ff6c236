// m1, exercise 3: the log is also in a file, and is read again after a crash.
// Page: docs/m1-log.md
// Next: the log is in the memory of one process, which is still the only server.
import { randomUUID } from "node:crypto";
import { appendFileSync, ftruncateSync, openSync, readFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { prettyFactory } from "pino-pretty";
import { isLoopback, NetworkCount } from "../../shared/client-address.ts";
import { CountingLog } from "../../shared/counting-log.ts";
import {
  choice,
  commandLine,
  ipAddress,
  number,
  seconds,
  toggle,
} from "../../shared/flags.ts";
import { LineDecoder } from "../../shared/line-batches.ts";
import { listed } from "../../shared/listed.ts";
import { addressOf, whyNotListening } from "../../shared/listening.ts";
import { distinctNames, takeName } from "../../shared/names.ts";
import { CHUNK, OutQueue } from "../../shared/out-queue.ts";
import { pause, readPieces } from "../../shared/pieces.ts";
import { Refusals } from "../../shared/refusals.ts";
import { isBlank, isLongerThan, safeTextOf } from "../../shared/safe-text.ts";
import { Tally } from "../../shared/tally.ts";
import { TelnetFilter } from "../../shared/telnet.ts";
import { TokenBucket } from "../../shared/token-bucket.ts";
import {
  Chat,
  type Effect,
  type Entry,
  keyOf,
  type Line,
  subjectOf,
  type User,
} from "../fold.ts";
import { Log } from "../log.ts";

/** The path of the log's file. Without one, the log ends with the process. */
const FILE = process.env["LOG"] ?? "";
const HELP = readFileSync(new URL("../help.txt", import.meta.url), "utf8");
const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];
/** The range that Linux accepts, in seconds (tcp(7), TCP_KEEPIDLE). */
const KEEP_ALIVE = { min: 1, max: 32767 };
const FLAGS = {
  "Where it listens": {
    ip: ipAddress("127.0.0.1", "the address", { short: "i" }),
    port: number(42069, "the port, 0: any", { short: "p", env: "PORT", max: 65535 }),
  },
  "What a client may send": {
    "max-message": number(400, "characters of a message", { min: 1 }),
    "max-line": number(16384, "bytes without a line end", { min: 64 }),
    burst: number(20, "lines at once", { min: 1 }),
    rate: number(10, "lines a second after that, 0: no limit", { fraction: true }),
  },
  "What a client may leave unread": {
    "max-queued": number(262144, "bytes queued besides the room's log", { min: 4096 }),
    "max-stuck": seconds(30, "seconds in which it takes nothing", { min: 0.1 }),
  },
  "Who may connect": {
    "max-clients": number(10000, "connections in all", { min: 1 }),
    "per-address": number(16, "connections from one address", { min: 1 }),
    "limit-loopback": toggle("from this machine too"),
    "keep-alive": number(60, "seconds until TCP probes a silent peer", KEEP_ALIVE),
  },
  "How it ends": {
    grace: seconds(5, "seconds for clients to take their last lines"),
  },
  "What it says": {
    "log-level": choice("info", "how much is logged", LEVELS, { env: "LOG_LEVEL" }),
    help: toggle("prints this", { short: "h" }),
  },
};

/** How many messages a room keeps for a member that does not keep up. */
const CAPACITY = 1024;
/** A flush of notices waits this many times as long as the last flush took. */
const NOTICE_DELAY = 10;
/** How many of a room's last lines a user gets who joins. */
const HISTORY = 10;
/** The maximum length of a line of a list without its newline, in bytes. */
const LIST_LINE = 4094;
/** The most lines and characters of an entry; further lines go into the next one. */
const ENTRY_LINES = 256;
const ENTRY_LENGTH = 65_536;
/** How many entries of a room may wait to be appended before its speakers have to wait. */
const PENDING = 4;
/** How long appending the last lines may take when the server stops, in milliseconds. */
const LAST_LINES_MS = 500;
/** The period in which a repeated event is logged once, then counted, in milliseconds. */
const TALLY_PERIOD = 10_000;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{1,19}$/;
/** Names that nobody may take, because they would not look like a user's. */
const RESERVED = new Set(["server", "system", "admin", "you", "main"]);
/** How an HTTP request and a TLS handshake begin; no chat client starts like that. */
const HTTP = /^[A-Z][A-Z\d_-]* \S+ HTTP\/\d/;
const TLS_HELLO = 22;

const options = commandLine(
  "A chat server. Connect with any line client, such as telnet or nc.",
  FLAGS,
);
const logger = openLogger();
const tally = new Tally(TALLY_PERIOD, (event, times) => logger.warn({ times }, event));

/** A connection, and its user in the log. */
interface Member {
  readonly socket: Socket;
  /** What waits for it outside of its room's messages. */
  readonly out: OutQueue;
  /** The id of its user; a new one each time it enters the chat. */
  id: string;
  /** Empty until it has a name. */
  name: string;
  room: string;
  /** Sends it the messages of its room; undefined while it is in none. */
  audience: Audience | undefined;
  /** How many bytes it had sent when it was cut off: what it said in these is lost. */
  lostTo: number;
  /** Settles when all its lines have been read back, or are lost. */
  said: Promise<void>;
  /** Settles when it has entered the chat; undefined once it has. */
  entering: Promise<void> | undefined;
  /** Whether it has left, or is about to. Then it does not enter again. */
  leaving: boolean;
  /** The number of the next message of the room to write to the socket. */
  cursor: number;
  /** How many messages it missed by being too slow, and has not been notified of yet. */
  missed: number;
}

/**
 * The members of a room that are connected to this server. Keeps the room's messages as
 * bytes, encoded once, until every member's socket has taken them. All messages of a turn
 * of the event loop go in a single write.
 *
 * ```text
 *   message    7   8   9   10  11
 *   #log      [m7  m8  m9  m10 m11]          #start 7
 *   #flushed           ^                     m9 to m11 wait for the end of the turn
 *   Ann                ^                     has received everything flushed, like most
 *   Bob        ^                             does not read what is written to it
 * ```
 */
class Audience {
  readonly #members = new Set<Member>();
  #log: Buffer[] = [];
  /** The number of the first message in the log. */
  #start = 0;
  /** The number of the first message that no flush has seen. */
  #flushed = 0;
  /** A flush is scheduled for the end of this turn. */
  #flushing = false;
  /** How long the last flush took, in milliseconds. */
  #lastFlushMs = 0;

  /** How many members are in it. */
  get size(): number {
    return this.#members.size;
  }

  /** Adds a member, which gets all messages that are sent from now on. */
  add(member: Member): void {
    this.#members.add(member);
    member.cursor = this.#end;
  }

  remove(member: Member): void {
    this.handOver(member);
    this.#members.delete(member);
  }

  send(message: string): void {
    // Others may speak in this turn too: wait until every socket has been read.
    if (!this.#flushing) setImmediate(() => this.#flush());
    this.#flushing = true;
    this.#append(message);
  }

  /**
   * Announces who joined or left. Clients that connect at once arrive one per turn: a flush
   * for each would write n lines to n members one by one. Once that is slow, notices wait.
   */
  announce(message: string): void {
    if (this.#lastFlushMs < 1) {
      this.send(message);
    } else {
      if (this.#end === this.#flushed)
        setTimeout(() => this.#flush(), this.#lastFlushMs * NOTICE_DELAY);
      this.#append(message);
    }
  }

  #append(message: string): void {
    this.#log.push(Buffer.from(`${message}\n`));
    // A member may lag by this many: flush now, or our own delay would make members lag.
    if (this.#end - this.#flushed === CAPACITY) this.#flush();
  }

  /** Writes to a member what it has not received yet, until its socket is full. */
  deliver(member: Member): void {
    if (!member.out.ready) return;
    this.#reportMissed(member);
    while (member.out.ready && member.cursor < this.#end) {
      const messages = this.#next(member.cursor);
      member.cursor += messages.length;
      member.out.write(Buffer.concat(messages));
    }
  }

  /**
   * Writes to a member everything that it has not received yet; what its socket does not
   * take waits in its queue. So a member that leaves gets all earlier messages, or learns
   * how many it missed.
   */
  handOver(member: Member): void {
    this.deliver(member);
    this.#reportMissed(member);
    for (const message of this.#log.slice(member.cursor - this.#start))
      member.out.write(message);
    member.cursor = this.#end;
  }

  #reportMissed(member: Member): void {
    if (member.missed === 0) return;
    note("lagged", { ...who(member), missed: member.missed });
    member.out.write(
      `Server is very busy and dropped ${member.missed} messages, sorry!\n`,
    );
    member.missed = 0;
  }

  #flush(): void {
    this.#flushing = false;
    if (this.#flushed === this.#end) return;
    const began = performance.now();
    const batch = Buffer.concat(this.#log.slice(this.#flushed - this.#start));
    let slowest = this.#end;
    for (const member of this.#members) {
      const isUpToDate = member.cursor === this.#flushed && member.missed === 0;
      if (isUpToDate && member.out.ready && batch.length <= CHUNK) {
        member.out.write(batch);
        member.cursor = this.#end;
        continue;
      }
      this.deliver(member);
      const missed = this.#end - CAPACITY - member.cursor;
      if (missed > 0) {
        member.missed += missed;
        member.cursor += missed;
      }
      slowest = Math.min(slowest, member.cursor);
    }
    this.#log.splice(0, slowest - this.#start);
    this.#start = slowest;
    this.#flushed = this.#end;
    this.#lastFlushMs = performance.now() - began;
  }

  /** The number of the next message. */
  get #end(): number {
    return this.#start + this.#log.length;
  }

  /** The messages from `cursor` on that go in one write: at least one. */
  #next(cursor: number): Buffer[] {
    const from = cursor - this.#start;
    let to = from;
    for (let bytes = 0; to < this.#log.length; to += 1) {
      bytes += this.#log[to]?.length ?? 0;
      if (bytes > CHUNK && to > from) break;
    }
    return this.#log.slice(from, to);
  }
}

/** Lines that are appended as one entry. */
interface Batch {
  readonly lines: Line[];
  length: number;
  /** Settles when the entry has been read back, or is lost. */
  readonly done: Promise<void>;
  readonly settle: () => void;
}

/**
 * The lines of a room that are not in the log yet. Those of one turn go as one entry, and
 * only one entry is in flight at a time. So a retry cannot change their order, and the
 * slower the log is, the more lines share an entry.
 *
 * ```text
 *   say ──▶ #batches [2 lines | 256 lines] ──▶ entry in flight ──▶ the log
 *                     ▲ takes new lines
 * ```
 */
class Pending {
  readonly #room: string;
  readonly #batches: Batch[] = [];
  /** Whether an entry is in flight, or will be at the end of this turn. */
  #sending = false;

  constructor(room: string) {
    this.#room = room;
  }

  /** Whether so many entries wait that a user who says more has to wait, too. */
  get isFull(): boolean {
    return this.#batches.length > PENDING;
  }

  /** @returns A promise that settles when the line has been read back, or is lost. */
  add(line: Line): Promise<void> {
    const batch = this.#open();
    batch.lines.push(line);
    batch.length += line[1].length;
    // Others may speak in this turn too: wait until every socket has been read.
    if (!this.#sending) setImmediate(() => void this.#send());
    this.#sending = true;
    return batch.done;
  }

  /** Discards the lines that wait: their names may belong to other users by now. */
  drop(): void {
    for (const { settle } of this.#batches.splice(0)) settle();
  }

  /** The batch that takes the next line. */
  #open(): Batch {
    const last = this.#batches.at(-1);
    if (last && last.lines.length < ENTRY_LINES && last.length < ENTRY_LENGTH)
      return last;
    let settle = () => {};
    const done = new Promise<void>((resolve) => (settle = resolve));
    const batch = { lines: [], length: 0, done, settle };
    this.#batches.push(batch);
    return batch;
  }

  async #send(): Promise<void> {
    for (let batch = this.#batches.shift(); batch; batch = this.#batches.shift()) {
      const { lines, settle } = batch;
      const { seq } = await log.append({ kind: "say", room: this.#room, life, lines });
      await folded(seq);
      settle();
    }
    this.#sending = false;
    pendings.delete(keyOf(this.#room));
  }
}

const names = distinctNames();
/** All users with a connection, including those that have left and still read. */
const members = new Set<Member>();
/** The members that have a user in the log, or are about to, by its id. */
const byId = new Map<string, Member>();
/** Per room, by its key: its members on this server, and their lines not yet in the log. */
const audiences = new Map<string, Audience>();
const pendings = new Map<string, Pending>();
/** The last lines of each room, by its key. */
const histories = new Map<string, string[]>();
/** Tasks that wait until an entry has been read, in the order of the entries. */
const waiting: { readonly seq: number; readonly wake: () => void }[] = [];
const networks = new NetworkCount();
const refusals = new Refusals();
let stopping = false;
/** This server's identity in its entries. Replaced when the log declares it dead. */
let life = randomUUID();
let ids = 0;
const file = FILE === "" ? undefined : openFile();
/** Whether the entries being read come from the file. */
let isOld = true;
const chat = new Chat();
const log = new Log(subjectOf);

/** Reads an entry, which takes effect only now, even if it is our own. */
function read(seq: number, entry: Entry): void {
  // Before any user sees its effects.
  if (file !== undefined && !isOld) appendFileSync(file, `${JSON.stringify(entry)}\n`);
  const isOurDeath = entry.kind === "dead" && entry.life === life;
  for (const effect of chat.apply(seq, entry)) show(effect, isOurDeath);
  if (isOurDeath && !stopping) liveOn();
  while (waiting[0] && waiting[0].seq <= seq) waiting.shift()?.wake();
}

/** Opens the log's file for reading and appending. Exits if that fails. */
function openFile(): number {
  try {
    return openSync(FILE, "a+");
  } catch (error) {
    console.error(`Cannot open the log: ${(error as Error).message}`);
    process.exit(1);
  }
}

/** Reads the log of an earlier process, and declares its servers dead. */
async function readFile(): Promise<void> {
  if (file === undefined) return;
  const bytes = readFileSync(file);
  // A crash may have cut off the last entry. No user has seen its effects.
  const whole = bytes.subarray(0, bytes.lastIndexOf("\n") + 1);
  if (whole.length < bytes.length) ftruncateSync(file, whole.length);
  for (const line of `${whole}`.split("\n").slice(0, -1)) {
    await folded((await log.append(JSON.parse(line))).seq);
  }
  isOld = false;
  for (const life of chat.lives()) {
    await folded((await log.append({ kind: "dead", life })).seq);
  }
}

/** Waits until an entry has been read. */
function folded(seq: number): Promise<void> {
  if (seq <= chat.seq) return Promise.resolve();
  return new Promise((wake) => {
    let at = waiting.length;
    while (at > 0 && (waiting[at - 1]?.seq ?? 0) > seq) at -= 1;
    waiting.splice(at, 0, { seq, wake });
  });
}

/** Shows an effect to the members on this server that it concerns. */
function show(effect: Effect, isOurDeath: boolean): void {
  const audience = audiences.get(keyOf(effect.room));
  switch (effect.kind) {
    case "said":
      remember(effect.room, effect.lines);
      for (const [name, line] of effect.lines) audience?.send(`${name}: ${line}`);
      return;
    case "renamed":
      audience?.send(`${effect.was} is now ${effect.user.name}`);
      renamed(effect.user);
      return;
    case "joined":
      audience?.announce(`${effect.user.name} joined`);
      arrive(effect.user);
      return;
    case "moved":
      depart(effect.user, effect.from);
      audience?.announce(`${effect.user.name} joined`);
      arrive(effect.user, `You left ${effect.from}\n`);
      return;
    case "left":
      // Its connection stays open: it keeps reading, and will enter the chat again. But
      // when we stop, our users read only the goodbye.
      if (!isOurDeath) depart(effect.user, effect.room);
      else if (!stopping) audience?.announce(`${effect.user.name} left`);
      return;
    default:
      effect satisfies never;
  }
}

/** Keeps the last lines of a room. */
function remember(room: string, lines: readonly Line[]): void {
  const history = histories.get(keyOf(room)) ?? [];
  history.push(...lines.map(([name, line]) => `${name}: ${line}\n`));
  histories.set(keyOf(room), history.slice(-HISTORY));
}

/** Handles a user joining a room, if it is connected to this server. */
function arrive(user: User, before = ""): void {
  const member = byId.get(user.id);
  if (!member) return;
  const { out } = member;
  if (member.audience) {
    // It was in the chat before, and has kept reading.
    member.audience.deliver(member);
    if (member.name !== user.name) out.write(`You are ${user.name} now\n`);
  } else {
    // Another user may have created it, too, and spelled it in another way.
    const room = chat.roomNamed(user.room);
    const greeting = member.name === "" ? `You are ${user.name}\n` : before;
    const history = histories.get(keyOf(user.room)) ?? [];
    out.write(`${greeting}You joined ${room}\n${history.join("")}`);
    member.room = room;
    member.audience = openAudience(room);
    member.audience.add(member);
  }
  member.name = user.name;
}

/** Handles a change of name. */
function renamed({ id, name }: User): void {
  const member = byId.get(id);
  if (member) member.name = name;
}

/** Handles a user leaving a room, in which this server may have other members. */
function depart(user: User, room: string): void {
  const audience = audiences.get(keyOf(room));
  const member = byId.get(user.id);
  if (member) detach(member);
  audience?.announce(`${user.name} left`);
}

/** Sends a member no more messages of its room. */
function detach(member: Member): void {
  const { audience, room } = member;
  audience?.remove(member);
  if (audience?.size === 0) audiences.delete(keyOf(room));
  member.audience = undefined;
}

function openAudience(room: string): Audience {
  const key = keyOf(room);
  const audience = audiences.get(key) ?? new Audience();
  audiences.set(key, audience);
  return audience;
}

/**
 * The log declares this server dead, because it did not answer for too long. It begins a
 * new life, and its members, which have kept reading, enter the chat again.
 */
function liveOn(): void {
  logger.warn({ life }, "declared dead");
  life = randomUUID();
  for (const pending of pendings.values()) pending.drop();
  // A copy, because each member gets a new id.
  for (const member of [...byId.values()]) {
    if (!member.audience || member.leaving) continue;
    member.lostTo = member.socket.bytesRead;
    member.audience.deliver(member);
    member.out.write("You were cut off: what was said here meanwhile is lost\n");
    member.entering ??= enter(member);
  }
}

/** Gives a member a name, its own if that is free, and puts it into its room. */
async function enter(member: Member): Promise<void> {
  let { name } = member;
  while (!chat.user(member.id) && !stopping) {
    byId.delete(member.id);
    ids += 1;
    member.id = `${life}.${ids}`;
    byId.set(member.id, member);
    if (name === "" || !isFree(member, name)) {
      name = takeName(names, (fresh) => isFree(member, fresh));
    }
    await become(member, name, member.room);
  }
  member.entering = undefined;
  logger.info(who(member), "connected");
}

function isFree(member: Member, name: string): boolean {
  return !RESERVED.has(keyOf(name)) && chat.isFreeFor(member.id, name);
}

/**
 * Appends that a member has this name and is in this room, and waits until it is read.
 *
 * @returns False when another user has the name; true when it is done, or this life over.
 */
async function become(member: Member, name: string, room: string): Promise<boolean> {
  const { id } = member;
  const entry: Entry = { kind: "name", name, id, life, room: chat.roomNamed(room) };
  while (isFree(member, name)) {
    // If several users take a name at once, on any servers, compare-and-set accepts one.
    const { seq, done } = await log.append(entry, chat.lastOf(name));
    await folded(seq);
    if (done || entry.life !== life) return true;
  }
  return false;
}

/** Appends that a member's name is free, and waits until the entry is read. */
async function giveBack(member: Member, name: string): Promise<void> {
  const entry: Entry = { kind: "gone", name, life };
  while (entry.life === life && chat.holds(member.id, name)) {
    const { seq } = await log.append(entry, chat.lastOf(name));
    await folded(seq);
  }
}

/** Takes a member out of the chat. */
async function leave(member: Member): Promise<void> {
  member.leaving = true;
  await member.entering;
  await member.said;
  await giveBack(member, member.name);
  // If this server was declared dead, no "left" effect has detached the member.
  detach(member);
  byId.delete(member.id);
}

/** Accepts a connection, or says why not. */
function welcome(socket: Socket): void {
  // A pending read or write reports a lost connection. While neither is pending, an 'error'
  // event without a listener would crash the process.
  socket.on("error", () => {});
  const { remoteAddress } = socket;
  const why = remoteAddress === undefined ? "You left" : whyNot(remoteAddress);
  if (remoteAddress === undefined || why !== undefined) {
    note("refused", { from: remoteAddress, why });
    refusals.refuse(socket, `${why}, try again later\n`);
    return;
  }
  socket.on("close", networks.add(remoteAddress));
  // Not awaited: it is a task of its own. An error in it ends this client, and no other.
  handleUser(socket).catch((error: Error) => {
    logger.error({ error: error.stack }, "lost a user");
    socket.destroy();
  });
}

/** Why there is no place for a client from this address; undefined when there is one. */
function whyNot(address: string): string | undefined {
  if (members.size >= options["max-clients"]) return "Server is full";
  if (isLoopback(address) && !options["limit-loopback"]) return undefined;
  if (networks.of(address) < options["per-address"]) return undefined;
  return "Too many connections from you";
}

async function handleUser(socket: Socket): Promise<void> {
  const ready = () => member.audience?.deliver(member);
  const member: Member = {
    socket,
    out: new OutQueue(socket, options["max-queued"], ready),
    id: "",
    name: "",
    room: "main",
    audience: undefined,
    lostTo: 0,
    said: Promise.resolve(),
    entering: undefined,
    leaving: false,
    cursor: 0,
    missed: 0,
  };
  members.add(member);
  socket.on("close", () => members.delete(member));
  try {
    member.out.write(HELP);
    member.entering = enter(member);
    await member.entering;
    await converse(member);
  } catch (error) {
    if (!socket.destroyed) throw error;
    note("reset", who(member));
  } finally {
    await leave(member);
    logger.info(who(member), "disconnected");
    // A client that has finished sending may still be reading: what is queued goes out
    // first. What it still sends is read and dropped, because unread bytes cause a reset.
    member.out.end();
    socket.resume();
  }
}

/** Reads and answers a client's lines, until it leaves. */
async function converse(member: Member): Promise<void> {
  const { socket, out } = member;
  const telnet = new TelnetFilter();
  const decoder = new LineDecoder(options["max-line"], safeTextOf);
  const bucket = new TokenBucket(options.burst, options.rate);
  let isFirst = true;
  /** The bytes of the pieces before this one. */
  let received = 0;
  for await (const piece of readPieces(socket)) {
    if (isFirst && socket.bytesRead === piece.length && piece[0] === TLS_HELLO) return;
    for (const line of decoder.decode(telnet.filter(piece))) {
      const wait = bucket.take();
      if (wait > 0) {
        // The rest of a flood waits on the flooder's own machine.
        note("flood", who(member));
        await pause(socket, wait);
      }
      await member.entering;
      if (out.ended || socket.destroyed) return;
      if (isFirst && line !== undefined && HTTP.test(line)) return;
      isFirst = false;
      if (line === undefined) await reply(member, "Lines must be UTF-8");
      else if (line.startsWith("/")) {
        if ((await obey(member, line)) === "quit") return;
      } else if (received >= member.lostTo) await say(member, line);
    }
    if (decoder.tooLong) {
      note("line too long", who(member));
      return reply(member, `Lines can only be ${options["max-line"]} bytes long`);
    }
    if (telnet.ended !== undefined) return;
    received += piece.length;
  }
}

async function say(member: Member, line: string): Promise<void> {
  const limit = options["max-message"];
  if (isLongerThan(line, limit)) {
    return reply(member, `Messages can only be ${limit} chars long`);
  }
  if (isBlank(line)) return;
  const key = keyOf(member.room);
  const pending = pendings.get(key) ?? new Pending(member.room);
  pendings.set(key, pending);
  member.said = pending.add([member.name, line]);
  if (pending.isFull) await member.said;
}

type Answer = readonly string[] | Promise<readonly string[]>;
/** The commands, each with the lines of its answer. */
const COMMANDS = new Map<string, (member: Member, argument: string) => Answer>([
  ["/help", () => HELP.trimEnd().split("\n")],
  ["/name", changeName],
  ["/rooms", () => listed("Rooms - ", chat.rooms(), LIST_LINE)],
  ["/join", changeRoom],
  ["/users", ({ room }) => listed("Users - ", chat.usersIn(room), LIST_LINE)],
]);

async function obey(member: Member, line: string): Promise<"quit" | undefined> {
  const [command = "", argument = ""] = line.split(/\s+/);
  if (command === "/quit") return "quit";
  const answer = COMMANDS.get(command);
  // Its earlier lines come first, in the log and on its screen.
  await member.said;
  await member.entering;
  if (answer) await reply(member, ...(await answer(member, argument)));
  else {
    const word = [...command].slice(0, 32).join("");
    await reply(member, `Unrecognized command ${word}, try /help`);
  }
  return undefined;
}

/**
 * Answers a client, after what was said in the room before, unless its socket is full.
 * Waits while too much is queued for the client, and so stops reading from it.
 */
async function reply(member: Member, ...lines: string[]): Promise<void> {
  await member.said;
  member.audience?.deliver(member);
  for (const line of lines) {
    await member.out.fits(line.length);
    member.out.write(`${line}\n`);
  }
}

/** The new name is announced when its entry is read, so only a refusal is answered. */
async function changeName(member: Member, name: string): Promise<string[]> {
  if (!NAME.test(name)) return ["Name must be 2 - 20 alphanumeric chars"];
  if (name === member.name) return [`You are ${name}`];
  let id: string;
  do {
    id = member.id;
    const was = member.name;
    if (!(await become(member, name, member.room))) return [`${name} is already taken`];
    if (member.id === id && keyOf(name) !== keyOf(was)) await giveBack(member, was);
    await member.entering;
    // With another id it has entered again, and that may be by its old name: ask again.
  } while (member.id !== id && member.name !== name);
  return [];
}

async function changeRoom(member: Member, name: string): Promise<string[]> {
  if (!NAME.test(name)) return ["Room must be 2 - 20 alphanumeric chars"];
  if (keyOf(name) === keyOf(member.room)) return [`You are in ${chat.roomNamed(name)}`];
  let id: string;
  do {
    id = member.id;
    await become(member, member.name, name);
    await member.entering;
    // With another id it has entered again, and that may be its old room: ask again.
  } while (member.id !== id && keyOf(member.room) !== keyOf(name));
  return [];
}

/** Disconnects clients that take nothing that is queued, or do not close after we have. */
function closeStuck(): void {
  const now = performance.now();
  for (const { name, out, socket } of members) {
    if (out.stuckFor(now) < options["max-stuck"] * 1000) continue;
    logger.warn({ user: name, from: socket.remoteAddress, bytes: out.bytes }, "stuck");
    socket.destroy();
  }
}

/** Logs an event that may occur thousands of times: the first in full, then a count. */
function note(event: string, fields: Record<string, unknown>): void {
  if (tally.isFirst(event)) logger.warn(fields, event);
}

/** Says goodbye and exits when all have closed, or after `grace`; called again, at once. */
async function stop(signal: "SIGINT" | "SIGTERM"): Promise<void> {
  if (stopping) process.exit(128 + constants.signals[signal]);
  stopping = true;
  tally.flush();
  logger.info({ signal, clients: members.size }, "stopping");
  server.close(() => process.exit(0));
  setTimeout(() => process.exit(0), options.grace * 1000);
  await Promise.race([die(), sleep(LAST_LINES_MS)]);
  for (const member of members) {
    // What was said before the goodbye goes out before it.
    member.audience?.handOver(member);
    member.out.end("Server is shutting down, goodbye!\n");
  }
}

/** Waits for all lines, then appends that this server is dead: its users leave at once. */
async function die(): Promise<void> {
  await Promise.all(Array.from(members, ({ said }) => said));
  const { seq } = await log.append({ kind: "dead", life });
  await folded(seq);
}

/** A member in the log: its address is the same under all names. */
function who({ name, socket }: Member) {
  // Known even after a reset, because Node keeps an address that was read before.
  return { user: name, from: socket.remoteAddress };
}

/** A log that cannot stop the server: readable text on a terminal, else JSON. */
function openLogger() {
  const forPeople = process.stderr.isTTY ? prettyFactory({ colorize: true }) : String;
  const lost = (count: number) =>
    forPeople(
      `${JSON.stringify({ level: 40, time: Date.now(), count, msg: "log lost" })}\n`,
    );
  const output = new CountingLog(2, lost);
  return pino(
    { level: options["log-level"] },
    { write: (line: string) => output.write(forPeople(line)) },
  );
}

// A client that has finished sending may still want to read: keep our half open.
// No delay: the room gathers small writes, so the kernel need not (Nagle's algorithm).
const server = createServer({
  allowHalfOpen: true,
  noDelay: true,
  keepAlive: true,
  keepAliveInitialDelay: options["keep-alive"] * 1000,
});
server.on("connection", welcome);
server.on("error", (error: NodeJS.ErrnoException) => {
  // The kernel is out of memory, for example: that may pass, and the chat goes on.
  if (server.listening) return note("cannot accept", { error: error.message });
  console.error(whyNotListening(options, error));
  process.exit(1);
});
// Standard output may be a pipe whose reader goes away.
process.stdout.on("error", () => {});
await log.follow(read);
await readFile();
server.listen(options.port, options.ip, 4096, () => {
  console.log(`listening on ${addressOf(server)}`);
});
setInterval(closeStuck, Math.min(1_000, options["max-stuck"] * 250)).unref();
process.on("SIGINT", () => void stop("SIGINT"));
process.on("SIGTERM", () => void stop("SIGTERM"));
// A terminal that closes should not take the chat with it.
process.on("SIGHUP", () => logger.info("hangup ignored"));
