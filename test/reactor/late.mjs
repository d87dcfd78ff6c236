// Loaded before r1-3-four by --import: its children begin only when their parent is gone.
const parent = Number(process.argv[3]);
if (process.argv[2] === "--serve") {
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  while (process.ppid === (parent || Number(process.env.PARENT))) {
    Atomics.wait(nobody, 0, 0, 5);
  }
} else {
  process.env.PARENT = String(process.pid);
}
