// The threads of r7: what happens to the clients of a thread that dies, and to clients
// without a port.
import { expect, test } from "vitest";
import { get } from "../../../behaviours/http/behaviour.ts";
import { dialTo, folderWith, startStep } from "../r5/server.ts";
import { until } from "../servers.ts";

const R7 = { step: "r7-ioserver", title: "r7", flags: [] };
type Server = Awaited<ReturnType<typeof startStep>>;

/** A client that has been greeted: it belongs to some program thread. */
async function greeted(server: Server, name: string) {
  const client = await dialTo(server);
  await client.send(get(`/hello/${name}`));
  expect((await client.answer()).body.toString()).toBe(`Hello, ${name}!\n`);
  return client;
}

test("a dying program thread disconnects its clients, is reported, and is replaced", async () => {
  const server = await startStep(R7, { preload: "r7/dying.mjs" });
  for (let time = 1; time <= 2; time += 1) {
    const ann = await greeted(server, "ann");
    const bob = await greeted(server, "bob");
    // A request for a file and a delayed request leave nothing behind either.
    await bob.send(get("/slow/600000/poem.txt"));
    await ann.send(get("/hello/die"));
    await ann.ends();
    await bob.ends();
    await greeted(server, "eve");
    const lines = server.process.output().match(/^program thread 0 has died: .*$/gm);
    expect(lines).toEqual(
      Array(time).fill(
        "program thread 0 has died: Error: asked to; its clients are disconnected and it is replaced",
      ),
    );
  }
  server.process.kill("SIGTERM");
  expect(await server.process.ended).toBe(0);
});

test("a port is usable again after its thread has died while listing it", async () => {
  const args = ["--ports", "1"];
  const server = await startStep(R7, { preload: "r7/dying.mjs", args });
  const ann = await greeted(server, "ann");
  await ann.send(get("/hello/list"));
  await ann.ends();
  await greeted(server, "bob");
  expect(server.process.output()).toContain("program thread 0 has died: Error: asked to");
});

test("the clients of other program threads notice nothing", async () => {
  const server = await startStep(R7, {
    preload: "r7/dying.mjs",
    args: ["--threads", "4"],
  });
  const others = [];
  for (let count = 0; count < 12; count += 1) others.push(await greeted(server, "bob"));
  const ann = await greeted(server, "ann");
  await ann.send(get("/hello/die"));
  await ann.ends();
  let kept = 0;
  for (const other of others) {
    await other.send(get("/hello/bob"));
    const isKept = await other.answer().then(
      () => true,
      () => false,
    );
    kept += Number(isKept);
  }
  const cut = others.length - kept;
  expect(cut).toBeLessThan(others.length);
  for (let count = 0; count < 12; count += 1) await greeted(server, "eve");
});

test("a dying file worker is reported, although its program thread blocks", async () => {
  const names = ["die", "throw", "drown"];
  const root = folderWith(Object.fromEntries(names.map((name) => [`${name}.txt`, name])));
  const server = await startStep(R7, { root, preload: "r5/dying.mjs" });
  const client = await dialTo(server);
  const died = () => server.process.output().match(/^a file worker has died: .*$/gm);
  const wanted = [
    ["die", 500],
    ["die", 500],
    ["throw", 200],
    ["drown", 500],
  ] as const;
  for (const [at, [file, status]] of wanted.entries()) {
    await client.send(get(`/${file}.txt`));
    expect((await client.answer()).status).toBe(status);
    // Otherwise the next request could still go to the thread that dies.
    await until(() => died()?.length === at + 1);
  }
  expect(died()?.sort()).toEqual([
    expect.stringMatching(/^a file worker has died: Error .*heap out of memory$/),
    "a file worker has died: Error: asked to",
    "a file worker has died: it has ended with 3",
    "a file worker has died: it has ended with 3",
  ]);
});

test("the program ends without its I/O thread, and says why", async () => {
  const server = await startStep(R7, { preload: "r7/dying.mjs" });
  const ann = await greeted(server, "ann");
  const bob = await dialTo(server);
  await bob.send("drown");
  await ann.ends();
  await bob.ends();
  expect(await server.process.ended).toBe(1);
  expect(server.process.output()).toContain("the I/O thread has died: Error: asked to");
});

test("a client without a port waits until another client leaves", async () => {
  const server = await startStep(R7, { args: ["--ports", "2"] });
  const ann = await greeted(server, "ann");
  const bob = await greeted(server, "bob");
  const eve = await dialTo(server);
  await eve.send(get("/hello/eve"));
  let isServed = false;
  const served = eve.answer().then((answer) => {
    isServed = true;
    return answer;
  });
  for (let time = 0; time < 10; time += 1) {
    await bob.send(get("/hello/bob"));
    await bob.answer();
  }
  expect(isServed).toBe(false);
  ann.close();
  expect((await served).body.toString()).toBe("Hello, eve!\n");
  // Again: a freed port can be used as before.
  bob.close();
  for (let time = 0; time < 10; time += 1) (await greeted(server, "dan")).close();
});

test("a thread that cannot start ends the program with a one-line error", async () => {
  const wrong = (args: string[]) => startStep(R7, { args });
  await expect(wrong(["--threads", "33"])).rejects.toThrow("Cannot use --threads 33");
  await expect(wrong(["--ports", "70000"])).rejects.toThrow("Cannot use --ports 70000");
  await expect(wrong(["--wake", "never"])).rejects.toThrow("Cannot use --wake never");
});
