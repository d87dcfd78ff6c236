// r9-chat: a room and its messages, which stay bytes from the read to the write.
import type { AsyncStream } from "../shared/runtime/net.ts";
import { CHUNK, type Outbox } from "../shared/runtime/outbox.ts";
import type { TokenBucket } from "../shared/token-bucket.ts";

/** How many messages a room keeps for a member that does not keep up. */
const CAPACITY = 1024;
/** A flush of notices waits this many times as long as the last flush took. */
const NOTICE_DELAY = 10;
/** How many turns in a row a flush is postponed because messages keep coming. */
const MAX_POSTPONED = 4;
const [LF, CR, SPACE, TILDE, SLASH, COLON] = [10, 13, 32, 126, 47, 58];

/** What a room knows about a user. */
export interface Member {
  /** What is queued for it outside its room's log. */
  readonly out: Outbox;
  /** The address that it connects from. */
  readonly from: string;
  /** ASCII, like every name in the chat. */
  name: string;
  /** The number of the room's next message to send to it. */
  cursor: number;
  /** How many messages it missed by being too slow, and has not been notified of yet. */
  missed: number;
}

/** A user of the chat, with a line client or the page. */
export interface User extends Member {
  readonly stream: AsyncStream;
  /** Limits how often it may speak. */
  readonly bucket: TokenBucket;
  room: Room;
}

/** Schedules the flushes of rooms. */
export interface Flushes {
  /** Calls `settle` at the end of each turn, until the room has flushed. */
  soon(room: Room): void;
  /** Flushes a room in `ms` milliseconds. */
  later(room: Room, ms: number): void;
  /** Called when a member is notified of the messages that it missed. */
  missed(member: Member): void;
}

/**
 * A room keeps its messages as bytes, back to back, until the kernel has taken them for
 * every member. A plain line is copied once, from the input buffer to this log, and sent to
 * all members from here, without being decoded to a string.
 *
 * ```text
 *   message     7      8     9        10    11
 *   #log       |ann: h|bob:…|ann: …  |bob:…|eve: …|        #start 7
 *   #ends             ^     ^        ^     ^      ^
 *   #flushed                ^                              9 to 11 wait for the end of the turn
 *   Ann                     ^                              has received everything flushed
 *   Bob               ^                                    does not read what is sent to it
 * ```
 */
export class Room {
  readonly name: string;
  readonly #flushes: Flushes;
  readonly #members = new Set<Member>();
  #log = Buffer.allocUnsafeSlow(1024);
  /** Where in the log each message ends. */
  #ends: number[] = [];
  /** How many bytes of the log are used. */
  #size = 0;
  /** The number of the first message in the log. */
  #start = 0;
  /** The number of the first message that no flush has seen. */
  #flushed = 0;
  #isFlushing = false;
  /** The number of the next message, at the end of the last turn. */
  #seen = 0;
  /** How many turns a flush has been postponed. */
  #waited = 0;
  /** How long the last flush took, in milliseconds. */
  #lastFlushMs = 0;

  constructor(name: string, flushes: Flushes) {
    this.name = name;
    this.#flushes = flushes;
  }

  /** How many users are in it. */
  get size(): number {
    return this.#members.size;
  }

