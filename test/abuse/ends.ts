// How the server ends and how it does not; faults inside of it; descriptors.
import { connect } from "node:net";
import { expect } from "vitest";
import { type AbuseCase, abuse, fault, GOODBYE, getsIn, logged } from "./site.ts";

const ON_LINUX = { linux: true };

/** Text on which the handler of one client throws. */
const BOOM = `const { test } = RegExp.prototype;
  RegExp.prototype.test = function (text) {
    if (text === "boom") throw new Error("injected");
    return test.call(this, text);
  };`;
const NOT_ACCEPTED = `import { Server } from "node:net";
  const { listen } = Server.prototype;
  Server.prototype.listen = function (...words) {
    this.once("connection", () => this.emit("error", new Error("accept ENOBUFS")));
    return listen.apply(this, words);
  };`;
/** Every generated name is taken: two words, and no digit, in lower case. */
const ALL_TAKEN = `const { has } = Set.prototype;
  Set.prototype.has = function (key) {
    return (typeof key === "string" && /^[a-z]{6,}$/.test(key)) || has.call(this, key);
  };`;

export const ENDS: readonly AbuseCase[] = [
  abuse(
    "says goodbye on SIGTERM and SIGINT, after all that was said",
    async (site) => {
      for (const signal of ["SIGTERM", "SIGINT"] as const) {
        const world = await site.start();
        const ann = await world.join("ann");
        const bob = await world.join("bob");
        await ann.talks("hello");
        world.server.process.kill(signal);
        await ann.sees(GOODBYE);
        await ann.seesEnd();
        await bob.sees(ann.says("hello"));
        await bob.sees(GOODBYE);
        ann.finishes();
        bob.finishes();
        expect(await world.serverEnds()).toBe(0);
      }
    },
    ON_LINUX,
  ),

  abuse(
    "ends at once on a second signal, with its code",
    async (site) => {
      const world = await site.start();
      const ann = await world.join("ann");
      world.server.process.kill("SIGTERM");
      await ann.sees(GOODBYE);
      world.server.process.kill("SIGTERM");
      expect(await world.serverEnds()).toBe(143);
    },
    ON_LINUX,
  ),

  abuse(
    "ends after the grace, also when a client stays",
    async (site) => {
      const world = await site.start(["--grace", "0.2"]);
      const ann = await world.join("ann");
      world.server.process.kill("SIGTERM");
      await ann.sees(GOODBYE);
      expect(await world.serverEnds()).toBe(0);
    },
    ON_LINUX,
  ),

  abuse(
    "goes on after SIGHUP",
    async (site) => {
      const world = await site.start();
      const ann = await world.join("ann");
      world.server.process.kill("SIGHUP");
      await logged(world, /hangup/);
      await ann.talks("hello");
    },
    ON_LINUX,
  ),

  abuse(
    "leaves the port free at once after kill -9",
    async (site) => {
      const first = await site.start();
      const ann = await first.join("ann");
      first.server.process.kill("SIGKILL");
      await first.server.process.ended;
      const second = await site.start(["--port", `${first.server.port}`]);
      await (await second.join("bob")).talks("hello");
      ann.destroy();
    },
    ON_LINUX,
  ),

  abuse(
    "ends one client alone by an error in its handler, and logs it once",
    async (site) => {
      const world = await site.start([], { node: fault(BOOM) });
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      ann.send("boom");
      await ann.seesEndSomeTime();
      await bob.renamesSoon(ann.name);
      await bob.talks("hello");
      await logged(world, /"lost a user"/);
      expect(world.server.process.output().match(/"lost a user"/g)).toHaveLength(1);
    },
  ),

  abuse("goes on after a failure to accept", async (site) => {
    const world = await site.start([], { node: fault(NOT_ACCEPTED) });
    const ann = await world.join("ann");
    await logged(world, /"cannot accept"/);
    const bob = await world.join("bob");
    await bob.talks("hello");
    await ann.sees(bob.says("hello"));
  }),

  abuse("gives another name when all are taken", async (site) => {
    const world = await site.start([], { node: fault(ALL_TAKEN) });
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    expect([ann.name, bob.name]).toEqual(["Guest150001", "Guest150002"]);
    await ann.talks("hello");
  }),

  abuse(
    "goes on without descriptors, and takes clients again later",
    async (site) => {
      const world = await site.start([], { limits: "ulimit -n 64" });
      const ann = await world.join("ann");
      const { host, port } = world.server;
      for (let round = 0; round < 5; round += 1) {
        const sockets = Array.from({ length: 200 }, () => connect({ host, port }));
        // Each is accepted, or closed at once; some wait until others have gone.
        await Promise.all(
          sockets.slice(0, 20).map(
            (socket) =>
              new Promise((resolve) => {
                for (const event of ["data", "close", "error"]) socket.on(event, resolve);
              }),
          ),
        );
        for (const socket of sockets) socket.on("error", () => {}).destroy();
      }
      await ann.talks("hello");
      await getsIn(world, "bob");
    },
    ON_LINUX,
  ),
];
