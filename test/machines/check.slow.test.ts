// just check m2 mine.ts: two of it behind one address, and a broker, are started for it.
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { findNats } from "../../scripts/machines/broker.ts";
import { needs } from "../requirements.ts";
import { runCommand } from "../run.ts";

const nats = needs(findNats(), "just check m2", "nats-server");
const file = (slug: string) => join(inject("built"), `${slug}/server.js`);

test.skipIf(!nats)(
  "holds a pair of m2, and not one of 18",
  async () => {
    const ours = await runCommand(["check", "m2", file("m2-many"), "--patience", "20"]);
    expect(ours.stdout, ours.stderr).toMatch(/^two of .* as m2-many: /);
    expect(ours.stdout).toMatch(/^All \d+ hold: /m);
    expect(ours.code).toBe(0);
    const alone = await runCommand(["check", "m2", file("18-final"), "--first"]);
    expect(alone.stdout).toContain("just check m2");
    expect(alone.code).toBe(1);
  },
  600_000,
);

test("says how, where nothing listens", async () => {
  const { code, stderr } = await runCommand(["check", "m2", "--addr", "127.0.0.1:1"]);
  expect(stderr).toMatch(/^Nothing listens .*: just check m2 --cmd/);
  expect(code).toBe(1);
});
