// Memory is reserved first and provided later: a block of 256 MB costs next to nothing
// until its pages are touched.
// Run it: just example pages
// Page: docs/asides/kernel.md

const MEGABYTE = 1024 * 1024;
const SIZE = 256 * MEGABYTE;
/** Bytes per page: 4 KiB on x86. Where pages are larger, this still touches each. */
const PAGE = 4096;

/** The resident set: how many bytes of this process are in physical memory. */
const resident = () => process.memoryUsage.rss();
const size = (bytes: number) =>
  bytes < 64 * MEGABYTE
    ? "less than 64 MB"
    : bytes < 192 * MEGABYTE
      ? "some MB"
      : "more than 192 MB";

const before = resident();
// #region touch
const block = new Uint8Array(SIZE); // all zeros, as the standard requires
console.log(`256 MB allocated: ${size(resident() - before)} more in physical memory`);

let sum = 0;
for (let at = 0; at < SIZE; at += PAGE) block[at] = 1; // the first touch is a page fault
console.log(`each page touched: ${size(resident() - before)} more in physical memory`);
// #endregion touch

for (let at = 0; at < SIZE; at += PAGE) sum += block[at] ?? 0;
console.log(`pages that hold what we wrote: ${sum.toLocaleString("en")}`);
