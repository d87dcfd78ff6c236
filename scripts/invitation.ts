// What the operator of a chat sees: how others can join it, and who can reach it.
import { isIPv6 } from "node:net";
import type { NetworkInterfaceInfo } from "node:os";

/** The return type of `networkInterfaces` of `node:os`. */
type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;

/**
 * The commands that join a server, and a line about who can reach it.
 *
 * @param host The address it listens on: `0.0.0.0` and `::` are all addresses of this machine.
 * @param port From 1 to 65535.
 */
export function invitation(host: string, port: number, interfaces: Interfaces): string {
  const own = LOOPBACK.test(host);
  const others = reachable(host, interfaces);
  const joins = (own ? [host] : others).map((address) => {
    const target = isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
    return `  just chat ${target}   or: nc ${address} ${port}   or: telnet ${address} ${port}`;
  });
  if (own) {
    return [
      "join from another terminal:",
      ...joins,
      "only this machine can connect; for others: just server --ip 0.0.0.0",
    ].join("\n");
  }
  const found = joins.length > 0 ? joins : ["  this machine has no address on a network"];
  return [
    "others join with:",
    ...found,
    "warning: anyone who can reach this port can join and read along; nothing is encrypted",
  ].join("\n");
}

/** The addresses at which others can reach the server. */
function reachable(host: string, interfaces: Interfaces): string[] {
  if (host !== "0.0.0.0" && host !== "::") return [host];
  return (
    Object.values(interfaces)
      .flatMap((addresses = []) => addresses)
      .filter(({ internal, family }) => !internal && (family === "IPv4" || host === "::"))
      // Link-local addresses work only with the name of an interface, so we leave them out.
      .filter(({ address }) => !/^fe80:/i.test(address))
      .sort((a, b) => a.family.localeCompare(b.family))
      .map(({ address }) => address)
  );
}
