// What commands take for a port, and for an address.
import { expect, test } from "vitest";
import { parseAddress, parsePort, UsageError } from "../../scripts/cli.ts";

test.each(["0", "1", "42069", "65535"])("%j is a port", (text) => {
  expect(parsePort(text)).toBe(Number(text));
});

test.each(["x", "-1", "65536", "1.5", "", " 1"])("%j is no port", (text) => {
  expect(() => parsePort(text)).toThrow(UsageError);
  expect(() => parsePort(text)).toThrow(`Cannot use port "${text}"`);
});

test.each([
  ["42069", { host: "127.0.0.1", port: 42069 }],
  ["example.com:1", { host: "example.com", port: 1 }],
  ["[::1]:65535", { host: "::1", port: 65535 }],
])("%j is an address", (text, address) => {
  expect(parseAddress(text)).toEqual(address);
});

test.each(["here", "127.0.0.1:", "1.2.3.4:99999", ":42069", "::1:42069", "1.2.3.4:0"])(
  "%j is no address",
  (text) => {
    expect(() => parseAddress(text)).toThrow(UsageError);
    expect(() => parseAddress(text)).toThrow(`Cannot use address "${text}"`);
  },
);
