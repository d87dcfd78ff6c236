// Windows errors under their POSIX names, and the calls that all Windows files need.
import { constants } from "node:os";
import { library, SysError } from "../ffi.ts";
import { POSIX_NAMES } from "./layout-windows.ts";

/**
 * Converts an error of GetLastError or WSAGetLastError to an errno of `os.constants.errno`.
 * An error without a POSIX name is returned negated.
 */
export function posixError(number: number): number {
  const known: Readonly<Record<string, number>> = constants.errno;
  return known[POSIX_NAMES[number] ?? ""] ?? -number;
}

/**
 * @param what As in `Cannot <what>: EADDRINUSE`.
 * @param number From GetLastError or WSAGetLastError.
 */
export function windowsError(what: string, number: number): SysError {
  return new SysError(what, posixError(number));
}

/** The functions that all our Windows files need. */
export interface WindowsCalls {
  /** The error of this thread's last call; read it right after the call. */
  lastError(): number;
  closeHandle(handle: number): void;
}

/** @throws {Error} Where there is no kernel32.dll: everywhere but on Windows. */
export function windowsCalls(): WindowsCalls {
  if (process.platform !== "win32") {
    throw new Error(`Cannot call Windows: this is ${process.platform}`);
  }
  const { fn } = library("kernel32.dll");
  const close = fn("int CloseHandle(intptr_t handle)");
  return {
    lastError: fn("uint32_t GetLastError()"),
    closeHandle: (handle) => {
      close(handle);
    },
  };
}
