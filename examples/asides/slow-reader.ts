// Ann stops reading, Bob says a lot, and Ann resumes: in the rung before 18h, and in 18h.
// Run it: just example slow-reader
// Page: docs/18-final.md
import { connect, type Socket } from "node:net";
import { createInterface, type Interface } from "node:readline";
import { startStep } from "./parts/start-step.ts";

const FLAGS = ["--rate", "0", "--log-level", "silent"];
const LINES = 40_000;
const COUNT = LINES.toLocaleString("en");
/** How many lines Bob sends before he waits for them to come back, or he would lag too. */
const BATCH = 500;
/** All lines together are 16 MB, more than the buffers of both systems hold. */
const LINE = `${"x".repeat(390)}\n`;

interface Client {
  readonly socket: Socket;
  readonly name: string;
  readonly lines: AsyncIterator<string>;
}

async function enter(port: number): Promise<Client> {
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  const lines = linesOf(createInterface(socket));
  for (;;) {
    const { value = "" } = await lines.next();
    const [, name] = /^You are (\S+)/.exec(value) ?? [];
    if (name !== undefined) return { socket, name, lines };
  }
}

async function* linesOf(input: Interface): AsyncGenerator<string, void> {
  yield* input;
}

const exact = process.argv.includes("--exact");
for (const rung of ["18g-flood", "18h-queues"]) {
  const server = await startStep(`18-final/rungs/${rung}`, FLAGS);
  const ann = await enter(server.port);
  const bob = await enter(server.port);
  const isBobs = (line: string) => line.startsWith(`${bob.name}: `);

  ann.socket.pause();
  for (let said = 0; said < LINES; said += BATCH) {
    bob.socket.write(LINE.repeat(BATCH));
    for (let seen = 0; seen < BATCH; ) {
      const { value = "" } = await bob.lines.next();
      if (isBobs(value)) seen += 1;
    }
  }
  bob.socket.write("done\n");

  let [read, missed, done] = [0, 0, false];
  ann.socket.resume();
  while (!done) {
    const { value, done: ended } = await ann.lines.next();
    if (ended) break;
    done = value === `${bob.name}: done`;
    if (isBobs(value) && !done) read += 1;
    missed += Number(/dropped (\d+) messages/.exec(value)?.[1] ?? 0);
  }
  console.log(
    `${rung}: Bob says ${COUNT} lines, Ann reads ${read > 0 ? "some" : "none"}`,
  );
  if (!done) console.log("  then her connection ends, and nobody says why");
  else if (read + missed !== LINES) console.log("  she cannot tell what she missed");
  else console.log("  with those that are reported missed, that is all of them");
  if (exact) console.log(`  read ${read}, reported missed ${missed}`);
  ann.socket.destroy();
  bob.socket.destroy();
  await server.stop();
}
