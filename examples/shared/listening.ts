// Where a server listens, or why it does not, in words.
import type { AddressInfo, Server } from "node:net";

/** `127.0.0.1:42069`, or `[::1]:42069`. @param server One that listens. */
export function addressOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

/** `Cannot listen on 127.0.0.1 port 80: permission denied; …`, for an error of `listen`. */
export function whyNotListening(
  { ip, port }: { readonly ip: string; readonly port: number },
  error: NodeJS.ErrnoException,
): string {
  return `Cannot listen on ${ip} port ${port}: ${reason(error)}`;
}

/** What a reader of an error message wants to know. */
function reason({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case "EADDRINUSE":
      return "another program listens there; try another with --port";
    case "EACCES":
      return "permission denied; ports below 1024 may be reserved, try a higher one";
    case "EADDRNOTAVAIL":
      return "this machine has no such address";
    default:
      return message;
  }
}
