// A step as the playground runs it: what its clients see, move by move.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { ROOT, STEPS } from "../../behaviours/steps.ts";
import { CALM } from "../../scripts/simulate/kernel/weather.ts";
import { Live } from "../../scripts/simulate/page/live.ts";
import type { Move } from "../../scripts/simulate/page/orders.ts";
import { HAS_LIBRARY } from "./library.ts";

/** A step with two clients, each of whose moves has taken full effect when it settles. */
async function live(number: number) {
  const slug = STEPS[number - 1]?.slug ?? "";
  const text = readFileSync(join(ROOT, `examples/${slug}/server.ts`), "utf8");
  const names = new Map<number, string>();
  const seen: string[] = [];
  const machine = new Live({
    subject: { step: number, text },
    seed: 1,
    weather: CALM,
    leap: 1_000,
    watch: ({ by, what, port, data }) => {
      if (by === "server") return;
      const said = typeof data === "object" ? new TextDecoder().decode(data) : data;
      seen.push([names.get(port), what, said?.trimEnd()].filter(Boolean).join(" "));
    },
    named: (port, who) => names.set(port, who),
  });
  onTestFinished(() => machine.end());
  /** Makes a move. @returns what the clients did and saw since the one before. */
  const move = async (who: string, move: Move, line = "") => {
    seen.length = 0;
    await machine.move(who, move, line);
    return [...seen];
  };
  await move("ann", "connect");
  await move("bob", "connect");
  return move;
}

describe.runIf(HAS_LIBRARY)("a client in the playground", () => {
  test.each([8, 13])("sees nothing until it reads again, in step %i", async (step) => {
    const move = await live(step);
    await move("bob", "stop reading");
    const lines = ["one", "two", "three"];
    for (const line of lines) {
      const seen = await move("ann", "line", line);
      expect(seen.join("\n")).toMatch(new RegExp(`^ann gets .*${line}`, "m"));
      expect(seen.filter((one) => one.startsWith("bob"))).toEqual([]);
    }
    const seen = (await move("bob", "read on")).join("\n");
    expect(seen).toMatch(/^bob resumes reading\nbob gets .*one(.|\n)*two(.|\n)*three/);
    expect((await move("ann", "line", "four")).join("\n")).toMatch(/^bob gets .*four/m);
  });

  test("keeps its connection when it is asked to connect again", async () => {
    const move = await live(8);
    expect(await move("ann", "connect")).toEqual(["ann is connected already"]);
    const seen = await move("ann", "line", "hello");
    expect(seen.filter((one) => one.startsWith("ann gets"))).toHaveLength(1);
    await move("ann", "reset");
    expect((await move("ann", "connect")).join("\n")).toMatch(/^ann connects$/m);
  });

  test("is not connected once it has reset, or before it connects", async () => {
    const move = await live(8);
    await move("bob", "reset");
    expect(await move("bob", "line", "hello")).toEqual(["bob is not connected hello"]);
    expect(await move("bob", "stop reading")).toEqual(["bob is not connected"]);
    expect(await move("eve", "finish")).toEqual(["eve is not connected"]);
    expect(await move("bob", "connect")).toContain("bob connects");
  });

  test("cannot send after its end, while the server has not ended", async () => {
    const move = await live(8);
    await move("bob", "stop reading");
    await move("bob", "finish");
    expect(await move("bob", "line", "hello")).toEqual(["bob has finished hello"]);
  });
});

test.runIf(HAS_LIBRARY)("a line sent after a silence takes its time", async () => {
  vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const text = readFileSync(join(ROOT, "examples/06-concurrent/server.ts"), "utf8");
  const at = new Map<string, number>();
  const machine = new Live({
    subject: { step: 6, text },
    seed: 1,
    weather: { ...CALM, latency: 1_000 },
    watch: (act) => {
      if (act.by === "client") at.set(act.what, act.at);
    },
    named: () => {},
  });
  onTestFinished(() => machine.end());
  /** Waits for an act. Each look at it advances the clock by the interval. */
  const seen = (what: string) =>
    vi.waitFor(() => expect(at.has(what)).toBe(true), { interval: 50, timeout: 60_000 });
  await machine.move("ann", "connect", "");
  await seen("gets");
  vi.advanceTimersByTime(5_000);
  at.delete("gets");
  const began = performance.now();
  await machine.move("ann", "line", "hello");
  expect(at.has("gets")).toBe(false);
  await seen("gets");
  expect(performance.now() - began).toBeGreaterThanOrEqual(2_000);
  expect((at.get("gets") ?? 0) - (at.get("sends") ?? 0)).toBeGreaterThanOrEqual(2_000);
});
