// r7-ioserver: what the threads share.
import { type ChannelMemory, newChannel } from "../shared/threads/channel.ts";
import { newParking, type Parking } from "../shared/threads/parker.ts";
import type { PortMemory } from "../shared/threads/port.ts";
import { newReadyList, type ReadyListMemory } from "../shared/threads/ready-list.ts";

/** How many bytes a message of a port has at most: what a `recv` of the proactor brings. */
export const PIECE = 16384;
/** How many messages a ring of a port holds; more than are ever under way in it. */
const MESSAGES = 4;
/** Words of a port: two rings, whose ends are on cache lines of their own, and five words more. */
const ENDS = 32;
const WORDS = 2 * (ENDS + MESSAGES) + 5;

/** Plain data, for all threads. */
export interface SharedMemory {
  /** The program threads are 0, 1, …; the I/O thread sleeps in the kernel. */
  readonly parking: Parking;
  /** How many ports there are. */
  readonly ports: number;
  /** The rings of all ports. */
  readonly words: SharedArrayBuffer;
  /** The bytes of all ports: for each a piece that has come, and one that is to be sent. */
  readonly bytes: SharedArrayBuffer;
  /** Whose each port is: the number of a program thread, or one of `OWNERS`. */
  readonly owners: Int32Array<SharedArrayBuffer>;
  /** Ports that are new: each is taken by one of the program threads. */
  readonly accepted: ChannelMemory;
  /** Ports in which a program thread has asked for something. */
  readonly asked: ReadyListMemory;
  /** Of each program thread: ports in which the I/O thread has said something. */
  readonly said: readonly ReadyListMemory[];
  /** What the main thread wants: `ORDERS`. */
  readonly orders: Int32Array<SharedArrayBuffer>;
}

/** Whose a port is that no program thread has. */
export const OWNERS = { nobody: -1, offered: -2 } as const;

/** Words that the main thread writes for the I/O thread, before it wakes it. */
export const ORDERS = {
  /** 1 from the time on when no more clients are to come in. */
  stop: 0,
  /** 1 when the program threads have ended. */
  end: 1,
  /** A bit for each program thread that has died. */
  died: 2,
} as const;

export function newSharedMemory(ports: number, threads: number): SharedMemory {
  const parking = newParking();
  const said = Array.from({ length: threads }, () => newReadyList(ports, parking));
  return {
    parking,
    ports,
    words: new SharedArrayBuffer(4 * WORDS * ports),
    // The system gives memory when it is first touched: a port that nobody needs costs none.
    bytes: new SharedArrayBuffer(2 * PIECE * ports),
    owners: new Int32Array(new SharedArrayBuffer(4 * ports)).fill(OWNERS.nobody),
    // When a thread dies a port may be offered twice, and still there is room.
    accepted: newChannel(2 ** (1 + Math.ceil(Math.log2(ports + 1))), parking),
    asked: newReadyList(ports, parking),
    said,
    orders: new Int32Array(new SharedArrayBuffer(12)),
  };
}

/** The rings of a port. End 0 is the I/O thread's. */
export function portAt({ words, parking }: SharedMemory, number: number): PortMemory {
  let at = 4 * WORDS * number;
  const take = (length: number) => {
    const taken = new Int32Array(words, at, length);
    at += 4 * length;
    return taken;
  };
  const ring = () => ({ ends: take(ENDS), slots: take(MESSAGES) });
  const list = () => ({ waiting: take(1), parking });
  return {
    rings: [ring(), ring()],
    closed: take(1),
    receivers: [list(), list()],
    senders: [list(), list()],
  };
}

/** The bytes of a port: what has come, and what is to be sent. */
export function piecesAt({ bytes }: SharedMemory, number: number) {
  const at = 2 * PIECE * number;
  return {
    come: Buffer.from(bytes, at, PIECE),
    toSend: Buffer.from(bytes, at + PIECE, PIECE),
  };
}
