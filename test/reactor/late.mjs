// Loaded before r1-3-four by --import: its children report in, but start only after their
// parent has ended.
if (process.argv[2] === "--serve") {
  console.log("a child waits");
  const word = new Int32Array(new SharedArrayBuffer(4));
  while (process.ppid === Number(process.env.PARENT)) Atomics.wait(word, 0, 0, 5);
} else {
  process.env.PARENT = String(process.pid);
}
