// The sockets of the system that we run on.
import type { Sockets } from "./sockets.ts";
import { BsdSockets } from "./sys/socket.ts";
import { WinSockets } from "./sys/winsock.ts";

/** Made when first needed, one a thread: it holds no more than the C library's functions. */
const made: { sockets?: Sockets } = {};

/**
 * The sockets of this system.
 *
 * @throws {Error} Where we know no sockets, or cannot call them.
 */
export function systemSockets(): Sockets {
  made.sockets ??= process.platform === "win32" ? new WinSockets() : new BsdSockets();
  return made.sockets;
}
