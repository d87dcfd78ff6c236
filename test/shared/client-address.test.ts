// client-address: which connections count as those of one client.
import { expect, test } from "vitest";
import {
  clientNetwork,
  isLoopback,
  NetworkCount,
} from "../../examples/shared/client-address.ts";

test.each([
  ["192.0.2.1", "192.0.2.1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["2001:db8:0:1:2:3:4:5", "2001:db8:0:1::/64"],
  ["2001:db8:0:1::5", "2001:db8:0:1::/64"],
  ["2001:db8::5", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["64:ff9b::192.0.2.1", "64:ff9b:0:0::/64"],
])("%s counts as %s", (address, network) => {
  expect(clientNetwork(address)).toBe(network);
});

test.each([
  ["127.0.0.1", true],
  ["127.9.9.9", true],
  ["::1", true],
  ["::ffff:127.0.0.1", true],
  ["128.0.0.1", false],
  ["::2", false],
  ["192.0.2.1", false],
])("%s is a loopback address: %s", (address, is) => {
  expect(isLoopback(address)).toBe(is);
});

test("connections are counted by network until they are removed", () => {
  const count = new NetworkCount();
  const remove = count.add("2001:db8:0:1::5");
  count.add("2001:db8:0:1::6");
  count.add("192.0.2.1")();
  expect(count.of("2001:db8:0:1::7")).toBe(2);
  remove();
  expect(count.of("2001:db8:0:1::5")).toBe(1);
  expect(count.of("2001:db8:0:2::5")).toBe(0);
  expect(count.of("192.0.2.1")).toBe(0);
});
