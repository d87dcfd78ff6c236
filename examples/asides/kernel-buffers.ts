// The kernel takes what we write even if it is not read, until its buffers are full, and
// keeps it until the reader is ready.
// Run it: just example kernel-buffers
// Page: docs/asides/kernel.md
import { pair } from "./parts/pair.ts";
import { turns } from "./parts/turns.ts";

const KIB = 1024;
// The server's end reads nothing until it is resumed.
const { server: reader, client: writer } = await pair();

// #region fill
const piece = Buffer.alloc(16 * KIB);
for (let full = false; !full; full = writer.writableLength > 0) {
  writer.write(piece);
  await turns(10); // gives the system time to take it, if it can
}
const taken = writer.bytesWritten - writer.writableLength;
// #endregion fill
console.log(`bytes that were read: ${reader.bytesRead}`);
console.log(`the kernel has taken more than 64 KiB: ${taken > 64 * KIB ? "yes" : "no"}`);
console.log(`it takes no more: ${writer.writableLength > 0 ? "yes" : "no"}`);

// #region drain
reader.resume();
while (reader.bytesRead < writer.bytesWritten) await turns();
// #endregion drain
console.log("the reader begins to read, and all of it was kept");
if (process.argv.includes("--exact")) {
  console.log(`  ${taken.toLocaleString("en")} bytes were in the kernel`);
}
reader.destroy();
writer.destroy();
