// The chat as a log does all that step 18 does.
import { join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { startServer } from "../../behaviours/server.ts";
import { World } from "../../behaviours/world.ts";
import { ALL } from "../requirements.ts";
import { holdStep } from "../steps.ts";
import { createAtOnce, Listener } from "./place.ts";

const command = [process.execPath, join(inject("built"), "m1-log/server.js")];

holdStep("m1-log, as 18", {
  step: 18,
  command: () => command,
  alone: false,
  // Those that flood it take as long as all others together.
  leaveOut: ({ flags }) => (flags.length > 0 && !ALL ? "only by --all" : undefined),
});

test.skipIf(process.platform === "win32")(
  "m1-log shows its users only the goodbye when it ends, as 18",
  async () => {
    const server = await startServer({ command });
    const world = new World({ server, step: 18, patience: 15_000 });
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    await bob.talks("hello");
    await ann.sees(bob.says("hello"));
    server.process.kill("SIGTERM");
    for (const user of [ann, bob]) {
      await user.sees("Server is shutting down, goodbye!");
      await user.seesEnd();
      user.finishes();
    }
    expect(await server.process.ended).toBe(0);
  },
);

test("m1-log calls a room the same for all who create it at once", async () => {
  const server = await startServer({ command: [...command, "--rate", "0"] });
  onTestFinished(async () => {
    server.process.kill("SIGKILL");
    await server.process.ended;
  });
  const ann = await Listener.join(server, "Ann");
  const bob = await Listener.join(server, "Bob");
  for (let round = 0; round < 20; round += 1) await createAtOnce(ann, bob, `r${round}`);
});
