// Reads and writes of a non-blocking descriptor: none, all, or some of the bytes.
// Run it: just example would-block
// Page: docs/r2-nonblocking.md
import koffi from "koffi";
import { codeOf } from "../shared/poll/ffi.ts";
import { socketLayout } from "../shared/poll/sys/layout.ts";

const libc = koffi.load(null);
const pipe = libc.func("int pipe(void *ends)");
const fcntl = libc.func("int fcntl(int, int command, ...)");
const readCall = libc.func("intptr_t read(int, void *buffer, size_t size)");
const writeCall = libc.func("intptr_t write(int, void *bytes, size_t size)");

const MEGABYTE = 1 << 20;
const ends = new Int32Array(2);
pipe(ends);
const [from = -1, to = -1] = ends;
const { F_SETFL, O_NONBLOCK } = socketLayout();
for (const end of ends) fcntl(end, F_SETFL, "int", O_NONBLOCK);

function read(size: number): string {
  return told(readCall(from, Buffer.alloc(size), size), size);
}

function write(size: number): string {
  return told(writeCall(to, Buffer.alloc(size), size), size);
}

function told(count: number, size: number): string {
  if (count === -1) return codeOf(koffi.errno());
  return count === size ? "all" : "some, not all";
}

// #region ask
console.log(`read 10 bytes, when there are none:    ${read(10)}`);
console.log(`write 3 bytes:                         ${write(3)}`);
console.log(`read 10 bytes, when there are 3:       ${read(10)}`);
console.log(`write a megabyte, when nobody reads:   ${write(MEGABYTE)}`);
console.log(`write one more byte:                   ${write(1)}`);
console.log(`read a megabyte:                       ${read(MEGABYTE)}`);
console.log(`write one more byte, again:            ${write(1)}`);
// #endregion ask
