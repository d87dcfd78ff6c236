// The pictures of logs on the page of m2 are what a run leaves: the session above each is played,
// and the log at the broker has the entries of the picture.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { describe, expect, inject, test } from "vitest";
import { ROOT } from "../../behaviours/steps.ts";
import type { Entry } from "../../examples/m1-log/fold.ts";
import { fencesIn } from "../../scripts/docs/session/fences.ts";
import { parseSession } from "../../scripts/docs/session/parse-session.ts";
import { replay } from "../../scripts/docs/session/replay.ts";
import { findNats } from "../../scripts/machines/broker.ts";
import { needs } from "../requirements.ts";
import { drawnAs, textsOf } from "./drawn.ts";

const nats = needs(findNats(), "the pictures of logs", "nats-server");
const PAGE = "docs/m2-many.md";
/** Far more than an answer takes, in milliseconds. */
const PATIENCE = 40_000;
const page = readFileSync(join(ROOT, PAGE), "utf8");
const sessions = fencesIn(PAGE, page, ["session"]);
const pictures = [...page.matchAll(/\((figures\/m2-\w+\.svg) "figure/g)].map((match) => ({
  name: match[1] ?? "",
  line: page.slice(0, match.index).split("\n").length,
}));

test("there are pictures, each below its session", () => {
  expect(pictures.map(({ name }) => name)).toEqual([
    "figures/m2-death.svg",
    "figures/m2-cut.svg",
  ]);
});

describe.skipIf(!nats).each(pictures)("$name", ({ name, line }) => {
  test("has the entries of the log", async () => {
    const fence = sessions.findLast((one) => one.line < line);
    if (fence === undefined) throw new Error("no session above it");
    let log: string[] = [];
    const onLog = async (broker: string) => {
      log = await entriesOf(broker);
    };
    await replay(parseSession(fence), { built: inject("built"), onLog });
    const svg = readFileSync(join(ROOT, "docs", name), "utf8");
    const drawn = textsOf(svg, "mono");
    expect(drawn.length).toBeGreaterThan(5);
    // One may begin later, and says with which.
    expect(log.slice(-drawn.length)).toEqual(drawn);
    const numbers = textsOf(svg, "num").map(Number);
    expect(numbers.at(-1)).toBe(log.length);
    expect(numbers).toHaveLength(drawn.length);
  });
});

/** As a picture writes them: `name.ann`, `gone.ann`, `dead.B`. */
async function entriesOf(broker: string): Promise<string[]> {
  const connection = await connect({ servers: broker });
  try {
    const { streams } = await jetstreamManager(connection, { timeout: PATIENCE });
    const { state } = await streams.info("chat");
    const entries: string[] = [];
    for (let seq = 1; seq <= state.last_seq; seq += 1) {
      const message = await streams.getMessage("chat", { seq });
      if (message) entries.push(drawnAs(message.json<Entry>()));
    }
    return entries;
  } finally {
    await connection.close();
  }
}
