// The sockets of the system that we run on.
import type { Sockets } from "./sockets.ts";
import { BsdSockets } from "./sys/socket.ts";
import { WinSockets } from "./sys/winsock.ts";

/** Created on first use, one per thread. It holds only the C library's functions. */
const made: { sockets?: Sockets } = {};

/**
 * The sockets of this system.
 *
 * @throws {Error} On a system whose sockets we do not know or cannot call.
 */
export function systemSockets(): Sockets {
  made.sockets ??= process.platform === "win32" ? new WinSockets() : new BsdSockets();
  return made.sockets;
}
