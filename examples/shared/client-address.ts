// Where a client comes from, as far as limits for one address are concerned.
import { BlockList, isIPv6 } from "node:net";

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/** An address as a socket gives it: `::ffff:192.0.2.1` is the IPv4 address in it. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}

/** Whether it is an address of this very machine: 127.0.0.0/8 or ::1. */
export function isLoopback(address: string): boolean {
  const text = plain(address);
  return LOOPBACK.check(text, isIPv6(text) ? "ipv6" : "ipv4");
}

/**
 * What one client can be taken to have: an IPv4 address, or a network of IPv6. A customer
 * with IPv6 has 2^64 addresses at least (RFC 6177): a limit for each would be none.
 *
 * @returns The address, or the first 64 bits of it: `2001:db8:0:1::/64`.
 */
export function clientNetwork(address: string): string {
  const text = plain(address);
  if (!isIPv6(text)) return text;
  const [head = "", tail] = text.split("%")[0]?.split("::") ?? [];
  const groups = head === "" ? [] : head.split(":");
  const rest = tail ? tail.split(":") : [];
  // A dotted end stands for two groups.
  const dotted = text.includes(".") ? 1 : 0;
  if (tail !== undefined) {
    while (groups.length + rest.length + dotted < 8) groups.push("0");
  }
  return `${[...groups, ...rest].slice(0, 4).join(":")}::/64`;
}

/** How many connections there are from each network. */
export class NetworkCount {
  readonly #counts = new Map<string, number>();

  /** How many there are from the network of an address. */
  of(address: string): number {
    return this.#counts.get(clientNetwork(address)) ?? 0;
  }

  /** One more. @returns What takes it away again: to be called once. */
  add(address: string): () => void {
    const network = clientNetwork(address);
    this.#counts.set(network, this.of(address) + 1);
    return () => {
      const left = this.of(address) - 1;
      if (left > 0) this.#counts.set(network, left);
      else this.#counts.delete(network);
    };
  }
}
