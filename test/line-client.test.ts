// A connection to a server of lines, and the waiting for what comes over it.
import { expect, test } from "vitest";
import { LineClient } from "../behaviours/line-client.ts";
import { connected } from "./shared/helpers.ts";

/** A client that several wait on, and the server's end of its connection. */
async function start() {
  const { socket: server, peer } = await connected();
  return { server, client: new LineClient("ann", peer, 15_000) };
}

test("each of several that wait is woken by what comes", async () => {
  const { client, server } = await start();
  const comes = () => client.until(() => client.look() === "hello");
  const all = Promise.all([comes(), comes(), comes()]);
  server.write("hello\n");
  await all;
  expect(client.take()).toBe("hello");
});

test("each of several that wait is woken by the end", async () => {
  const { client, server } = await start();
  const never = () => client.until(() => false);
  const all = Promise.allSettled([never(), never()]);
  server.end();
  const reason = expect.objectContaining({ message: "the end of the connection" });
  expect(await all).toEqual([
    { status: "rejected", reason },
    { status: "rejected", reason },
  ]);
});
