// Client addresses, for limits per client.
import { BlockList, isIPv6 } from "node:net";

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/** Unwraps an IPv4-mapped address: `::ffff:192.0.2.1` becomes `192.0.2.1`. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}

/** Whether an address is a loopback address: 127.0.0.0/8 or ::1. */
export function isLoopback(address: string): boolean {
  const text = plain(address);
  return LOOPBACK.check(text, isIPv6(text) ? "ipv6" : "ipv4");
}

/**
 * The network that counts as one client: an IPv4 address, or an IPv6 /64. An IPv6 customer
 * usually has at least 2^64 addresses (RFC 6177), so a limit per address would be no limit.
 *
 * @returns The address, or its first 64 bits: `2001:db8:0:1::/64`.
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

/** Counts the connections from each network. */
export class NetworkCount {
  readonly #counts = new Map<string, number>();

  /** How many connections there are from the network of an address. */
  of(address: string): number {
    return this.#counts.get(clientNetwork(address)) ?? 0;
  }

  /** Counts a connection. @returns A function that uncounts it, to be called once. */
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
