// Loaded before r5: each supervisor fails to start its second file worker, and a file worker
// that opens die.txt ends at once.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import threads from "node:worker_threads";

let workers = 0;
threads.Worker = class extends threads.Worker {
  constructor(program, options) {
    if (`${program}`.endsWith("/file-worker.js")) workers += 1;
    const fails = workers === 2;
    if (fails) workers += 1;
    if (fails) throw new Error("no thread left");
    super(program, options);
  }
};
const openSync = fs.openSync;
fs.openSync = (...args) => {
  if (!threads.isMainThread && `${args[0]}`.endsWith("die.txt")) process.exit(3);
  return openSync(...args);
};
syncBuiltinESMExports();