  /** Their names, sorted. */
  list(): string[] {
    return Array.from(this.#members, ({ name }) => name).sort();
  }

  join(member: Member): void {
    this.#announce(`${member.name} joined`);
    this.#members.add(member);
    member.cursor = this.#end;
  }

  leave(member: Member): void {
    this.handOver(member);
    this.#members.delete(member);
    this.#announce(`${member.name} left`);
  }

  send(message: string): void {
    this.#soon();
    this.#append(Buffer.from(`${message}\n`));
  }

  // #region say
  /**
   * Takes a user's line straight from the input buffer if it is plain, as nearly all are:
   * printable ASCII, not a command, not too long, complete. Checks and copies in one pass.
   *
   * @param most The longest message, in characters.
   * @returns Where the next line begins; -1 if this one is not plain, and nothing changes.
   */
  say({ name }: Member, bytes: Uint8Array, from: number, to: number, most: number) {
    if (bytes[from] === SLASH) return -1;
    const end = Math.min(to, from + most + 2);
    this.#reserve(name.length + 2 + end - from);
    const log = this.#log;
    let at = this.#size;
    for (let each = 0; each < name.length; each += 1) log[at++] = name.charCodeAt(each);
    log[at++] = COLON;
    log[at++] = SPACE;
    const begin = at;
    let isBlank = true;
    for (let each = from; each < end; each += 1) {
      const byte = bytes[each] ?? 0;
      if (byte === LF) {
        if (at - begin > most) return -1;
        if (isBlank) return each + 1;
        log[at++] = LF;
        this.#soon();
        this.#added(at);
        return each + 1;
      }
      if (byte < SPACE || byte > TILDE) {
        if (byte === CR && bytes[each + 1] === LF && each + 1 < to) continue;
        return -1;
      }
      if (byte !== SPACE) isBlank = false;
      log[at++] = byte;
    }
    return -1;
  }
  // #endregion say

  /** Sends a member what it has not received yet, until its kernel buffer is full. */
  deliver(member: Member): void {
    if (!member.out.ready) return;
    this.#reportMissed(member);
    while (member.out.ready && member.cursor < this.#end) {
      const next = this.#nextAfter(member.cursor);
      member.out.write(this.#between(member.cursor, next));
      member.cursor = next;
    }
  }

  /**
   * Sends a member everything that it has not received yet; what the kernel does not take
   * waits in the member's outbox. So a user that leaves gets all earlier messages, or
   * learns how many it missed.
   */
  handOver(member: Member): void {
    this.deliver(member);
    this.#reportMissed(member);
    member.out.write(this.#between(member.cursor, this.#end));
    member.cursor = this.#end;
  }

  /**
   * Called at the end of a turn. Flushes, unless a message came in this turn: more may be
   * on the way, and polling the kernel again costs less than a write to each member.
   *
   * @returns Whether it has flushed. If not, call it again at the end of the next turn.
   */
  settle(): boolean {
    if (this.#seen !== this.#end && this.#waited < MAX_POSTPONED) {
      this.#seen = this.#end;
      this.#waited += 1;
      return false;
    }
    this.#waited = 0;
    this.flush();
    return true;
  }

  // #region flush
  /** Sends every member what it has not received yet. Most of them get the same bytes. */
  flush(): void {
    this.#isFlushing = false;
    const end = this.#end;
    if (this.#flushed === end) return;
    const began = performance.now();
    const batch = this.#between(this.#flushed, end);
    let slowest = end;
    for (const member of this.#members) {
      const isUpToDate = member.cursor === this.#flushed && member.missed === 0;
      if (isUpToDate && batch.length <= CHUNK && member.out.ready) {
        member.out.write(batch);
        member.cursor = end;
        continue;
      }
      this.deliver(member);
      const missed = end - CAPACITY - member.cursor;
      if (missed > 0) {
        member.missed += missed;
        member.cursor += missed;
      }
      if (member.cursor < slowest) slowest = member.cursor;
    }
    this.#forget(slowest);
    this.#flushed = end;
    this.#lastFlushMs = performance.now() - began;
  }
  // #endregion flush

  /**
   * Announces who joined or left. Clients that connect at once arrive one per turn: a flush
   * for each would send n lines to n members one by one. Once that is slow, notices wait.
   */
  #announce(message: string): void {
    if (this.#lastFlushMs < 1) this.send(message);
    else {
      if (this.#end === this.#flushed)
        this.#flushes.later(this, this.#lastFlushMs * NOTICE_DELAY);
      this.#append(Buffer.from(`${message}\n`));
    }
  }

  #reportMissed(member: Member): void {
    const { missed } = member;
    if (missed === 0) return;
    this.#flushes.missed(member);
    const text = `Server is very busy and dropped ${missed} messages, sorry!\n`;
    member.out.write(Buffer.from(text));
    member.missed = 0;
  }

  #soon(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    this.#flushes.soon(this);
  }

  #append(bytes: Buffer): void {
    this.#reserve(bytes.length);
    bytes.copy(this.#log, this.#size);
    this.#added(this.#size + bytes.length);
  }

  /** Records that a message is complete. @param size The log's new size, in bytes. */
  #added(size: number): void {
    this.#size = size;
    this.#ends.push(size);
    // A member may lag by this many: flush now, or our own delay would make members lag.
    if (this.#end - this.#flushed === CAPACITY) this.flush();
  }

  /** Makes room in the log for `length` more bytes. */
  #reserve(length: number): void {
    if (this.#size + length <= this.#log.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * (this.#size + length));
    this.#log.copy(larger, 0, 0, this.#size);
    this.#log = larger;
  }

  /** Drops the messages before `slowest`, which every member has received. */
  #forget(slowest: number): void {
    const count = slowest - this.#start;
    if (count === 0) return;
    const from = this.#ends[count - 1] ?? 0;
    this.#log.copyWithin(0, from, this.#size);
    this.#size -= from;
    this.#ends = this.#size === 0 ? [] : this.#ends.slice(count).map((end) => end - from);
    this.#start = slowest;
  }

  /** The number of the next message. */
  get #end(): number {
    return this.#start + this.#ends.length;
  }

  /** Where a message begins. */
  #beginOf(message: number): number {
    return message === this.#start ? 0 : (this.#ends[message - this.#start - 1] ?? 0);
  }

  #between(from: number, to: number): Uint8Array {
    return this.#log.subarray(this.#beginOf(from), this.#beginOf(to));
  }

  /** Where a batch from `cursor` ends: {@link CHUNK} bytes, or one longer message. */
  #nextAfter(cursor: number): number {
    const most = this.#beginOf(cursor) + CHUNK;
    if (this.#size <= most) return this.#end;
    let next = cursor + 1;
    for (let beyond = this.#end; beyond - next > 1; ) {
      const middle = (next + beyond) >> 1;
      if (this.#beginOf(middle) <= most) next = middle;
      else beyond = middle;
    }
    return next;
  }
}
