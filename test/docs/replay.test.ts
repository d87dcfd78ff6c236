// Every session of every page, against the real servers; with `just test --all` every output
// too. What the programs of the outputs print is held in test/asides as well.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { ROOT } from "../../behaviours/steps.ts";
import { checkOutput } from "../../scripts/docs/output/check-output.ts";
import { parseOutput } from "../../scripts/docs/output/parse-output.ts";
import { type Fence, fencesIn } from "../../scripts/docs/session/fences.ts";
import { findHost } from "../../scripts/docs/session/host.ts";
import { parseSession } from "../../scripts/docs/session/parse-session.ts";
import { replay } from "../../scripts/docs/session/replay.ts";
import { findNats } from "../../scripts/machines/broker.ts";
import { ALL, needs } from "../requirements.ts";

const PAGES = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
  .map((path) => `docs/${path.replaceAll("\\", "/")}`)
  .filter((path) => path.endsWith(".md"))
  .sort();

const nats = needs(
  ALL ? findNats() : undefined,
  "sessions over two servers",
  "nats-server",
);
const FENCES = PAGES.flatMap((page) =>
  fencesIn(page, readFileSync(join(ROOT, page), "utf8")),
).filter((fence) => nats || !needsBroker(fence));

/** Whether the servers of a session share a log at a broker. */
function needsBroker(fence: Fence): boolean {
  if (fence.kind !== "session") return false;
  return findHost(parseSession(fence).server).sharesLog;
}

test("there are sessions to replay", () => {
  expect(FENCES.some(({ kind }) => kind === "session")).toBe(true);
});

describe.concurrent("as written", () => {
  for (const fence of FENCES) {
    if (fence.kind === "output" && !ALL) continue;
    // Those with a diagram are replayed by trace.test.ts, which holds their traces too.
    if (fence.kind === "session" && parseSession(fence).diagram && !ALL) continue;
    test(`${fence.file}:${fence.line} ${fence.info}`, async () => {
      if (fence.kind === "output") await checkOutput(parseOutput(fence));
      else await replay(parseSession(fence), { built: inject("built") });
    });
  }
});

/** The last line of a session that tells what somebody sees; any name would do for some. */
function lastSeen(fence: Fence): number {
  const lines = fence.text.split("\n");
  return lines.findLastIndex((line) => /^[a-z]\w* < (?!You are ).*[a-z]/.test(line));
}

describe.runIf(ALL)("with one letter changed", { concurrent: true }, () => {
  // One a page: that the others would fail too is no news. What a replay says of a server that
  // does otherwise is tested in session-replay.test.ts.
  const first = new Map<string, Fence>();
  for (const fence of FENCES) {
    const fits = fence.kind === "session" && lastSeen(fence) >= 0;
    if (fits && !first.has(fence.file)) first.set(fence.file, fence);
  }
  for (const fence of first.values()) {
    const index = lastSeen(fence);
    const line = fence.line + 1 + index;
    test(`${fence.file}:${fence.line} fails, and says that it is line ${line}`, async () => {
      const lines = fence.text.split("\n");
      const change = (letter: string) => (letter === "x" ? "y" : "x");
      lines[index] = (lines[index] ?? "").replace(/[a-z](?=[^a-z]*$)/, change);
      const session = parseSession({ ...fence, text: lines.join("\n") });
      const played = replay(session, { built: inject("built"), patience: 3_000 });
      await expect(played).rejects.toThrow(
        `${fence.file}:${line}: Cannot replay the session: expected `,
      );
    });
  }
});
