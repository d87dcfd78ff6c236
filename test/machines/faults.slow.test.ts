// Several servers on one log, and what goes wrong: servers die or stand still, the broker goes
// and comes, a cable is cut. What their users see is what the pages promise.
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { describe, expect, test } from "vitest";
import { type Broker, findNats } from "../../scripts/machines/broker.ts";
import type { Cable } from "../../scripts/machines/cable.ts";
import { needs } from "../requirements.ts";
import { DeafCable } from "./deaf-cable.ts";
import { createAtOnce, Listener, layCable, logs, startBroker, startOn } from "./place.ts";

const nats = needs(findNats(), "faults of several servers on one log", "nats-server");
const CUT_OFF = "You were cut off: what was said here meanwhile is lost";
const numbered = (word: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${word} ${i}`);

/** Ann on one server, Bob on another. */
async function pair(broker: Broker, cable?: Pick<Cable, "address">) {
  const a = await startOn(broker.address);
  const b = await startOn(cable?.address ?? broker.address);
  const ann = await Listener.join(a, "Ann");
  const bob = await Listener.join(b, "Bob");
  await ann.sees(/ is now Bob$/);
  return { a, b, ann, bob };
}

describe.skipIf(!nats)("two servers on one log", { timeout: 240_000 }, () => {
  test("deliver 4 × 2,000 lines to all in one order, each once", async () => {
    const { a, b, ann, bob } = await pair(await startBroker());
    const all = [ann, bob, await Listener.join(a, "Cy"), await Listener.join(b, "Dee")];
    await ann.sees(/ is now Dee$/);
    for (const one of all) one.send(...numbered("line", 2000));
    for (const one of all) {
      for (const { name } of all) await one.sees(`${name}: line 1999`);
    }
    for (const one of all) expect(one.said()).toEqual(ann.said());
    expect(new Set(ann.said()).size).toBe(8000);
    for (const { name } of all) {
      const own = ann.said().filter((line) => line.startsWith(`${name}: `));
      expect(own).toEqual(numbered(`${name}: line`, 2000));
    }
  });

  test("give each of 1,000 names to one of two that ask at once", async () => {
    const { ann, bob } = await pair(await startBroker());
    let [winners, losers] = [0, 0];
    for (let race = 0; race < 1000; race += 1) {
      const name = `Race${race}`;
      const users = [ann, bob];
      for (const user of users) user.lines.length = 0;
      for (const user of users) user.send(`/name ${name}`, "/rooms");
      for (const user of users) {
        await user.sees(/^Rooms - /);
        if (user.lines.includes(`${user.name} is now ${name}`)) {
          user.name = name;
          winners += 1;
        } else if (user.lines.includes(`${name} is already taken`)) losers += 1;
      }
    }
    expect([winners, losers]).toEqual([1000, 1000]);
  });

  test("call a room the same for all who create it at once", async () => {
    const { ann, bob } = await pair(await startBroker());
    for (let round = 0; round < 50; round += 1) await createAtOnce(ann, bob, `r${round}`);
  });

  test("say once that the users of a killed server left, and free their names", async () => {
    const { a, b, ann } = await pair(await startBroker());
    await Listener.join(b, "Dee");
    await ann.sees(/ is now Dee$/);
    b.process.kill("SIGKILL");
    await ann.sees("Bob left");
    await ann.sees("Dee left");
    expect([ann.count("Bob left"), ann.count("Dee left")]).toEqual([1, 1]);
    const cy = await Listener.join(a, "Bob");
    cy.send("/users");
    await cy.sees("Users - Ann, Bob");
  });

  test("say at once that the users of a server left that is ended", async () => {
    const { a, b, ann, bob } = await pair(await startBroker());
    const dee = await Listener.join(b, "Dee");
    b.process.kill("SIGTERM");
    await ann.sees("Bob left");
    await ann.sees("Dee left");
    // Their own users read only the goodbye.
    for (const one of [bob, dee]) {
      await one.sees("Server is shutting down, goodbye!");
      expect(one.lines.filter((line) => / left$/.test(line))).toEqual([]);
      one.destroy();
    }
    expect(await b.process.ended).toBe(0);
    expect(a.process.output()).not.toContain("declares dead");
  });

  test.each(["SIGTERM", "SIGKILL"] as const)(
    "lose and double nothing when the broker goes by %s, and comes back",
    async (signal) => {
      const broker = await startBroker();
      const { a, b, ann, bob } = await pair(broker);
      const dee = await Listener.join(b, "Dee");
      await ann.sees(/ is now Dee$/);
      await bob.sees(/ is now Dee$/);
      await broker.stop(signal);
      dee.send("/name Dora");
      for (let i = 0; i < 40; i += 1) {
        ann.send(`ann ${i}`);
        bob.send(`bob ${i}`);
      }
      // They are notified that they wait, and so is a newcomer, who has seen the help.
      await ann.sees("The log does not answer: you wait for it");
      await bob.sees("The log does not answer: you wait for it");
      await dee.sees("The log does not answer: you wait for it");
      await logs(
        a,
        /waiting for the log: no connection to the broker; is it running, and can it be reached\?/,
      );
      const cy = Listener.join(a, "");
      await broker.start();
      await dee.sees("Dee is now Dora");
      for (const one of [ann, bob]) {
        await one.sees("Ann: ann 39");
        await one.sees("Bob: bob 39");
      }
      await cy;
      expect(ann.said()).toEqual(bob.said());
      expect(new Set(ann.said()).size).toBe(80);
      expect(ann.said().length).toBe(80);
      expect([...ann.lines, ...bob.lines].filter((line) => / left$/.test(line))).toEqual(
        [],
      );
      expect([a, b].map(({ process }) => process.output()).join()).not.toMatch(/dead/);
    },
  );

  test("end, each with a line, when the broker comes back with an empty disk", async () => {
    const broker = await startBroker();
    const { a, b } = await pair(broker);
    await broker.stop("SIGKILL");
    broker.wipe();
    await broker.start();
    for (const { process } of [a, b]) {
      expect(await process.ended).toBe(1);
      const last = process.output().trim().split("\n").at(-1);
      expect(last).toMatch(/^Cannot go on with the broker at .*: its log is gone$/);
    }
  });

  test("end, each with a line, at an entry that they cannot read", async () => {
    const broker = await startBroker();
    const { a, b } = await pair(broker);
    const newer = await connect({ servers: broker.address });
    newer.publish("chat.turn", JSON.stringify({ kind: "turn", says: [] }));
    await newer.drain();
    for (const { process } of [a, b]) {
      expect(await process.ended).toBe(1);
      const last = process.output().trim().split("\n").at(-1);
      expect(last).toMatch(
        /^Cannot go on with the broker at .*: entry \d+ cannot be read: its kind is unknown$/,
      );
    }
  });

  test("lose nothing when one is cut off for less than a lease", async () => {
    const broker = await startBroker();
    const cable = await layCable(broker.port);
    const { a, b, ann, bob } = await pair(broker, cable);
    cable.cut();
    for (const text of numbered("dark", 20)) {
      bob.send(text);
      ann.send(text);
    }
    await ann.sees("Ann: dark 19");
    await bob.sees("The log does not answer: you wait for it");
    // The client of NATS notices only later that the connection is lost.
    await logs(b, /waiting for the log: no answer from the broker; /);
    cable.heal();
    await ann.sees("Bob: dark 19");
    await bob.sees("Ann: dark 19");
    await bob.sees("Bob: dark 19");
    expect(bob.said()).toEqual(ann.said());
    expect(ann.said().length).toBe(40);
    expect([...ann.lines, ...bob.lines].filter((line) => / left$/.test(line))).toEqual(
      [],
    );
    expect([a, b].map(({ process }) => process.output()).join()).not.toMatch(/dead/);
  });

  test("free the name of one that was cut off, and it says so", async () => {
    const broker = await startBroker();
    const cable = await layCable(broker.port);
    const { a, ann, bob } = await pair(broker, cable);
    cable.cut();
    // The command keeps what he says after it from being sent.
    bob.send("is anybody there?", "/users", "a secret");
    ann.send("Bob?");
    await ann.sees("Bob left");
    bob.send("another secret");
    const eve = await Listener.join(a, "Bob");
    eve.send("I am Bob now");
    await ann.sees("Bob: I am Bob now");
    cable.heal();
    await bob.sees(/^You are \w+ now$/);
    const name = /^You are (\w+) now$/m.exec(bob.lines.join("\n"))?.[1];
    await ann.sees(`${name} joined`);
    bob.send("here I am");
    await ann.sees(`${name}: here I am`);
    await bob.sees(`${name}: here I am`);
    eve.send("the end");
    await bob.sees("Bob: the end");
    // What he reads: all that was said, in order, himself included.
    const from = bob.lines.indexOf("Ann: Bob?");
    const all = bob.lines.slice(from).filter((line) => !line.startsWith("The log"));
    const seen = all.slice(0, all.indexOf(`You are ${name} now`) + 1);
    expect(withoutNames(seen)).toEqual([
      "Ann: Bob?",
      "Bob left",
      CUT_OFF,
      "NAME joined",
      "NAME is now Bob",
      "Bob: I am Bob now",
      "NAME joined",
      "You are NAME now",
    ]);
    // No line of his stands under the name that is Eve's by then, and none is lost untold.
    for (const one of [ann, bob, eve]) {
      expect(one.lines.join("\n")).not.toMatch(/^\w+: (is anybody there|.*secret)/m);
    }
    expect(ann.count("Bob left")).toBe(1);
  });

  test("keep a user who was being renamed when its server was cut off", async () => {
    const broker = await startBroker();
    const cable = await layCable(broker.port);
    const { b, ann, bob } = await pair(broker, cable);
    const dee = await Listener.join(b, "Dee");
    cable.cut();
    // The client of NATS has given up the connection, and sends nothing until it has another.
    dee.send("hello?");
    await logs(b, /waiting for the log: no answer from the broker; /);
    await logs(
      b,
      /waiting for the log: no connection to the broker; is it running, and can it be reached\?/,
    );
    bob.send("/name Robert");
    await bob.sees("The log does not answer: you wait for it");
    await ann.sees("Bob left");
    cable.heal();
    await bob.sees("Bob joined");
    bob.send("here I am", "/users");
    await ann.sees("Robert: here I am");
    await bob.sees("Users - Ann, Dee, Robert");
    // He has kept no other name.
    ann.send("/name Bob");
    await bob.sees("Ann is now Bob");
  });

  test("move a user who asked for it when its server was cut off", async () => {
    const broker = await startBroker();
    const cable = await layCable(broker.port);
    const { ann, bob } = await pair(broker, cable);
    cable.cut();
    bob.send("/join attic", "lost");
    await ann.sees("Bob left");
    cable.heal();
    await bob.sees(CUT_OFF);
    bob.send("a secret for the attic", "/rooms");
    await bob.sees("Rooms - attic (1), main (1)");
    await bob.sees("You joined attic");
    await bob.sees("Bob: a secret for the attic");
    expect(bob.count("Bob: lost")).toBe(0);
    // A fence: what he said in main would come before.
    ann.send("the end");
    await ann.sees("Ann: the end");
    expect(ann.said()).toEqual(["Ann: the end"]);
  });

  test("deliver a flood to one that was stopped meanwhile, each line once", async () => {
    const { b, ann, bob } = await pair(await startBroker());
    const texts = numbered("flood", 20_000);
    ann.send(...texts.slice(0, 5_000));
    await bob.sees("Ann: flood 10");
    b.process.kill("SIGSTOP");
    ann.send(...texts.slice(5_000, 15_000));
    await ann.sees("Bob left");
    ann.send(...texts.slice(15_000));
    await ann.sees("Ann: flood 19999");
    b.process.kill("SIGCONT");
    await bob.sees("Ann: flood 19999");
    expect(bob.said()).toEqual(texts.map((text) => `Ann: ${text}`));
    await ann.sees("Bob joined");
    expect(bob.lines).toContain(CUT_OFF);
  });

  test("read on when a consumer stands still, while appends succeed", async () => {
    const broker = await startBroker();
    const cable = await DeafCable.lay(broker.port);
    const { ann, bob } = await pair(broker, cable);
    cable.deafen();
    ann.send(...numbered("unheard", 20));
    await ann.sees("Ann: unheard 19");
    bob.send("hello?");
    await ann.sees("Bob: hello?");
    await bob.sees("Bob: hello?");
    expect(bob.said()).toEqual(ann.said());
    // It was deaf indeed, and reads by another consumer now.
    expect(cable.lost).toBeGreaterThan(0);
    expect(cable.consumers.length).toBeGreaterThan(1);
  });

  test.each([
    ["chat.say.main", "Users - Ann, Bob, Cy"],
    ["chat.>", "Users - Cy"],
  ])("begin with what is left when %s was deleted", async (filter, users) => {
    const broker = await startBroker();
    const { ann, bob } = await pair(broker);
    bob.send("hello");
    await ann.sees("Bob: hello");
    const connection = await connect({ servers: broker.address });
    const { streams } = await jetstreamManager(connection);
    await streams.purge("chat", { filter });
    const cy = await Listener.join(await startOn(broker.address), "Cy");
    cy.send("/users");
    await cy.sees(users);
    await ann.sees(/ is now Cy$/);
    ann.send("welcome");
    if (filter !== "chat.>") await cy.sees("Ann: welcome");
    await connection.close();
  });

  test("know all of a chat of 1,000 before they listen", async () => {
    const broker = await startBroker();
    const [a, b] = [await startOn(broker.address), await startOn(broker.address)];
    const first = await Listener.join(a, "Ann");
    for (let i = 0; i < 1000; i += 50) {
      await Promise.all(
        Array.from({ length: 50 }, (_, k) => Listener.join(k % 2 ? a : b, "")),
      );
    }
    const c = await startOn(broker.address);
    const late = await Listener.join(c, "");
    const usersOf = async (one: Listener) => {
      one.lines.length = 0;
      one.send("/users", "the end");
      await one.sees(`${one.name}: the end`);
      const lists = one.lines.filter((line) => line.startsWith("Users - "));
      return lists.flatMap((line) => line.slice(8).split(", "));
    };
    const users = await usersOf(late);
    expect(users).toHaveLength(1002);
    await first.sees(`${late.name} joined`);
    expect(await usersOf(first)).toEqual(users);
  });
});

/** Random names differ from one run to the next. */
function withoutNames(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(/[A-Z][a-z]+[A-Z][a-z]+/g, "NAME"));
}

describe.skipIf(!nats)("three brokers", { timeout: 240_000 }, () => {
  test("lose nothing when their leader is killed, three times in a row", async () => {
    const brokers = await startCluster();
    const address = brokers.map((one) => one.address).join();
    const [a, b] = [await startOn(address), await startOn(address)];
    const [ann, bob] = [await Listener.join(a, "Ann"), await Listener.join(b, "Bob")];
    await ann.sees(/ is now Bob$/);
    for (const round of [0, 1, 2]) {
      const leader = await leaderOf(brokers);
      for (const one of [ann, bob]) one.send(...numbered(`before ${round}`, 200));
      await leader.stop("SIGKILL");
      for (const one of [ann, bob]) one.send(...numbered(`after ${round}`, 200));
      for (const one of [ann, bob]) {
        await one.sees(`Ann: after ${round} 199`);
        await one.sees(`Bob: after ${round} 199`);
      }
      await leader.start();
    }
    expect(bob.said()).toEqual(ann.said());
    expect(new Set(ann.said()).size).toBe(2400);
    expect(ann.said().length).toBe(2400);
    expect([...ann.lines, ...bob.lines].filter((line) => / left$/.test(line))).toEqual(
      [],
    );
  });
});

/** Three brokers that keep a copy of the log each. */
async function startCluster(): Promise<Broker[]> {
  // Ports that are free now: those of the cluster have to be known before it starts.
  const probes = await Promise.all([0, 1, 2].map(() => layCable(1)));
  const ports = probes.map(({ address }) => Number(address.split(":")[1]));
  for (const probe of probes) probe.close();
  const routes = ports.map((port) => `"nats://127.0.0.1:${port}"`).join(", ");
  return Promise.all(
    ports.map((port, index) =>
      startBroker({
        config: `server_name: "n${index}"
cluster { name: "chat", host: "127.0.0.1", port: ${port}, routes: [${routes}] }`,
      }),
    ),
  );
}

/** The broker that leads the copies of the log. */
async function leaderOf(brokers: readonly Broker[]): Promise<Broker> {
  const connection = await connect({ servers: brokers.map(({ address }) => address) });
  try {
    // Without a look at the account first: in an election nothing answers that.
    const manager = await jetstreamManager(connection, { checkAPI: false });
    for (;;) {
      const info = await manager.streams.info("chat").catch(() => undefined);
      const leader = brokers[Number(info?.cluster?.leader?.slice(1) ?? -1)];
      // All copies are there again, or another would have to be asked first.
      const isWhole = info?.cluster?.replicas?.every(({ current }) => current);
      if (leader && isWhole) return leader;
    }
  } finally {
    await connection.close();
  }
}
