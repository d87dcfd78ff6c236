// What can be seen of our steps only from beside them: dice that are loaded, and
// descriptors that must be given back.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { startServer } from "../behaviours/server.ts";
import { STEPS } from "../behaviours/steps.ts";
import { World } from "../behaviours/world.ts";
import { someOf } from "./requirements.ts";

/** Math.random that says each number twice. */
const LOADED_DICE = `data:text/javascript,${encodeURIComponent(`
  let calls = 0;
  Math.random = () => (Math.floor(calls++ / 2) * 0.0137) % 1;
`)}`;

async function open(slug: string, ...options: string[]) {
  const step = STEPS.find((one) => one.slug === slug)?.number ?? 0;
  const file = join(inject("built"), slug, "server.js");
  const server = await startServer({ command: [process.execPath, ...options, file] });
  const world = new World({ server, step, patience: 15_000 });
  const end = async () => {
    world.close();
    server.process.kill("SIGKILL");
    await server.process.ended;
  };
  return { world, server, end };
}

/** The steps from one on, the last of them first. */
const from = (first: number) =>
  STEPS.filter(({ number }) => number >= first).toReversed();

describe.concurrent("names that the dice give twice", () => {
  test("belong to two users in 09", async () => {
    const { world, end } = await open("09-names", "--import", LOADED_DICE);
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    expect(bob.name).toBe(ann.name);
    await end();
  });

  test.each(someOf(from(10)))("do not from 10 on: $slug", async ({ slug }) => {
    const { world, end } = await open(slug, "--import", LOADED_DICE);
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    expect(bob.name).not.toBe(ann.name);
    await end();
  });
});

describe.concurrent("descriptors", () => {
  const onLinux = process.platform === "linux";
  if (!onLinux) console.warn("NOT RUN here: descriptors are counted in /proc, on Linux");

  test.runIf(onLinux).each(someOf(from(5)))(
    "are given back when clients quit, leave and reset: $slug",
    async ({ slug, number }) => {
      const { world, server, end } = await open(slug);
      const count = () => readdirSync(`/proc/${server.process.pid}/fd`).length;
      const round = async () => {
        const ann = await world.join("ann");
        ann.sendBytes("/quit\nmore than it will read\n");
        await ann.seesEnd();
        await ann.leaves();
        const bob = await world.join("bob");
        await bob.leaves();
        // A reset would end 05.
        if (number > 5) await (await world.join("eve")).resets();
      };
      await round();
      const before = count();
      for (let i = 0; i < 10; i += 1) await round();
      // The last one may still be closing: ask until it has, by way of one more client.
      for (let i = 0; i < 100 && count() > before; i += 1) {
        await (await world.join("dave")).leaves();
      }
      expect(count()).toBeLessThanOrEqual(before);
      await end();
    },
  );
});
