// An IPv4 address, as the calls of sockets take it: a `struct sockaddr_in` of 16 bytes.
import { isIPv4 } from "node:net";
import { type SocketLayout, socketLayout } from "./sys/layout.ts";

/**
 * An address as `bind` and `connect` take it.
 *
 * ```text
 *   byte   0        1        2    3    4    5    6    7    8 … 15
 *   Linux  family            port      IPv4 address        zeros
 *   BSD    length   family   port      IPv4 address        zeros
 * ```
 *
 * The family is a number of this machine, the port is in network order: the larger byte
 * first (ip(7), "Address format").
 *
 * @param host Four numbers with dots between.
 * @param port 0 to 65535; 0 lets the system choose.
 * @throws {RangeError} When host or port are no such.
 */
export function ipv4Address(
  host: string,
  port: number,
  layout: Pick<SocketLayout, "AF_INET" | "addressHasLength"> = socketLayout(),
): Buffer {
  if (!isIPv4(host)) throw new RangeError(`Cannot reach ${host}: it is no IPv4 address`);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new RangeError(`Cannot use port ${port}: it must be 0 to 65535`);
  }
  const address = Buffer.alloc(16);
  if (layout.addressHasLength) {
    address[0] = address.length;
    address[1] = layout.AF_INET;
  } else if (littleEndian()) {
    address.writeUInt16LE(layout.AF_INET, 0);
  } else {
    address.writeUInt16BE(layout.AF_INET, 0);
  }
  address.writeUInt16BE(port, 2);
  address.set(host.split(".").map(Number), 4);
  return address;
}

/** The port in an address that the system has filled in. */
export function portOf(address: Buffer): number {
  return address.readUInt16BE(2);
}

/** The host in such an address: four numbers with dots between. */
export function hostOf(address: Buffer): string {
  return address.subarray(4, 8).join(".");
}

/** Does the smaller byte of a number come first here? */
function littleEndian(): boolean {
  return new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
}
