// Calls into the C libraries that this process has loaded. The only module that knows which
// foreign function interface does it (koffi): another could stand here.
import { createRequire } from "node:module";
import { constants } from "node:os";
import type Koffi from "koffi";

/** What a C function takes: numbers, text, and memory. Memory is only lent for the call. */
export type CValue = number | bigint | string | null | ArrayBufferView;
/** A C function that returns a number: one that fits in 53 bits. */
export type CFunction = (...values: CValue[]) => number;

/**
 * Finds functions by their C declaration: `int listen(int socket, int backlog)`. A buffer is
 * a `void *` and gets a typed array, or a number that is an address; there are no structs,
 * only bytes in known places. What a declaration leaves open (`...`) is given as a type and
 * a value: `fcntl(fd, F_SETFL, "int", flags)`.
 */
export interface Library {
  /** @throws {Error} When the library has no function of that name. */
  fn(declaration: string): CFunction;
}

/**
 * Loaded when first needed, and then kept: a program that only imports us may have no
 * koffi.
 */
const loaded: { koffi?: typeof Koffi } = {};

function provider(): typeof Koffi {
  if (loaded.koffi) return loaded.koffi;
  try {
    loaded.koffi = createRequire(import.meta.url)("koffi") as typeof Koffi;
  } catch (cause) {
    const here = `${process.platform} ${process.arch}`;
    const state = `koffi has no binary for ${here}, or is not installed`;
    throw new NoFfi(
      `Cannot call the kernel: ${state}. What needs no kernel still works`,
      {
        cause,
      },
    );
  }
  return loaded.koffi;
}

/** There is no foreign function interface on this machine. */
export class NoFfi extends Error {}

/**
 * The functions of a library.
 *
 * @param name A file, or null for all that this process has loaded, the C library included.
 * @throws {NoFfi} When no foreign function interface is here.
 * @throws {Error} When there is no such library.
 */
export function library(name: string | null = null): Library {
  const handle = provider().load(name);
  return { fn: (declaration) => handle.func(declaration) };
}

/** Why the last call of this thread failed; to be asked at once after it (errno(3)). */
export function errno(): number {
  return provider().errno();
}

/**
 * Memory that is not JavaScript's, as an ArrayBuffer: the garbage collector neither moves
 * nor frees it. To touch it after it was given back ends the process.
 *
 * @param address Where it begins; 0 is no memory.
 * @param length In bytes.
 */
export function memoryAt(address: number, length: number): ArrayBuffer {
  return provider().view(address, length);
}

/** The name of an error: `EAGAIN`. */
export function codeOf(number: number): string {
  const found = Object.entries(constants.errno).find(([, value]) => value === number);
  return found?.[0] ?? `errno ${number}`;
}

/** A call of the system that failed in a way that its caller did not expect. */
export class SysError extends Error {
  /** The name of the error: `EADDRINUSE`. */
  readonly code: string;
  readonly errno: number;

  /** @param what As in `Cannot <what>: EADDRINUSE`. */
  constructor(what: string, number: number) {
    const code = codeOf(number);
    super(`Cannot ${what}: ${code}`);
    this.name = "SysError";
    this.code = code;
    this.errno = number;
  }
}

/**
 * What a call returned, when that is not -1.
 *
 * @param what As in `Cannot <what>: EADDRINUSE`.
 * @throws {SysError} When it is -1: then errno says why.
 */
export function checked(what: string, result: number): number {
  if (result === -1) throw new SysError(what, errno());
  return result;
}
