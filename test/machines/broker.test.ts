// A broker that cannot be used: each time one line that says what to do. No broker is needed
// for that: what one says first is a line of text.
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { startServer } from "../../behaviours/server.ts";
import { Log } from "../../examples/m2-many/log.ts";

/** Starts a server on this broker, which it should refuse. @returns what it says. */
async function refusal(broker: string): Promise<string> {
  const command = [process.execPath, join(inject("built"), "m2-many/server.js")];
  const outcome = await startServer({ command, env: { BROKER: broker } }).catch(
    (error: Error) => error.message,
  );
  if (typeof outcome === "string") return outcome;
  outcome.process.kill("SIGKILL");
  throw new Error("It listens.");
}

/** Something that greets as a broker, and answers the first PING. @returns its port. */
async function fakeBroker(version: string, answer: string): Promise<number> {
  const info = { server_id: "x", version, max_payload: 1e6, headers: true, proto: 1 };
  const server = createServer((socket) => {
    socket.write(`INFO ${JSON.stringify(info)}\r\n`);
    socket.on("data", (text) => {
      if (String(text).includes("PING")) socket.write(answer);
    });
    socket.on("error", () => {});
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

test("says that BROKER is not set", async () => {
  const message = await refusal("");
  expect(message).toContain("it ended with 2");
  expect(message).toMatch(/^Cannot find the broker: set BROKER=HOST:PORT$/m);
});

test("says that nobody answers there", async () => {
  const message = await refusal("127.0.0.1:1");
  expect(message).toContain("it ended with 1");
  expect(message).toMatch(
    /^Cannot use the broker at 127.0.0.1:1: nobody answers there; start one, .*nats-server -js$/m,
  );
});

test("says that no host has that name", async () => {
  // A label of more than 63 characters is refused without asking the network (RFC 1035).
  const host = `${"x".repeat(64)}.invalid`;
  expect(await refusal(`${host}:4222`)).toMatch(
    /: no host has that name; check it in BROKER=HOST:PORT$/m,
  );
});

test("says that the broker is too old", async () => {
  const message = await refusal(`127.0.0.1:${await fakeBroker("2.8.4", "PONG\r\n")}`);
  expect(message).toMatch(/: it is nats-server 2\.8\.4; take 2\.9 or newer$/m);
});

test("says that the broker wants other credentials", async () => {
  const port = await fakeBroker("2.9.10", "-ERR 'Authorization Violation'\r\n");
  expect(await refusal(`ann:secret@127.0.0.1:${port}`)).toMatch(
    /^Cannot use the broker at 127\.0\.0\.1:\d+: it refuses our credentials; name them in BROKER=user:password@host:port$/m,
  );
});

describe("what is no broker", () => {
  const connected = (broker: string) => Log.connect(broker, String, 1, () => {});

  test("is reported when it says something else first", async () => {
    const server = createServer((socket) => socket.write("SSH-2.0-OpenSSH_9.2\r\n"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => {
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    await expect(connected(`127.0.0.1:${port}`)).rejects.toThrow(
      `Cannot use the broker at 127.0.0.1:${port}: what is there does not answer as a broker: `,
    );
  });

  test("is reported when it is no address", async () => {
    await expect(connected("here:there")).rejects.toThrow(
      "Cannot use the broker at here:there: it must be HOST:PORT",
    );
  });
});
