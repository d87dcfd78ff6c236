// r7-ioserver: the memory that the threads share.
import { type ChannelMemory, newChannel } from "../shared/threads/channel.ts";
import { newParking, type Parking } from "../shared/threads/parker.ts";
import type { PortMemory } from "../shared/threads/port.ts";
import { newReadyList, type ReadyListMemory } from "../shared/threads/ready-list.ts";

/** The most bytes per message of a port: as many as a `recv` of the proactor returns. */
export const PIECE = 16384;
/** How many messages a port's ring holds: as many as are ever in flight. */
const MESSAGES = 4;
/** Words per port: two rings, each end on its own cache line, and five more words. */
const ENDS = 32;
const WORDS = 2 * (ENDS + MESSAGES) + 5;

/** Plain data, passed to all threads. */
export interface SharedMemory {
  /** Where program threads 0, 1, … park. The I/O thread sleeps in the kernel instead. */
  readonly parking: Parking;
  /** The number of ports. */
  readonly ports: number;
  /** The rings of all ports. */
  readonly words: SharedArrayBuffer;
  /** The buffers of all ports: for each, one of bytes received and one of bytes to send. */
  readonly bytes: SharedArrayBuffer;
  /** The owner of each port: the number of a program thread, or one of `OWNERS`. */
  readonly owners: Int32Array<SharedArrayBuffer>;
  /** Ports of new clients: each is taken by one program thread. */
  readonly accepted: ChannelMemory;
  /** Ports with messages for the I/O thread. */
  readonly requests: ReadyListMemory;
  /** For each program thread: ports with messages for it. */
  readonly results: readonly ReadyListMemory[];
  /** Orders from the main thread: the words of `ORDERS`. */
  readonly orders: Int32Array<SharedArrayBuffer>;
}

/** The owner of a port that no program thread has taken. */
export const OWNERS = { none: -1, offered: -2 } as const;

/** Words that the main thread writes before it wakes the I/O thread. */
export const ORDERS = {
  /** 1 once no more clients should be accepted. */
  stop: 0,
  /** 1 when the program threads have ended. */
  end: 1,
  /** A bit for each program thread that has died. */
  died: 2,
} as const;

export function newSharedMemory(ports: number, threads: number): SharedMemory {
  const parking = newParking();
  const results = Array.from({ length: threads }, () => newReadyList(ports, parking));
  return {
    parking,
    ports,
    words: new SharedArrayBuffer(4 * WORDS * ports),
    // The kernel allocates memory when it is first touched, so an unused port costs none.
    bytes: new SharedArrayBuffer(2 * PIECE * ports),
    owners: new Int32Array(new SharedArrayBuffer(4 * ports)).fill(OWNERS.none),
    // After a thread dies a port may be in the channel twice; there is room for that.
    accepted: newChannel(2 ** (1 + Math.ceil(Math.log2(ports + 1))), parking),
    requests: newReadyList(ports, parking),
    results,
    orders: new Int32Array(new SharedArrayBuffer(12)),
  };
}

/** Returns the rings of a port. End 0 belongs to the I/O thread. */
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

/** Returns the buffers of a port: bytes received, and bytes to send. */
export function piecesAt({ bytes }: SharedMemory, number: number) {
  const at = 2 * PIECE * number;
  return {
    received: Buffer.from(bytes, at, PIECE),
    toSend: Buffer.from(bytes, at + PIECE, PIECE),
  };
}
