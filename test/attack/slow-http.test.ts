// What slowhttptest prints, and what that says of a server.
import { expect, test } from "vitest";
import { probesOf } from "../../scripts/attack/probes.ts";
import { slownessTable } from "../../scripts/attack/slow-http.ts";

const probed = (...words: string[]) =>
  words.map((word) => `\x1b[1;32mservice available:   \x1b[0m${word}\n`).join("");

test("a service is available when each probe was answered", () => {
  expect(probesOf(probed("YES", "YES"))).toBe(true);
  expect(probesOf(probed("YES", "NO", "YES"))).toBe(false);
});

test("without a probe there is no verdict", () => {
  expect(() => probesOf("cannot resolve\n")).toThrow(/Cannot read slowhttptest's output/);
});

test("each attack has its verdict, and what a client saw beside it", () => {
  const calm = { name: "before", flags: "", available: undefined };
  const hit = { name: "slow heads", flags: "-H -i 1", available: false };
  const seen = { rate: 1234.4, p50: 0.123, p99: 4.56 };
  const table = slownessTable("r6", [
    { ...calm, ...seen },
    { ...hit, ...seen },
  ]);
  const [, , , before, heads] = table.split("\n");
  expect(before).toBe(`before${" ".repeat(24)}     0.12        4.6       1234`);
  expect(heads).toMatch(/^slow heads +NOT AVAILABLE +0\.12 +4\.6 +1234 {2}-H -i 1$/);
});
