// What the operator of a chat reads: how others join it, and who can.
import { isIPv6 } from "node:net";
import type { NetworkInterfaceInfo } from "node:os";

/** As `networkInterfaces` of `node:os` returns them. */
type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;

/**
 * What to type to join a server, and in one line what its address means.
 *
 * @param host Where it listens, as an address: `0.0.0.0` and `::` are all of this machine's.
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
  const found = joins.length > 0 ? joins : ["  this machine has no address in a network"];
  return [
    "others join with:",
    ...found,
    "warning: all who can reach this port can join and read along, and nothing is encrypted",
  ].join("\n");
}

/** The addresses at which others reach it. */
function reachable(host: string, interfaces: Interfaces): string[] {
  if (host !== "0.0.0.0" && host !== "::") return [host];
  return (
    Object.values(interfaces)
      .flatMap((addresses = []) => addresses)
      .filter(({ internal, family }) => !internal && (family === "IPv4" || host === "::"))
      // An address of one link only needs the name of the interface beside it.
      .filter(({ address }) => !/^fe80:/i.test(address))
      .sort((a, b) => a.family.localeCompare(b.family))
      .map(({ address }) => address)
  );
}
