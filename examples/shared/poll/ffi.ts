// Calls into the C libraries that this process has loaded. The only module that knows the
// foreign function interface (koffi); another one could replace it here.
import { createRequire } from "node:module";
import { constants } from "node:os";
import type Koffi from "koffi";

/** An argument of a C function: a number, text or memory, lent only for the call. */
export type CValue = number | bigint | string | null | ArrayBufferView;
/** A C function whose result is a number of at most 53 bits. */
export type CFunction = (...values: CValue[]) => number;

/**
 * Finds functions by their C declaration: `int listen(int socket, int backlog)`. A buffer
 * is a `void *`, passed as a typed array or as a number, its address. There are no structs,
 * only bytes at known offsets. Variadic arguments (`...`) are passed as a type and a value:
 * `fcntl(fd, F_SETFL, "int", flags)`.
 */
export interface Library {
  /** @throws {Error} When the library has no function of that name. */
  fn(declaration: string): CFunction;
}

/**
 * Loaded once, on first use, so that a program that only imports this file can run without
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

/** Thrown where there is no foreign function interface. */
export class NoFfi extends Error {}

/**
 * Opens a library.
 *
 * @param name A file, or null for all that this process has loaded, the C library included.
 * @throws {NoFfi} When there is no foreign function interface on this machine.
 * @throws {Error} When there is no such library.
 */
export function library(name: string | null = null): Library {
  const handle = provider().load(name);
  return { fn: (declaration) => handle.func(declaration) };
}

/** The error of this thread's last call; read it right after the call (errno(3)). */
export function errno(): number {
  return provider().errno();
}

/**
 * Wraps memory outside the JavaScript heap in an ArrayBuffer. The garbage collector neither
 * moves nor frees it. Touching it after it has been unmapped crashes the process.
 *
 * @param address Where it begins; never 0.
 * @param length In bytes.
 */
export function memoryAt(address: number, length: number): ArrayBuffer {
  return provider().view(address, length);
}

/** Returns the name of an errno, such as `EAGAIN`. */
export function codeOf(number: number): string {
  const found = Object.entries(constants.errno).find(([, value]) => value === number);
  return found?.[0] ?? `errno ${number}`;
}

/** A system call that failed in a way that its caller did not expect. */
export class SysError extends Error {
  /** The name of the error, such as `EADDRINUSE`. */
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
 * Returns the result of a call, unless it is -1.
 *
 * @param what As in `Cannot <what>: EADDRINUSE`.
 * @throws {SysError} When the result is -1; errno is the reason.
 */
export function checked(what: string, result: number): number {
  if (result === -1) throw new SysError(what, errno());
  return result;
}
