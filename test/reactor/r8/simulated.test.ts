// The three styles of r8 under network faults, and on a simulated clock.
import { describe, expect, test } from "vitest";
import { get, request } from "../../../behaviours/http/behaviour.ts";
import { Random } from "../../../scripts/simulate/kernel/random.ts";
import { start } from "../r5/simulation.ts";
import { play, STORM, script } from "../r5/weather.ts";

const STYLES = ["async", "generators", "futures"];
const r8 = (style: string) => ({ step: "r8-runtime", args: ["--style", style] });

describe.each(STYLES)("in the style %s", (style) => {
  const which = r8(style);

  test("network faults change no answer, and answers match those of r5", async () => {
    for (let seed = 0; seed < 4; seed += 1) {
      const random = new Random(seed);
      const scripts = Array.from({ length: 6 }, () => script(random));
      const texts = async (...args: Parameters<typeof play>) =>
        (await play(...args)).map(({ text }) => text);
      const r5 = await texts(seed, {}, scripts, 65536);
      const foul = await texts(seed, STORM, scripts, 1001 + random.below(2000), which);
      expect(foul, `seed ${seed}`).toEqual(r5);
    }
  });

  test("a reset ends one connection, and the other clients get their answers", async () => {
    let resets = 0;
    for (let seed = 0; seed < 5; seed += 1) {
      const random = new Random(seed);
      const scripts = Array.from({ length: 6 }, () => script(random));
      const fair = await play(seed, {}, scripts, 65536);
      const weather = { ...STORM, reset: 0.01 };
      const foul = await play(seed, weather, scripts, 65536, which);
      for (const [at, { text, how }] of foul.entries()) {
        if (how === "reset") resets += 1;
        const lines = text.slice(0, text.lastIndexOf("\n") + 1);
        expect(fair[at]?.text.startsWith(lines), `seed ${seed}: ${text}`).toBe(true);
      }
    }
    expect(resets).toBeGreaterThan(0);
  });

  test("each deadline expires on time", async () => {
    const server = await start(1, which);
    const [silent, head, body, slow] = Array.from({ length: 4 }, () => server.join());
    head?.sends("G");
    body?.sends(request("POST", "/", "Content-Length: 1000"));
    slow?.sends(get("/slow/70000/poem.txt"));
    await server.until(() => silent?.ended !== undefined);
    expect(silent?.ended?.at).toBe(5_000);
    head?.sends("E");
    await server.until(() => head?.text !== "");
    expect([server.network.now, head?.text.slice(0, 12)]).toEqual([
      10_000,
      "HTTP/1.1 408",
    ]);
    await server.until(() => body?.text !== "");
    expect([server.network.now, body?.text.slice(0, 12)]).toEqual([
      30_000,
      "HTTP/1.1 408",
    ]);
    await server.until(() => slow?.text !== "");
    expect(server.network.now).toBe(70_000);
  });

  test("disconnects a client that stops reading, and one that never closes", async () => {
    const server = await start(1, which);
    const before = server.network.size;
    const stopped = server.join(100);
    stopped.reads = false;
    stopped.sends(get("/poem.txt"));
    await server.until(() => server.network.size === before + 2, 100);
    await server.until(() => server.network.size === before + 1);
    expect(server.network.now).toBe(30_000);
    stopped.reads = true;
    stopped.goesOn();
    expect(stopped.ended?.how).toBe("reset");
  });

  test("clients wait while there are no descriptors, and are then served", async () => {
    const server = await start(1, { limit: 7, ...which });
    const clients = Array.from({ length: 4 }, () => server.join());
    for (const client of clients) client.sends(get("/hello/a", "Connection: close"));
    await server.until(() => clients.every(({ text }) => text.includes("Hello, a!")));
  });
});
