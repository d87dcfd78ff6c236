// Socket addresses: they survive a round trip in the kernel's format, and match Node's.
import { once } from "node:events";
import { connect, SocketAddress } from "node:net";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import {
  addressIn,
  hostOf,
  portOf,
  socketAddress,
} from "../../examples/shared/poll/address.ts";
import { TcpListener } from "../../examples/shared/poll/net.ts";
import { socketLayout } from "../../examples/shared/poll/sys/layout.ts";

test.each([
  ["127.0.0.1", "02001f90 7f000001 00000000 00000000"],
  ["::", "0a001f90 00000000 00000000 00000000 00000000 00000000 00000000"],
  ["::1", "0a001f90 00000000 00000000 00000000 00000000 00000001 00000000"],
  [
    "2001:DB8::8:800:200c:417a",
    "0a001f90 00000000 20010db8 00000000 00080800 200c417a 00000000",
  ],
  ["::ffff:1.2.3.4", "0a001f90 00000000 00000000 00000000 0000ffff 01020304 00000000"],
])("on Linux, %s has these bytes", (host, bytes) => {
  const address = socketAddress(host, 8080, socketLayout("linux"));
  expect(address.toString("hex")).toBe(bytes.replaceAll(" ", ""));
});

test("on a BSD, the length comes first", () => {
  const v6 = socketAddress("::1", 80, socketLayout("darwin"));
  expect([...v6.subarray(0, 4)]).toEqual([28, 30, 0, 80]);
  const v4 = socketAddress("127.0.0.1", 80, socketLayout("freebsd"));
  expect([...v4.subarray(0, 4)]).toEqual([16, 2, 0, 80]);
});

/** An address in Node's notation. */
function nodes(address: string): string {
  return new SocketAddress({ address, family: "ipv6" }).address;
}

test("every IPv6 address survives a round trip", () => {
  const group = fc.oneof(fc.constant(0), fc.nat(65535));
  const groups = fc.array(group, { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(groups, fc.nat(65535), (numbers, port) => {
      const long = numbers.map((number) => number.toString(16)).join(":");
      const bytes = socketAddress(long, port, socketLayout("linux"));
      const host = hostOf(bytes);
      expect(socketAddress(host, port, socketLayout("linux"))).toEqual(bytes);
      // Node's notation may differ: `::0.1.0.2` for `::1:2`.
      expect(nodes(host)).toBe(nodes(long));
      expect(portOf(bytes)).toBe(port);
      expect(addressIn(Buffer.concat([bytes, Buffer.alloc(9)]), 28)).toEqual({
        host,
        port,
      });
    }),
  );
});

test.each(["fe80::1%eth0", "localhost", "1.2.3", "::g"])("%s is refused", (host) => {
  expect(() => socketAddress(host, 80, socketLayout("linux"))).toThrow(RangeError);
});

test.runIf(process.platform !== "win32")(
  "a listener on :: accepts IPv4 and IPv6 clients",
  async () => {
    const listener = TcpListener.listen("::", 0);
    onTestFinished(() => listener.close());
    const { host, port } = listener.localAddress();
    expect(host).toBe("::");
    for (const [from, as] of [
      ["127.0.0.1", "::ffff:127.0.0.1"],
      ["::1", "::1"],
    ] as const) {
      const client = connect(port, from);
      onTestFinished(() => void client.destroy());
      await once(client, "connect");
      const stream = listener.accept();
      if (typeof stream === "string") throw new Error(`no client to accept: ${stream}`);
      expect(stream.peerAddress()).toEqual({ host: as, port: client.localPort });
      stream.close();
    }
  },
);
