// What it takes to call the kernel from JavaScript: a function of the C library, an error
// number, bytes in place of a struct, and memory that is kept referenced.
// Run it: just example kernel-call (Linux or macOS, on x64 or arm64)
// Page: docs/r1-blocking.md
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import koffi from "koffi";
import { ipv4Address } from "../shared/poll/address.ts";
import { codeOf } from "../shared/poll/ffi.ts";
import { turns } from "./parts/turns.ts";

// #region call
const libc = koffi.load(null);
const getpid = libc.func("int getpid()");
const read = libc.func("intptr_t read(int, void *buffer, size_t size)");

console.log(`getpid() is process.pid: ${getpid() === process.pid}`);
const result = read(-1, Buffer.alloc(10), 10);
console.log(`read(-1, …) is ${result}, errno is ${codeOf(koffi.errno())}`);
// #endregion call

const bytes = ipv4Address("127.0.0.1", 42069).toString("hex").match(/../g) ?? [];
console.log(`127.0.0.1:42069 is ${bytes.join(" ")}`);

// #region address
/** A buffer's address, and a way to see whether the buffer still exists. */
function lend(): { address: bigint; buffer: WeakRef<ArrayBufferLike> } {
  const buffer = new Uint8Array(65536);
  return { address: koffi.address(buffer), buffer: new WeakRef(buffer.buffer) };
}
const lent = lend();
// #endregion address

await turns(2); // a WeakRef holds what it refers to until the turn is over
setFlagsFromString("--expose-gc");
const collectGarbage: unknown = runInNewContext("gc");
if (typeof collectGarbage === "function") collectGarbage();
const state = lent.buffer.deref() ? "still there" : "gone";
console.log(`we know an address, and the buffer there is ${state}`);
