// Clients that do not read, or that say more than they may.
import { expect } from "vitest";
import { left } from "../../behaviours/wire.ts";
import { usageOf } from "../../scripts/bench/usage.ts";
import { type AbuseCase, abuse, accountOf, GOODBYE, getsIn, logged } from "./site.ts";

export const SLOW_CLIENTS: readonly AbuseCase[] = [
  abuse(
    "closes a client that takes nothing for long, and logs its name",
    async (site) => {
      // More than a machine that has much to do keeps Bob waiting.
      const world = await site.start(["--max-stuck", "2", "--rate", "0"]);
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      ann.pauses();
      await bob.floods(12_000_000);
      expect(await logged(world, /.*"stuck".*/)).toContain(
        `"user":"${ann.name}","from":"127.0.0.1"`,
      );
      await bob.renamesSoon(ann.name);
    },
  ),

  abuse("closes a client that has left and keeps its side open", async (site) => {
    const world = await site.start(["--max-stuck", "0.3", "--max-clients", "1"]);
    const ann = await world.join("ann");
    ann.send("/quit");
    await ann.seesEnd();
    await getsIn(world, "bob");
  }),

  abuse("keeps a bounded queue of answers, and none of them is lost", async (site) => {
    const world = await site.start(["--max-queued", "4096", "--rate", "0"]);
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    ann.pauses();
    // 11 MB of answers: more than the kernels of both sides buffer.
    const times = 60_000;
    ann.sendBytes("/help\n".repeat(times));
    await bob.talks("hello");
    ann.resumes();
    let answers = 0;
    while (answers < times) {
      const line = await ann.line();
      if (line === "Server commands") answers += 1;
      else if (!line.startsWith("  /")) expect(line).toBe(bob.says("hello"));
    }
  }),

  abuse(
    "keeps a bounded memory for answers that nobody reads",
    async (site) => {
      const world = await site.start(["--rate", "0"]);
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      const memory = () => usageOf(world.server.process.pid).memory / 1e6;
      const before = memory();
      ann.pauses();
      // 1.2 MB, which the systems take; their answers would be 36 MB, in 1.4 million lines.
      ann.sendBytes("/help\n".repeat(200_000));
      let most = before;
      for (let i = 0; i < 100; i += 1) {
        await bob.talks(`word ${i}`);
        most = Math.max(most, memory());
      }
      expect(most - before).toBeLessThan(60);
    },
    { linux: true, slow: true },
  ),

  abuse(
    "accounts for every message to a slow client when it ends",
    async (site) => {
      const world = await site.start(["--rate", "0"]);
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      ann.pauses();
      const sent = await bob.floods(16_000_000);
      world.server.process.kill("SIGTERM");
      await bob.sees(GOODBYE);
      ann.resumes();
      const lines = await ann.seesEndSomeTime();
      const { said, missed } = accountOf(lines, bob);
      expect(missed).toBeGreaterThan(0);
      expect(said + missed).toBe(sent);
      expect(lines.at(-1)).toBe(GOODBYE);
      ann.finishes();
      bob.finishes();
      expect(await world.server.process.ended).toBe(0);
    },
    { linux: true },
  ),

  abuse("charges a blank line and a refused one like any other", async (site) => {
    const world = await site.start(["--burst", "2", "--rate", "4"]);
    const bob = await world.join("bob");
    for (const line of ["", "x".repeat(401), "/nothing"]) {
      const ann = await world.join("ann");
      ann.sendBytes(`/first\n${`${line}\n`.repeat(6)}late\n`);
      // The two that she has are spent, and all that comes after them waits.
      await ann.sees(/\/first/);
      await bob.talks("early");
      await bob.sees(ann.says("late"));
      await ann.leaves();
    }
  }),

  abuse("says what a flooder had sent before it finished", async (site) => {
    const world = await site.start(["--burst", "1", "--rate", "100"]);
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    const texts = Array.from({ length: 40 }, (_, i) => `number ${i}`);
    ann.sendBytes(`${texts.join("\n")}\n`);
    ann.finishes();
    await bob.seesAll(texts.map((text) => ann.says(text)));
    await bob.sees(left(world.step, ann.name, "main"));
  }),

  abuse("says no more of a flooder after a reset", async (site) => {
    const world = await site.start(["--burst", "1", "--rate", "5"]);
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    ann.sendBytes(`${Array.from({ length: 60 }, (_, i) => `number ${i}`).join("\n")}\n`);
    await bob.sees(ann.says("number 0"));
    await ann.resets();
    const gone = left(world.step, ann.name, "main");
    let said = 1;
    while ((await bob.line("Ann to leave", true)) !== gone) said += 1;
    // The whole flood would take twelve seconds.
    expect(said).toBeLessThan(60);
    await bob.renames(ann.name);
  }),

  abuse("frees the name of a flooder that is cut off in a long pause", async (site) => {
    const world = await site.start(["--burst", "2", "--rate", "0.001"]);
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    // More than the server reads ahead: then it does not read the reset either.
    ann.sendBytes(`one\ntwo\n${"\n".repeat(500_000)}`);
    await bob.seesAll([ann.says("one"), ann.says("two")]);
    await ann.resets();
    await bob.sees(left(world.step, ann.name, "main"));
    await bob.renames(ann.name);
  }),
];
