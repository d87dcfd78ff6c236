// The address that a server listens on, or why it cannot listen.
import { type AddressInfo, isIPv6, type Server } from "node:net";

/** The address of a listening server: `127.0.0.1:42069`, or `[::1]:42069`. */
export function addressOf(server: Server): string {
  const { address, port } = server.address() as AddressInfo;
  return hostAndPort(address, port);
}

/** The same for any host and port. */
export function hostAndPort(host: string, port: number): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/**
 * The message for an error of `listen`:
 * `Cannot listen on 127.0.0.1 port 80: permission denied; …`.
 *
 * @param flag The flag that sets the port.
 */
export function whyNotListening(
  { ip, port }: { readonly ip: string; readonly port: number },
  error: NodeJS.ErrnoException,
  flag = "--port",
): string {
  return `Cannot listen on ${ip} port ${port}: ${reason(error, flag)}`;
}

/** The reason, and what the user can do about it. */
function reason({ code, message }: NodeJS.ErrnoException, flag: string): string {
  switch (code) {
    case "EADDRINUSE":
      return `another program listens there; try another with ${flag}`;
    case "EACCES":
      return "permission denied; ports below 1024 may be reserved, try a higher one";
    case "EADDRNOTAVAIL":
      return "this machine has no such address";
    default:
      return message;
  }
}
