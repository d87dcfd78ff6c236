// What just server says to its operator.
import type { NetworkInterfaceInfo } from "node:os";
import { expect, test } from "vitest";
import { invitation } from "../../scripts/invitation.ts";
import { Command } from "../run.ts";

const at = (address: string, internal = false) =>
  ({
    address,
    internal,
    family: address.includes(":") ? "IPv6" : "IPv4",
  }) as NetworkInterfaceInfo;
const INTERFACES = {
  lo: [at("127.0.0.1", true), at("::1", true)],
  eth0: [at("fe80::1"), at("2001:db8::7"), at("192.0.2.7")],
};

test("a server of this machine alone says how to open it to others", () => {
  const text = invitation("127.0.0.1", 42069, INTERFACES);
  expect(text).toContain("just chat 127.0.0.1:42069   or: nc 127.0.0.1 42069");
  expect(text).toContain("only this machine can connect; for others: just server --ip");
  expect(text).not.toContain("warning");
});

test("one that others reach names the host's addresses, and warns in one line", () => {
  const text = invitation("0.0.0.0", 4711, INTERFACES);
  expect(text).toContain("just chat 192.0.2.7:4711   or: nc 192.0.2.7 4711");
  expect(text).not.toContain("2001:db8::7");
  expect(text.match(/^warning: .*nothing is encrypted$/gm)).toHaveLength(1);
  expect(text).not.toContain("0.0.0.0");
});

test("on all addresses it names those of IPv4 first, and none of one link only", () => {
  const joins = invitation("::", 4711, INTERFACES).match(/nc \S+/g);
  expect(joins).toEqual(["nc 192.0.2.7", "nc 2001:db8::7"]);
  expect(invitation("2001:db8::7", 4711, {})).toContain("just chat [2001:db8::7]:4711");
});

test("says so when the machine is in no network", () => {
  expect(invitation("0.0.0.0", 4711, { lo: INTERFACES.lo })).toContain("has no address");
});

test("just server says it when it listens, beside its output", async () => {
  const server = new Command(["server", "--port", "0"]);
  await server.prints(/^listening on 127\.0\.0\.1:\d+$/m);
  await server.prints(/chat 127\.0\.0\.1:\d+ +or: nc 127\.0\.0\.1 \d+ /);
  await server.end("SIGINT");
});
