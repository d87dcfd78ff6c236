// Replacements for some files of Node's library: those that need much more of Node beneath
// them, and those that have nothing to do with sockets.
import * as buffer from "node:buffer";
import * as path from "node:path";
import * as decoder from "node:string_decoder";
import * as url from "node:url";
import * as util from "node:util";
import { current } from "./running.ts";
import { internalTimers, timers } from "./timers.ts";

type Exports = Record<string, unknown>;
type Require = (id: string) => Exports;

const { Buffer } = buffer;
const nothing = () => {};

/** The process that the library sees: little more than nextTick. */
export const libraryProcess = {
  versions: {},
  platform: "linux",
  env: {},
  nextTick(callback: (...values: unknown[]) => void, ...values: unknown[]) {
    const { process } = current();
    if (!process.exited) process.ticks.push(() => callback(...values));
  },
  emitWarning: nothing,
};

/** A Buffer on existing memory. The library calls it with `new`. */
function FastBuffer(memory: ArrayBuffer | undefined, offset: number, length: number) {
  return memory === undefined ? Buffer.alloc(0) : Buffer.from(memory, offset, length);
}

/** The library's own assertions fail only when our kernel does what no real kernel does. */
function assert(value: unknown, message?: string): asserts value {
  if (!value) throw new Error(`The machine is wrong: ${message}`);
}

/** A channel without subscribers. */
const unheard = () => ({ hasSubscribers: false });

/** `compose` and `Duplex.from`, which no server of this book needs. */
function unknownToTheMachine(): never {
  throw new Error("The machine has no compose and no Duplex.from");
}

/** By the name of the file. Each is created when it is first required. */
export const stubs: Record<string, (require: Require) => Exports> = {
  assert: () => assert as unknown as Exports,
  "internal/assert": () => assert as unknown as Exports,
  buffer: () => buffer as unknown as Exports,
  "internal/buffer": () => ({ FastBuffer }),
  path: () => ({ ...path }),
  string_decoder: () => decoder,
  timers: () => timers,
  "internal/timers": () => internalTimers,
  "internal/url": () => url,
  util: () => util,
  "internal/util/inspect": () => ({
    ...util,
    // Without this, the library leaves out the frames that two stacks have in common.
    identicalSequenceRange: () => ({ len: 0, offset: 0 }),
  }),
  "internal/util/debuglog": () => ({ debuglog: () => nothing }),
  "internal/util/colors": () => ({}),
  "internal/options": () => ({
    getOptionValue: (name: string) => (name.endsWith("timeout") ? 250 : false),
  }),
  "internal/async_hooks": () => ({
    newAsyncId: () => 1,
    defaultTriggerAsyncIdScope: callWithoutHooks,
    symbols: { async_id_symbol: Symbol("async_id"), owner_symbol: Symbol("owner") },
  }),
  "internal/perf/observe": () => ({ hasObserver: () => false }),
  diagnostics_channel: () => ({ channel: unheard, tracingChannel: unheard }),
  "internal/process/task_queues": () => ({ queueMicrotask }),
  "internal/abort_controller": () => ({ AbortController, AbortSignal }),
  "internal/event_target": () => ({
    isEventTarget: (value: unknown) => value instanceof EventTarget,
    kEvents: Symbol("events"),
    kWeakHandler: Symbol("weak"),
    kResistStopPropagation: Symbol("resist"),
  }),
  "internal/blob": () => ({ isBlob: () => false }),
  "internal/blocklist": () => ({ BlockList }),
  dns: () => ({ lookup }),
  cluster: () => ({ isPrimary: true }),
  "internal/streams/operators": () => ({
    streamReturningOperators: {},
    promiseReturningOperators: {},
  }),
  "internal/streams/compose": () => unknownToTheMachine as unknown as Exports,
  "internal/streams/duplexify": () => unknownToTheMachine as unknown as Exports,
  "readline/promises": () => ({}),
  "internal/readline/emitKeypressEvents": () => nothing as unknown as Exports,
};

type LookedUp = (error: null, address: string, family: number) => void;

/** An address resolves to itself, and every name to this machine. */
function lookup(
  name: string,
  ...[options, given]: [unknown, LookedUp] | [LookedUp]
): void {
  const callback = given ?? (options as LookedUp);
  const address = /^[\d.]+$|:/.test(name) ? name : "127.0.0.1";
  libraryProcess.nextTick(() => callback(null, address, address.includes(":") ? 6 : 4));
}

function callWithoutHooks(
  _id: number,
  callback: (...values: unknown[]) => unknown,
  ...values: unknown[]
): unknown {
  return callback(...values);
}

/** IPv4 addresses and networks, and single IPv6 addresses: all that step 18 needs. */
class BlockList {
  readonly #addresses = new Set<string>();
  readonly #networks: { bits: number; first: number }[] = [];

  addAddress(address: string): void {
    this.#addresses.add(address);
  }

  addSubnet(address: string, prefix: number): void {
    const bits = 2 ** (32 - prefix);
    this.#networks.push({ bits, first: Math.floor(numberOf(address) / bits) });
  }

  check(address: string): boolean {
    if (this.#addresses.has(address)) return true;
    const number = numberOf(address);
    return this.#networks.some(({ bits, first }) => Math.floor(number / bits) === first);
  }
}

/** The 32 bits of an IPv4 address as a number; NaN for any other. */
function numberOf(address: string): number {
  return address.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
}
