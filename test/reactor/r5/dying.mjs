// Loaded before r5: a thread that opens die.txt ends at once, one that opens drown.txt has no
// memory left, and one that opens throw.txt ends right after that.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { setFlagsFromString } from "node:v8";
import { isMainThread } from "node:worker_threads";

// For the heaps of the threads, in MB: they are full sooner.
if (isMainThread) setFlagsFromString("--max-old-space-size=60");

const openSync = fs.openSync;
fs.openSync = (...args) => {
  if (!isMainThread && `${args[0]}`.endsWith("die.txt")) process.exit(3);
  if (!isMainThread && `${args[0]}`.endsWith("drown.txt")) {
    // Small objects: a large one may not fit into what Node leaves room for after the limit,
    // and then the process ends.
    let kept;
    for (;;) kept = { kept };
  }
  if (!isMainThread && `${args[0]}`.endsWith("throw.txt")) {
    queueMicrotask(() => {
      throw new Error("asked to");
    });
  }
  return openSync(...args);
};
syncBuiltinESMExports();
