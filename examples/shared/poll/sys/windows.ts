// Errors of Windows, by the names that POSIX has for them.
import { constants } from "node:os";
import { library, SysError } from "../ffi.ts";
import { POSIX_NAMES } from "../layout-windows.ts";

/**
 * @param what As in `Cannot <what>: EADDRINUSE`.
 * @param number What GetLastError or WSAGetLastError said. One that POSIX has no name for
 *   stays a number, below zero.
 */
export function windowsError(what: string, number: number): SysError {
  const name = POSIX_NAMES[number] ?? "";
  const known: Readonly<Record<string, number>> = constants.errno;
  return new SysError(what, known[name] ?? -number);
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
