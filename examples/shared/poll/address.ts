// Addresses as the socket calls take them: `struct sockaddr_in` for IPv4, 16 bytes, and
// `struct sockaddr_in6` for IPv6, 28 bytes.
import { isIPv4, isIPv6 } from "node:net";
import type { Address } from "./sockets.ts";
import { type SocketLayout, socketLayout } from "./sys/layout.ts";

/** Room for an address of either family, in bytes. */
export const ADDRESS_SIZE = 28;
const IPV4_SIZE = 16;

type Families = Pick<SocketLayout, "AF_INET" | "AF_INET6" | "addressHasLength">;

/**
 * Encodes an IPv4 address for `bind` and `connect`.
 *
 * ```text
 *   byte   0        1        2    3    4    5    6    7    8 … 15
 *   Linux  family            port      IPv4 address        zeros
 *   BSD    length   family   port      IPv4 address        zeros
 * ```
 *
 * The family is in host byte order. The port is in network byte order, the most significant
 * byte first (ip(7), "Address format").
 *
 * @param host In dotted-decimal notation.
 * @param port 0 to 65535; 0 lets the system choose.
 * @throws {RangeError} When the host or the port is invalid.
 */
export function ipv4Address(
  host: string,
  port: number,
  layout: Pick<SocketLayout, "AF_INET" | "addressHasLength"> = socketLayout(),
): Buffer {
  if (!isIPv4(host))
    throw new RangeError(`Cannot use the address ${host}: not an IPv4 address`);
  const address = addressWith(port, IPV4_SIZE, layout.AF_INET, layout);
  address.set(host.split(".").map(Number), 4);
  return address;
}

/**
 * Encodes an address of either family. This is the IPv6 form; flow and scope stay 0.
 *
 * ```text
 *   byte   0        1        2    3    4 … 7   8 … 23         24 … 27
 *   Linux  family            port      flow    IPv6 address   scope
 *   BSD    length   family   port      flow    IPv6 address   scope
 * ```
 *
 * @param host An IPv4 or IPv6 address without a zone (`%eth0`).
 * @throws {RangeError} When the host or the port is invalid.
 */
export function socketAddress(
  host: string,
  port: number,
  layout: Families = socketLayout(),
): Buffer {
  if (!isIPv6(host)) return ipv4Address(host, port, layout);
  if (host.includes("%"))
    throw new RangeError(`Cannot use the address ${host}: it has a zone`);
  const address = addressWith(port, ADDRESS_SIZE, layout.AF_INET6, layout);
  for (const [at, group] of groupsOf(host).entries())
    address.writeUInt16BE(group, 8 + 2 * at);
  return address;
}

/**
 * Decodes an address that the system has filled in.
 *
 * @param size The number of bytes filled in.
 */
export function addressIn(bytes: Buffer, size: number | undefined): Address {
  const address = bytes.subarray(0, size);
  return { host: hostOf(address), port: portOf(address) };
}

/** Returns the port of an encoded address. */
export function portOf(address: Buffer): number {
  return address.readUInt16BE(2);
}

/** Returns the host of an encoded address: `127.0.0.1`, `::1`, `::ffff:127.0.0.1`. */
export function hostOf(address: Buffer): string {
  if (address.length < ADDRESS_SIZE) return address.subarray(4, 8).join(".");
  const groups = Array.from({ length: 8 }, (_, at) => address.readUInt16BE(8 + 2 * at));
  const isIpv4 = groups.slice(0, 6).join() === "0,0,0,0,0,65535";
  if (isIpv4) return `::ffff:${address.subarray(20, 24).join(".")}`;
  return compressed(groups.map((group) => group.toString(16)).join(":"));
}

function addressWith(
  port: number,
  size: number,
  family: number,
  { addressHasLength }: Pick<SocketLayout, "addressHasLength">,
): Buffer {
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new RangeError(`Cannot use port ${port}: it must be 0 to 65535`);
  }
  const address = Buffer.alloc(size);
  if (addressHasLength) {
    address[0] = address.length;
    address[1] = family;
  } else if (littleEndian()) {
    address.writeUInt16LE(family, 0);
  } else {
    address.writeUInt16BE(family, 0);
  }
  address.writeUInt16BE(port, 2);
  return address;
}

/** Compresses an IPv6 address to its shortest form, as URLs do (URL Standard, 3.5). */
function compressed(host: string): string {
  return new URL(`http://[${host}]`).hostname.slice(1, -1);
}

/** Returns the eight 16-bit groups of an IPv6 address. */
function groupsOf(host: string): number[] {
  const [before = "", after = ""] = compressed(host)
    .split("::")
    .map((half) => half.split(":").filter((group) => group !== ""));
  const zeros = Array<string>(8 - before.length - after.length).fill("0");
  return [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16));
}

/** Whether this machine stores the least significant byte of a number first. */
function littleEndian(): boolean {
  return new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
}
