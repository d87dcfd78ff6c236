// Loaded before r7: a thread ends at once when a client asks for it. A program thread ends
// when it greets "die", or for "list" after it has marked the client's port as listed; the I/O
// thread when "drown" passes through it.
import { workerData } from "node:worker_threads";

const file = workerData?.file ?? "";
if (file.endsWith("/thread.js")) {
  const byteLength = Buffer.byteLength;
  const exchange = Atomics.exchange;
  let isListing = false;
  Buffer.byteLength = (text, ...others) => {
    if (text === "Hello, die!\n") throw new Error("asked to");
    if (text === "Hello, list!\n") isListing = true;
    return byteLength(text, ...others);
  };
  Atomics.exchange = (...words) => {
    const before = exchange(...words);
    if (isListing) throw new Error("asked to");
    return before;
  };
}
if (file.endsWith("/io.js")) {
  const { prototype } = Object.getPrototypeOf(Uint8Array);
  const set = prototype.set;
  prototype.set = function (source, ...others) {
    if (Buffer.from(source).includes("drown")) throw new Error("asked to");
    return set.call(this, source, ...others);
  };
}
