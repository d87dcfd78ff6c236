// bots/fleet: connecting, talking, waiting and quitting, with servers made for it.
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { ConnectError } from "../../scripts/bots/bot.ts";
import { Fleet } from "../../scripts/bots/fleet.ts";

/** A server for one test. */
async function serve(onConnection: (socket: Socket, number: number) => void) {
  let number = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    number += 1;
    onConnection(socket, number);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { server, port: (server.address() as AddressInfo).port };
}

function fleetOf(port: number, patience = 20_000): Fleet {
  return new Fleet({ host: "127.0.0.1", port }, patience);
}

const RATE = 500;

/** Sends each line back under a name, and hangs up on `/quit`. */
function chat(socket: Socket, number: number): void {
  socket.write(`You are Bot${number}\n`);
  createInterface({ input: socket }).on("line", (line) => {
    if (line === "/quit") socket.end();
    else if (line !== "/help") socket.write(`Bot${number}: ${line}\n`);
  });
}

/** Calls back when more has come than the question with which each bot begins. */
function afterHelp(socket: Socket, callback: () => void): void {
  createInterface({ input: socket }).on("line", (line) => {
    if (line !== "/help") callback();
  });
}

const never = new AbortController().signal;

test("all talk, hear what they said, and quit", async () => {
  const { port } = await serve(chat);
  const fleet = fleetOf(port);
  await fleet.fill(20, never);
  expect(fleet.totals).toMatchObject({ connected: 20, here: 20, lost: 0, sent: 0 });
  await fleet.talk(RATE, { ms: 100, signal: never });
  await fleet.settle({ signal: never });
  await fleet.quit({ signal: never });
  const { sent, bytes } = fleet.totals;
  expect(sent).toBeGreaterThan(0);
  expect(bytes).toBeGreaterThan(sent);
  expect(fleet.totals).toMatchObject({ here: 0, lost: 0, echoes: sent, received: sent });
});

test("no more than eight wait for their greeting at the same time", async () => {
  let waiting = 0;
  let most = 0;
  const { port } = await serve((socket, number) => {
    waiting += 1;
    most = Math.max(most, waiting);
    setTimeout(() => {
      waiting -= 1;
      socket.write(`You are Bot${number}\n`);
    }, 5);
  });
  const fleet = fleetOf(port);
  await fleet.fill(40, never);
  expect(fleet.totals.here).toBe(40);
  expect(most).toBeLessThanOrEqual(8);
  expect(most).toBeGreaterThan(1);
  await fleet.quit({ ms: 0, signal: never });
});

test("a bot that is hung up on counts as lost, with its name or before it", async () => {
  const { port } = await serve((socket, number) => {
    if (number === 2) socket.destroy();
    else if (number === 3) socket.end("You are Bot3\n");
    else chat(socket, number);
  });
  const fleet = fleetOf(port);
  await fleet.fill(4, never);
  await fleet.talk(RATE, { ms: 50, signal: never });
  await fleet.settle({ signal: never });
  await fleet.quit({ signal: never });
  expect(fleet.totals).toMatchObject({ connected: 4, lost: 2 });
  expect(fleet.totals.echoes).toBe(fleet.totals.sent);
});

test("the talk ends when all are lost", async () => {
  const { port } = await serve((socket, number) => {
    socket.write(`You are Bot${number}\n`);
    afterHelp(socket, () => socket.destroy());
  });
  const fleet = fleetOf(port);
  await fleet.fill(5, never);
  await fleet.talk(RATE, { signal: never });
  await fleet.settle({ signal: never });
  await fleet.quit({ signal: never });
  expect(fleet.totals).toMatchObject({ connected: 5, here: 0, lost: 5, echoes: 0 });
  expect(fleet.totals.sent).toBeGreaterThanOrEqual(5);
});

test("the wait for echoes that never come can be cut short", async () => {
  const stop = new AbortController();
  const { port } = await serve((socket, number) => {
    socket.write(`You are Bot${number}\n`);
    afterHelp(socket, () => stop.abort());
  });
  const fleet = fleetOf(port);
  await fleet.fill(3, never);
  await fleet.talk(RATE, { signal: stop.signal });
  const force = new AbortController();
  const settled = fleet.settle({ signal: force.signal });
  force.abort();
  await settled;
  await fleet.quit({ signal: force.signal });
  expect(fleet.totals).toMatchObject({ lost: 0, echoes: 0 });
  expect(fleet.totals.sent).toBeGreaterThan(0);
});

test("the wait for echoes and for the end of the connections is bounded", async () => {
  const stop = new AbortController();
  const { port } = await serve((socket, number) => {
    socket.allowHalfOpen = true;
    socket.write(`You are Bot${number}\n`);
    afterHelp(socket, () => stop.abort());
  });
  const fleet = fleetOf(port);
  await fleet.fill(3, never);
  await fleet.talk(RATE, { signal: stop.signal });
  await fleet.settle({ ms: 20, signal: never });
  await fleet.quit({ ms: 20, signal: never });
  expect(fleet.totals.lost).toBe(0);
});

test("what was said before one quits is still counted", async () => {
  const { port } = await serve((socket, number) => {
    socket.write(`You are Bot${number}\n`);
    createInterface({ input: socket }).on("line", (line) => {
      if (line === "/quit") socket.end("Eve: one\nEve: two\n");
    });
  });
  const fleet = fleetOf(port);
  await fleet.fill(3, never);
  await fleet.quit({ signal: never });
  expect(fleet.totals).toMatchObject({ received: 6, lost: 0 });
});

test("a server that takes no more connections ends it, and says which one failed", async () => {
  const { port, server } = await serve((socket, number) => {
    server.close();
    chat(socket, number);
  });
  const fleet = fleetOf(port);
  const error = await fleet.fill(5, never).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(ConnectError);
  expect(error).toMatchObject({ message: "nothing listens there", accepted: false });
  expect(fleet.totals).toMatchObject({ connected: 1, here: 1 });
  await fleet.quit({ signal: never });
});

test.each([
  { what: "is silent", does: () => {}, message: /does not say "You are NAME"/ },
  {
    what: "says something else",
    does: (socket: Socket) => socket.write("Server commands\n"),
    message: /does not say "You are NAME"/,
  },
  {
    what: "is an echo",
    does: (socket: Socket) => socket.pipe(socket),
    message: /gives no names/,
  },
  {
    what: "hangs up",
    does: (socket: Socket) => socket.end("bye\n"),
    message: /hung up before it said "You are NAME"/,
  },
  {
    what: "resets",
    does: (socket: Socket) => socket.resetAndDestroy(),
    message: /hung up before it said "You are NAME"/,
  },
])("a server that $what is no chat", async ({ does, message }) => {
  const { port } = await serve(does);
  const fleet = fleetOf(port, 200);
  const error = await fleet.fill(200, never).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(ConnectError);
  expect((error as ConnectError).message).toMatch(message);
  expect(fleet.totals.connected).toBe(0);
});

test("connecting can be given up", async () => {
  const stop = new AbortController();
  const { port } = await serve((socket, number) => {
    if (number === 1) chat(socket, number);
    else stop.abort();
  });
  const fleet = fleetOf(port);
  await fleet.fill(50, stop.signal);
  expect(fleet.totals).toMatchObject({ connected: 1, here: 1 });
  await fleet.quit({ signal: never });
});
