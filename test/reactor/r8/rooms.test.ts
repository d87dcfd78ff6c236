// `GET /rooms`: r8 asks a chat server over connections of its pool.
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { describe, expect, test } from "vitest";
import { get } from "../../../behaviours/http/behaviour.ts";
import { ALL } from "../../requirements.ts";
import { ask, dialTo } from "../r5/server.ts";
import { STYLES, withStep } from "./server.ts";

const addressOf = ({ host, port }: { host: string; port: number }) => `${host}:${port}`;

/** A user of the chat who has joined a room; it stays until the chat ends. */
async function joinsAttic({ host, port }: { host: string; port: number }): Promise<void> {
  const ann = connect({ host, port }).on("error", () => {});
  ann.write("/join attic\n");
  for await (const line of createInterface({ input: ann })) {
    if (line === "You joined attic") return;
  }
}

// The other styles use the same pool in the same way: they run with `--all`.
describe.each(ALL ? STYLES : STYLES.slice(0, 1))("in the style %s", (style) => {
  const startR8 = (...args: string[]) =>
    withStep("r8-runtime", "--style", style, ...args);

  test("GET /rooms lists the rooms of the chat, without r8's own", async () => {
    const chat = await withStep("18-final", "--rate", "0");
    const server = await startR8("--chat", addressOf(chat));
    expect((await ask(server, "/rooms")).body.toString()).toBe("");
    await joinsAttic(chat);
    expect((await ask(server, "/rooms")).body.toString()).toBe("attic (1)\n");
    const many = await dialTo(server);
    await many.send(get("/rooms").repeat(20));
    for (let time = 0; time < 20; time += 1) {
      expect((await many.answer()).body.toString()).toBe("attic (1)\n");
    }
  });

  test("GET /rooms is 503 when the chat has ended, and other paths are served", async () => {
    const chat = await withStep("18-final");
    const server = await startR8("--chat", addressOf(chat));
    expect((await ask(server, "/rooms")).status).toBe(200);
    chat.process.kill("SIGKILL");
    await chat.process.ended;
    const waiting = ask(server, "/rooms");
    expect((await ask(server, "/hello/a")).status).toBe(200);
    expect((await waiting).status).toBe(503);
  });

  test("GET /rooms is 404 without a chat", async () => {
    expect((await ask(await startR8(), "/rooms")).status).toBe(404);
  });
});

test.each([
  [["--style", "magic"], /Cannot use --style magic: must be one of async/],
  [["--chat", "here"], /Cannot ask the chat at here/],
  [["--workers", "0"], /Cannot use --workers 0/],
])("fails with a one-line error for %j", async (args, message) => {
  await expect(withStep("r8-runtime", ...args)).rejects.toThrow(message);
});
