// Errors of Windows, by the names that POSIX has for them.
import { constants } from "node:os";
import { library, SysError } from "../ffi.ts";
import { POSIX_NAMES } from "./layout-windows.ts";

/**
 * What GetLastError or WSAGetLastError said, as an errno of `os.constants.errno`. One that
 * POSIX has no name for stays a number, below zero.
 */
export function posixError(number: number): number {
  const known: Readonly<Record<string, number>> = constants.errno;
  return known[POSIX_NAMES[number] ?? ""] ?? -number;
}

/**
 * @param what As in `Cannot <what>: EADDRINUSE`.
 * @param number What GetLastError or WSAGetLastError said.
 */
export function windowsError(what: string, number: number): SysError {
  return new SysError(what, posixError(number));
}

/** The functions that all of our Windows' files need. */
export interface WindowsCalls {
  /** Why the last call of this thread failed; to be asked at once after it. */
  lastError(): number;
  closeHandle(handle: number): void;
}

/** @throws {Error} Where there is no kernel32.dll: on all but Windows. */
export function windowsCalls(): WindowsCalls {
  if (process.platform !== "win32") {
    throw new Error(
      `Cannot call Windows: only Windows has this, and not ${process.platform}`,
    );
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
