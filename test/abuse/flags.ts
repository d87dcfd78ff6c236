// The flags of step 18, and the places it gives.
import { expect } from "vitest";
import { type AbuseCase, abuse, getsIn } from "./site.ts";

/** The flags with a number: their defaults, and what makes no sense. */
const NUMBERS = [
  ["--max-message", "400", "0"],
  ["--max-line", "16384", "x"],
  ["--burst", "20", "0.5"],
  ["--rate", "10", "-1"],
  ["--max-queued", "262144", "5"],
  ["--max-stuck", "30", "0"],
  ["--max-clients", "10000", "many"],
  ["--per-address", "16", ""],
  ["--grace", "5", "1e3"],
  ["--keep-alive", "60", "0"],
] as const;

export const FLAGS: readonly AbuseCase[] = [
  abuse("lists every flag with its default", async (site) => {
    const help = await site.refusal(["--help"]);
    for (const [flag, value] of NUMBERS) {
      expect(help).toMatch(new RegExp(`^ +${flag} N .*\\(${value}\\)$`, "m"));
    }
    expect(help).toMatch(/^ +--limit-loopback /m);
  }),

  ...NUMBERS.map(([flag, , value]) =>
    abuse(
      `refuses ${flag}=${value} in one line`,
      async (site) => {
        const message = await site.refusal([`${flag}=${value}`]);
        expect(message).toMatch(/it ended with 2\n.+\n$/);
        expect(message).toContain(`Cannot set ${flag} to "${value}"`);
      },
      // A start each: every day one that is no number, and one that is too small.
      { slow: flag !== "--max-line" && flag !== "--rate" },
    ),
  ),

  abuse("has a place for so many, and gives one client more a reason", async (site) => {
    const world = await site.start(["--max-clients", "2"]);
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    const eve = await world.connect("eve");
    await eve.sees("Server is full, try again later");
    await eve.seesEnd();
    await ann.talks("hello");
    await bob.sees(ann.says("hello"));
    await bob.leaves();
    await getsIn(world, "dave");
  }),

  abuse("has so many places for one address, and gives them back", async (site) => {
    const world = await site.start(["--per-address", "1", "--limit-loopback"]);
    const ann = await world.join("ann");
    const bob = await world.connect("bob");
    await bob.sees("Too many connections from you, try again later");
    await bob.seesEnd();
    await ann.resets();
    await getsIn(world, "eve");
  }),

  abuse("does not count the addresses of this machine without a flag", async (site) => {
    const world = await site.start(["--per-address", "1"]);
    for (const label of ["ann", "bob", "eve"]) await world.join(label);
  }),
];
