// Loaded before r5: a thread that opens die.txt ends at once; a thread that opens throw.txt
// ends right after that.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { isMainThread } from "node:worker_threads";

const openSync = fs.openSync;
fs.openSync = (...args) => {
  if (!isMainThread && `${args[0]}`.endsWith("die.txt")) process.exit(3);
  if (!isMainThread && `${args[0]}`.endsWith("throw.txt")) {
    queueMicrotask(() => {
      throw new Error("asked to");
    });
  }
  return openSync(...args);
};
syncBuiltinESMExports();
