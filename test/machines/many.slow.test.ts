// What step 18 does, several servers do together that read one log: each client is on another
// one than the client before it. Servers without a log do not.
import { join } from "node:path";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { hold } from "../../behaviours/hold.ts";
import { type Server, startServer } from "../../behaviours/server.ts";
import { ROOT } from "../../behaviours/steps.ts";
import { behavioursOf } from "../../behaviours/table.ts";
import { World } from "../../behaviours/world.ts";
import { findNats } from "../../scripts/machines/broker.ts";
import { needs } from "../requirements.ts";
import { holdStep } from "../steps.ts";

const nats = needs(findNats(), "several servers on one log", "nats-server");

const many = (slug: string, count: number) => [
  process.execPath,
  "--import",
  import.meta.resolve("tsx"),
  join(ROOT, "scripts/machines/many.ts"),
  `${count}`,
  process.execPath,
  join(inject("built"), `${slug}/server.js`),
];
/** What a killed broker has stored goes with the folder of the tests. */
const env = () => ({ TMPDIR: inject("built") });

/** Waits until the log says that all others are gone: what is said of them comes before. */
async function quiet(server: Server): Promise<void> {
  const world = new World({ server, step: 18, patience: 15_000 });
  const eve = await world.join("eve");
  for (let others = 1; others > 0; ) {
    const rooms = await eve.rooms();
    others = rooms.reduce((sum, { users }) => sum + users, 0) - 1;
  }
  eve.send("/quit");
  await eve.seesEndSomeTime();
  world.close();
}

describe.skipIf(!nats)("on one log", () => {
  for (const count of [2, 3]) {
    holdStep(`${count} servers, as 18`, {
      step: 18,
      command: () => many("m2-many", count),
      alone: false,
      group: true,
      env,
      quiet,
    });
  }
});

describe("without a log", () => {
  test("two servers fall short of many behaviours", { timeout: 300_000 }, async () => {
    const start = { command: many("18-final", 2), group: true };
    const server = await startServer(start);
    onTestFinished(async () => {
      server.process.kill("SIGKILL");
      await server.process.ended;
    });
    const unmet: string[] = [];
    const all = behavioursOf(18).filter(({ flags, own }) => flags.length === 0 && !own);
    for (const behaviour of all) {
      const outcome = await hold(behaviour, { server, step: 18, patience: 500 });
      if (outcome.unmet) unmet.push(behaviour.title);
    }
    console.log(
      `two servers without a log fall short of ${unmet.length} of ${all.length}`,
    );
    expect(unmet.length).toBeGreaterThanOrEqual(25);
  });
});
