// How long a guest may sleep in Node's place: libuv says so if you ask at the right
// moment. And a watcher that is notified only while a reference to it is held.
// Run it: just example guest-traps (Linux or macOS)
// Page: docs/asides/whose-loop.md
import { once } from "node:events";
import { stat } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import koffi, { type node } from "koffi";
import { turns } from "./parts/turns.ts";

// #region libuv
const libuv = koffi.load(null); // it is in our process, and exports its functions
const uv_backend_fd = libuv.func("int uv_backend_fd(intptr_t loop)");
const uv_backend_timeout = libuv.func("int uv_backend_timeout(intptr_t loop)");
const uv_update_time = libuv.func("void uv_update_time(intptr_t loop)");
const loop = libuv.func("intptr_t uv_default_loop()")();
// #endregion libuv

/** In milliseconds: shorter than any timer of V8's own. */
const TIMER = 200;
const BUSY = 60;
function mayISleep(): string {
  return uv_backend_timeout(loop) === 0 ? "not at all" : "for some time";
}

function howLong(): string {
  return uv_backend_timeout(loop) > TIMER - BUSY ? "all of it" : "what is left of it";
}

/** Runs `call` in an I/O callback. */
function inCallback(call: () => void): Promise<void> {
  return new Promise((done) => {
    stat(".", () => {
      call();
      done();
    });
  });
}

console.log(`How long is it until Node's timer, set to ${TIMER} ms?`);
await inCallback(() => {
  const timer = setTimeout(() => {}, TIMER);
  console.log(`  at once:                    ${howLong()}`);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY);
  console.log(`  ${BUSY} ms later:                ${howLong()}`);
  uv_update_time(loop);
  console.log(`  after uv_update_time:       ${howLong()}`);
  clearTimeout(timer);
});

console.log("May I sleep in Node's place?");
const alive = setInterval(() => {}, 2 ** 31 - 1);
await new Promise<void>((done) => {
  // #region immediate
  setImmediate(() => {
    console.log(`  in setImmediate:            ${mayISleep()}`);
    setImmediate(() => {
      clearImmediate(keepAwake);
      console.log(`  in one that does not count: ${mayISleep()}`);
      done();
    }).unref();
    const keepAwake = setImmediate(() => {});
  });
  // #endregion immediate
});

/** A connection with an unread byte that Node does not wait for yet. */
async function parcel(): Promise<Socket> {
  const server = createServer({ pauseOnConnect: true }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const accepted = once(server, "connection");
  const far = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const [near] = await accepted;
  server.close();
  await once(far.end("!"), "finish");
  return near;
}

const poll = libuv.func("int poll(void *list, uintptr_t count, int ms)");
const POLLIN = 1;
const socket = await parcel();
await inCallback(() => {
  // #region new
  socket.read(0); // starts to wait for the byte, which is already there
  const told = poll(Int32Array.of(uv_backend_fd(loop), POLLIN), 1, 0);
  console.log(`  with a socket that is new:  ${mayISleep()}`);
  console.log(`    its descriptor tells of:  ${told === 1 ? "something" : "nothing"}`);
  // #endregion new
});
await once(socket.resume(), "end");
clearInterval(alive);

const pipe = libuv.func("int pipe(void *ends)");
const write = libuv.func("intptr_t write(int fd, void *bytes, size_t size)");
setFlagsFromString("--expose-gc");
const collectGarbage: unknown = runInNewContext("gc");

/** Watches a pipe, and writes to it after a garbage collection. */
async function watch(hold: (handle: node.PollHandle) => void): Promise<string> {
  const ends = new Int32Array(2);
  pipe(ends);
  const [from = -1, to = -1] = ends;
  let heard = "nothing";
  hold(
    koffi.node.poll(from, { readable: true }, () => {
      heard = "a byte";
    }),
  );
  await turns(2);
  if (typeof collectGarbage === "function") collectGarbage();
  await turns(2);
  write(to, Buffer.from("!"), 1);
  await turns(4);
  return heard;
}

const held: node.PollHandle[] = [];
console.log("Node watches a pipe for us, and we hold the handle, or do not.");
console.log(`  held:     it hears ${await watch((handle) => held.push(handle))}`);
console.log(`  not held: it hears ${await watch(() => {})}`);
for (const handle of held) handle.close();
