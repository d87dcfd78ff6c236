// Makes system calls fail: a layer between the library and the system's own functions.
import { constants } from "node:os";
import type { CFunction } from "../../../examples/shared/poll/ffi.ts";
import type { Sockets } from "../../../examples/shared/poll/sockets.ts";
import { socketLayout } from "../../../examples/shared/poll/sys/layout.ts";
import { POSIX_NAMES } from "../../../examples/shared/poll/sys/layout-windows.ts";
import { BsdSockets } from "../../../examples/shared/poll/sys/socket.ts";
import { socketCalls } from "../../../examples/shared/poll/sys/socket-calls.ts";
import { WinSockets } from "../../../examples/shared/poll/sys/winsock.ts";
import { winsockCalls } from "../../../examples/shared/poll/sys/winsock-calls.ts";
import type { Fallible } from "../sim/faults.ts";
import { FaultySockets } from "../sim/faults.ts";

/** Sockets, and a way to make their calls fail. */
export interface Faults {
  readonly sockets: Sockets;
  /** Makes calls fail. @param code `ECONNRESET`; or `unknown`, a number in no list. */
  fail(call: Fallible, code: string, times?: number): void;
  /** Cancels the failures that have not happened yet. */
  heal(): void;
}

/** Error numbers that Node does not name. `UNKNOWN` is in none of our lists. */
const UNKNOWN = { linux: 133, win32: 10_107 } as const;
const EHOSTDOWN = { linux: 112, win32: 10_064 } as const;

function numberOf(code: string): number {
  const system = process.platform === "win32" ? "win32" : "linux";
  if (code === "unknown") return UNKNOWN[system];
  if (code === "EHOSTDOWN") return EHOSTDOWN[system];
  if (system === "win32") {
    // Winsock's own numbers come last: they are what its calls return.
    const found = Object.entries(POSIX_NAMES).findLast(([, name]) => name === code);
    if (found) return Number(found[0]);
  }
  const number = (constants.errno as Readonly<Record<string, number>>)[code];
  if (number === undefined) throw new Error(`no such error: ${code}`);
  return number;
}

/** The C function of a call, where its name differs. */
const NAMES = { setNoDelay: "setsockopt" } as const;

/** Faults of this system's sockets. */
export function systemFaults(): Faults {
  let ordered: { name: string; error: number; times: number }[] = [];
  let failed: number | undefined;
  const around = (name: string, call: CFunction): CFunction => {
    if (name === "lastError") return () => failed ?? call();
    return (...values) => {
      const fault = ordered.find((one) => one.name === name && one.times > 0);
      failed = fault?.error;
      if (fault === undefined) return call(...values);
      fault.times -= 1;
      // As in the kernels, a close that fails still closes.
      if (name === "close") call(...values);
      return -1;
    };
  };
  const wrap = <Calls extends object>(calls: Calls): Calls =>
    Object.fromEntries(
      Object.entries(calls).map(([name, call]) => [name, around(name, call)]),
    ) as Calls;
  const sockets =
    process.platform === "win32"
      ? new WinSockets(wrap(winsockCalls()))
      : new BsdSockets(wrap(socketCalls(socketLayout())));
  return {
    sockets,
    fail: (call, code, times = 1) => {
      const name = call === "setNoDelay" ? NAMES.setNoDelay : call;
      ordered.push({ name, error: numberOf(code), times });
    },
    heal: () => {
      ordered = [];
    },
  };
}

/** Faults of any sockets, for a simulated network. */
export function faultsOf(inner: Sockets): Faults {
  const sockets = new FaultySockets(inner);
  return {
    sockets,
    fail: (call, code, times = 1) => sockets.fail(call, numberOf(code), { times }),
    heal: () => sockets.heal(),
  };
}
