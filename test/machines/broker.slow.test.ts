// Brokers that run, and cannot be used as they are: one line each that says what to do.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { describe, expect, test } from "vitest";
import { startServer } from "../../behaviours/server.ts";
import { ROOT } from "../../behaviours/steps.ts";
import { Broker, findNats } from "../../scripts/machines/broker.ts";
import { needs } from "../requirements.ts";
import { Listener, logs, startBroker, startOn } from "./place.ts";
import { findMounts, startOnSmallDisk, UNSHARE } from "./small-disk.ts";

const nats = needs(findNats(), "brokers that cannot be used", "nats-server");

async function refusal(broker: string): Promise<string> {
  return startOn(broker).then(
    () => "It listens.",
    (error: Error) => error.message,
  );
}

describe.skipIf(!nats)("a server of m2 says", () => {
  test("that JetStream is switched off", async () => {
    const broker = new Broker(findNats() ?? "", { jetstream: false });
    try {
      await broker.start();
      expect(await refusal(broker.address)).toMatch(
        /: JetStream is switched off; start it with -js$/m,
      );
    } finally {
      await broker.remove();
    }
  });

  test("that its credentials are refused, and comes in with the right ones", async () => {
    const broker = await startBroker({
      config:
        'authorization { user: "ann", password: "secret" }\njetstream { store_dir: "STORE/store" }',
    });
    for (const who of ["", "ann:wrong@", "token@"]) {
      expect(await refusal(`${who}${broker.address}`)).toMatch(
        /: it refuses our credentials; name them in BROKER=user:password@host:port$/m,
      );
    }
    const server = await startOn(`ann:secret@${broker.address}`);
    await Listener.join(server, "Ann");
    expect(server.process.output()).not.toContain("secret");
  });

  test.each(["ann:one:two@", "ann:one:two:@"])(
    "nothing when credentials contain colons: %s",
    async (who) => {
      const [user, ...password] = who.slice(0, -1).split(":");
      for (const login of [
        `user: "${user}", password: "${password.join(":")}"`,
        `token: "${who.slice(0, -1)}"`,
      ]) {
        const broker = await startBroker({ config: `authorization { ${login} }` });
        const server = await startOn(`${who}${broker.address}`);
        await Listener.join(server, "Ann");
        await broker.remove();
      }
    },
  );

  test.each([
    ['publish: { deny: ["chat.>"] }', "publish to chat.probe"],
    ['publish: { deny: ["chat-beats"] }', "publish to chat-beats"],
    ['subscribe: { deny: ["chat-beats"] }', "subscribe to chat-beats"],
    ['publish: { deny: ["$JS.API.>"] }', "publish to $JS.API.INFO"],
  ])("what the broker does not permit, before it listens: %s", async (denied, what) => {
    const user = `{ user: ann, password: pw, permissions: { ${denied} } }`;
    const broker = await startBroker({ config: `authorization { users: [${user}] }` });
    const said = await refusal(`ann:pw@${broker.address}`);
    expect(said).toContain(`: its user may not ${what}; permit it there`);
    expect(said).not.toContain("listening");
  });

  test("what the broker does not permit later, and ends", async () => {
    const denied = 'publish: { deny: ["chat.say.attic"] }';
    const user = `{ user: ann, password: pw, permissions: { ${denied} } }`;
    const broker = await startBroker({ config: `authorization { users: [${user}] }` });
    const server = await startOn(`ann:pw@${broker.address}`);
    const ann = await Listener.join(server, "Ann");
    ann.send("/join attic", "hello?");
    expect(await server.process.ended).toBe(1);
    expect(server.process.output()).toMatch(
      /^Cannot go on with the broker at .*: its user may not publish to chat\.say\.attic; permit it there$/m,
    );
  });

  test("that the broker's log is not one of ours", async () => {
    const broker = await startBroker();
    const connection = await connect({ servers: broker.address });
    const { streams } = await jetstreamManager(connection);
    await streams.add({ name: "chat", subjects: ["hats.>"] });
    await connection.close();
    expect(await refusal(broker.address)).toMatch(
      /^Cannot use the broker at .*: it has another stream called chat; take another broker$/m,
    );
  });

  test("that its log was replaced by another one, and ends", async () => {
    const broker = await startBroker();
    const server = await startOn(broker.address);
    const ann = await Listener.join(server, "Ann");
    ann.send("hello?");
    await ann.sees("Ann: hello?");
    const connection = await connect({ servers: broker.address });
    const { streams } = await jetstreamManager(connection);
    const { config } = await streams.info("chat");
    await streams.delete("chat");
    await streams.add(config);
    await connection.close();
    expect(await server.process.ended).toBe(1);
    expect(server.process.output()).toMatch(
      /^Cannot go on with the broker at .*: its log is not the one that we have read$/m,
    );
  });

  test("that the longest message does not fit into the broker's entries", async () => {
    const broker = await startBroker({ config: "max_payload: 2111" });
    expect(await refusal(broker.address)).toMatch(
      /: raise its max_payload to 2112 bytes, or lower --max-message$/m,
    );
  });

  test("nothing when its entries just fit: all of a paste arrives", async () => {
    const broker = await startBroker({ config: "max_payload: 2112" });
    const server = await startOn(broker.address);
    const [ann, bob] = [
      await Listener.join(server, "Abcdefghijklmnopqrst"),
      await Listener.join(server, "Bob"),
    ];
    // One, two, three and four bytes a character; and two in JSON.
    const texts = ["x", "é", "€", "😀", '"'].flatMap((one) =>
      [1, 399, 400].map((length) => one.repeat(length)),
    );
    ann.send(...Array.from({ length: 20 }, () => texts).flat());
    bob.send("do you hear me?");
    await bob.sees("Bob: do you hear me?");
    ann.send("the end");
    await bob.sees(`${ann.name}: the end`);
    const said = bob.said().filter((line) => line.startsWith(ann.name));
    expect(said).toHaveLength(301);
  });

  test("that the broker's disk is full, to those who wait", async () => {
    const broker = await startBroker({
      config: 'jetstream { store_dir: "STORE/store", max_file_store: 65536 }',
    });
    const server = await startOn(broker.address);
    const ann = await Listener.join(server, "Ann");
    ann.send(...Array.from({ length: 500 }, (_, i) => `${i} ${"x".repeat(380)}`));
    await ann.sees("The log does not answer: you wait for it");
    await logs(server, /waiting for the log: the broker's disk is full; make room there/);
    ann.send("/quit");
  });
});

const unshare = needs(findMounts(), "a broker's full disk", "unshare, or no right to it");

describe.skipIf(!(nats && unshare))("a broker whose disk is really full", () => {
  test("is reported with what to do; once it has room, and was restarted, nothing is lost", async () => {
    const { broker, grow } = await startOnSmallDisk(findNats() ?? "", "512k");
    const server = await startOn(broker.address);
    const ann = await Listener.join(server, "Ann");
    const texts = Array.from({ length: 2_000 }, (_, i) => `${i} ${"x".repeat(380)}`);
    ann.send(...texts);
    await ann.sees("The log does not answer: you wait for it");
    await logs(
      server,
      /waiting for the log: no answer from the broker; if its disk is full, /,
    );
    await broker.stop("SIGKILL");
    grow("64m");
    await broker.start();
    await ann.sees(`Ann: ${texts.at(-1)}`);
    expect(ann.said()).toEqual(texts.map((text) => `Ann: ${text}`));
  });
});

/** Runs a command where no nats-server is to be found, until it listens or ends. */
async function withoutNats(...args: string[]): Promise<string> {
  const hide =
    'for file in $HIDE; do mount --bind /dev/null "$file" || exit; done; exec "$@"';
  const run = [process.execPath, join(ROOT, "scripts/run.mjs"), ...args];
  const command = ["unshare", ...UNSHARE, "sh", "-c", hide, "sh", ...run];
  const where = spawnSync("sh", ["-c", "command -v nats-server; ls /usr/*/nats-server"]);
  const paths = new Set(`${where.stdout}`.match(/^\/.*$/gm));
  const env = { HIDE: [...paths].join(" ") };
  const outcome = await startServer({ command, env, group: true }).catch(
    (error: Error) => error.message,
  );
  if (typeof outcome === "string") return outcome;
  outcome.process.kill("SIGTERM");
  await outcome.process.ended;
  return outcome.process.output();
}

describe.skipIf(!(nats && unshare))("where nats-server is not installed", () => {
  test("just example m2 runs the chat of m1, and says how to get it", async () => {
    expect(await withoutNats("example", "m2")).toMatch(
      /^There is no nats-server here, so this is m1, .*apt-get install nats-server, or http/m,
    );
  });

  test.each([
    ["faults", "m2"],
    ["check", "m2", join(ROOT, "examples/m2-many/server.ts")],
  ])("just %s %s says how to get it", async (...args) => {
    const said = await withoutNats(...args);
    expect(said).toContain("it ended with 1");
    expect(said).toMatch(
      /^Cannot start a broker: there is no nats-server; apt-get install nats-server, or http/m,
    );
  });
});
