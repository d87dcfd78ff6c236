// The servers of r5 and r6 under network faults, and on a simulated clock.
import { describe, expect, test } from "vitest";
import { get, request } from "../../../behaviours/http/behaviour.ts";
import { TcpStream } from "../../../examples/shared/poll/net.ts";
import { Random } from "../../../scripts/simulate/kernel/random.ts";
import { ALL } from "../../requirements.ts";
import { type Client, start } from "./simulation.ts";
import { play, STORM, script } from "./weather.ts";

/** The number of seeds. */
const SEEDS = ALL ? 25 : 8;

describe.each(["r5-state-machine", "r6-reactor"])("%s", (step) => {
  describe("under network faults", () => {
    test("every client gets the same answers as without faults", async () => {
      for (let seed = 0; seed < SEEDS; seed += 1) {
        const random = new Random(seed);
        const scripts = Array.from({ length: 6 }, () => script(random));
        const fair = await play(seed, {}, scripts, 65536, { step });
        const foul = await play(seed, STORM, scripts, 1001 + random.below(2000), {
          step,
        });
        const texts = (some: typeof fair) => some.map(({ text }) => text);
        expect(texts(foul), `seed ${seed}`).toEqual(texts(fair));
        for (const { text } of fair) expect(text).not.toContain("smuggled");
      }
    });

    test("a reset ends one connection, and the other clients get their answers", async () => {
      let resets = 0;
      for (let seed = 0; seed < SEEDS; seed += 1) {
        const random = new Random(seed);
        const scripts = Array.from({ length: 6 }, () => script(random));
        const fair = await play(seed, {}, scripts, 65536, { step });
        const foul = await play(seed, { ...STORM, reset: 0.01 }, scripts, 65536, {
          step,
        });
        for (const [at, { text, how }] of foul.entries()) {
          const whole = fair[at]?.text ?? "";
          if (how === "reset") resets += 1;
          // The Date line may be cut: compare everything up to the last complete line.
          const lines = text.slice(0, text.lastIndexOf("\n") + 1);
          expect(whole.startsWith(lines), `seed ${seed}: ${text}`).toBe(true);
        }
      }
      expect(resets).toBeGreaterThan(0);
    });
  });

  describe("on a simulated clock,", () => {
    const endOf = ({ ended }: Client) => ended?.at ?? Number.NaN;

    test("a head has ten seconds from its first byte", async () => {
      const server = await start(1, { step });
      const client = server.join();
      await server.until(() => server.network.now >= 4000, 4000);
      client.sends("G");
      for (let second = 5; second < 14; second += 1) {
        await server.until(() => server.network.now >= second * 1000, 1000);
        client.sends("E");
      }
      expect(client.text).toBe("");
      await server.until(() => client.text !== "");
      expect(client.text).toMatch(/^HTTP\/1.1 408 /);
      expect(server.network.now).toBe(14_000);
    });

    test("each head has its own ten seconds", async () => {
      const server = await start(1, { step });
      const client = server.join();
      for (let time = 1; time <= 5; time += 1) {
        client.sends(get("/hello/a").slice(0, 20));
        const end = server.network.now + 9_000;
        await server.until(() => server.network.now >= end, 9_000);
        client.sends(get("/hello/a").slice(20));
        await server.until(() => client.text.split("Hello, a!").length === time + 1, 10);
      }
    });

    test("an idle connection has five seconds, from its last answer", async () => {
      const server = await start(1, { step });
      const [silent, other] = [server.join(), server.join()];
      await server.until(() => server.network.now >= 3000, 3000);
      other.sends(get("/hello/a"));
      await server.until(() => other.ended !== undefined);
      expect(endOf(silent)).toBe(5_000);
      expect(endOf(other)).toBe(8_000);
      expect(silent.text).toBe("");
    });

    test("a body has thirty seconds", async () => {
      const server = await start(1, { step });
      const client = server.join();
      client.sends(request("POST", "/", "Content-Length: 1000"));
      for (let second = 1; second < 30; second += 1) {
        await server.until(() => server.network.now >= second * 1000, 1000);
        client.sends("x");
      }
      await server.until(() => client.text !== "");
      expect(client.text).toMatch(/^HTTP\/1.1 408 /);
      expect(server.network.now).toBe(30_000);
    });

    test("an answer is delayed as requested, and no other answer is", async () => {
      const server = await start(1, { step });
      const [slow, quick] = [server.join(), server.join()];
      slow.sends(get("/slow/70000/poem.txt"));
      quick.sends(get("/poem.txt", "Connection: close"));
      await server.until(() => quick.ended !== undefined, 10);
      await server.until(() => slow.text !== "");
      expect(server.network.now).toBe(70_000);
    });

    test("a stopped reader has thirty seconds, and a slow one has no limit", async () => {
      const server = await start(1, { step });
      const [slow, stopped] = [server.join(100), server.join(100)];
      for (const client of [slow, stopped]) {
        client.reads = false;
        client.sends(get("/poem.txt"));
      }
      await server.until(() => server.network.now >= 29_000, 29_000);
      // 100 of about 400 bytes are in its buffer; it reads ten of them every 29 seconds.
      for (let time = 1; time <= 20; time += 1) {
        slow.takes(10);
        await server.until(() => server.network.now >= 29_000 * (time + 1), 29_000);
      }
      slow.reads = true;
      slow.goesOn();
      await server.until(() => slow.text.includes("we hung."), 10);
      stopped.reads = true;
      stopped.goesOn();
      expect(stopped.ended?.how).toBe("reset");
    });

    test("a client that never stops sending is disconnected after two seconds", async () => {
      const server = await start(1, { step });
      const before = server.network.size;
      const client = server.join();
      client.sends("nonsense\r\n\r\n");
      // This client sees our end, and closes.
      await server.until(() => server.network.size === before, 100);
      expect(client.ended?.how).toBe("end");
      // Another client does not.
      const rude = TcpStream.connect("127.0.0.1", 42069, server.network);
      rude.write(Buffer.from("nonsense\r\n\r\n"));
      const from = server.network.now;
      await server.until(() => server.network.size === before + 2, 10);
      await server.until(() => server.network.size === before + 1);
      expect(server.network.now - from).toBe(2_000);
    });
  });

  test("clients wait while there are no descriptors, and are then served", async () => {
    // The listener, and both ends of three connections.
    const server = await start(1, { step, limit: 7 });
    const clients = Array.from({ length: 4 }, () => server.join());
    for (const client of clients) client.sends(get("/hello/a", "Connection: close"));
    await server.until(() => clients.every(({ text }) => text.includes("Hello, a!")));
  });
});
