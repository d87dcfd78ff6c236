// What a hundred lines to twenty members cost 16 and 17: writes, and promises.
// Page: docs/17-performance.md
import { fork } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const MEMBERS = 20;
const LINES = 100;

/** Loaded before the server: counts, and answers each message with the counts so far. */
const COUNTER = `
  import { createHook } from "node:async_hooks";
  import { Socket } from "node:net";
  let [writes, promises] = [0, 0];
  const { write } = Socket.prototype;
  Socket.prototype.write = function (...data) {
    writes += 1;
    return write.apply(this, data);
  };
  createHook({ init: (id, type) => (promises += type === "PROMISE" ? 1 : 0) }).enable();
  process.on("message", () => process.send({ writes, promises }));
`;

for (const step of ["16-users", "17-performance"]) {
  const file = fileURLToPath(new URL(`../${step}/server.ts`, import.meta.url));
  const counter = `data:text/javascript,${encodeURIComponent(COUNTER)}`;
  const server = fork(file, {
    execArgv: [...process.execArgv, "--import", counter],
    env: { ...process.env, PORT: "0" },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  const count = async () => {
    server.send("count");
    const [counts] = await once(server, "message");
    return counts as { writes: number; promises: number };
  };
  if (server.stdout === null) throw new Error("Cannot read what the server says");
  const [ready] = await once(createInterface(server.stdout), "line");
  const port = Number(/\d+$/.exec(ready)?.[0]);

  // Each has seen the next one join, so all are there, and nothing is in flight.
  const members: Member[] = [];
  for (let i = 0; i < MEMBERS; i += 1) {
    const arrivals = members.map((member) => member.sees(/ joined/));
    members.push(await enter(port));
    await Promise.all(arrivals);
  }
  const before = await count();
  const last = members.map((member) => member.sees(new RegExp(`: line ${LINES}$`)));
  const texts = Array.from({ length: LINES }, (_, i) => `line ${i + 1}\n`);
  members[0]?.socket.write(texts.join(""));
  await Promise.all(last);
  const after = await count();

  const writes = after.writes - before.writes;
  const promises = Math.round((after.promises - before.promises) / (MEMBERS * LINES));
  console.log(`${step}: ${writes} writes, ${promises} promises a delivery`);
  // The server first, or it would report each client as lost.
  server.kill();
  await once(server, "close");
  for (const { socket } of members) socket.destroy();
}

interface Member {
  socket: Socket;
  /** Waits for a line. */
  sees(pattern: RegExp): Promise<void>;
}

/** Connects, and waits until it has joined the room. */
async function enter(port: number): Promise<Member> {
  const socket = connect(port, "127.0.0.1");
  const lines = createInterface(socket);
  // The server ends while its clients are still connected.
  for (const source of [socket, lines]) source.on("error", () => {});
  const sees = (pattern: RegExp) =>
    new Promise<void>((resolve) => {
      const look = (line: string) => {
        if (!pattern.test(line)) return;
        lines.off("line", look);
        resolve();
      };
      lines.on("line", look);
    });
  await sees(/ joined/);
  return { socket, sees };
}
