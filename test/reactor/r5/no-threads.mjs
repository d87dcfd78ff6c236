// Loaded before r5: each thread fails to start the first supervisor of file workers, and each
// supervisor the first file worker.
import { syncBuiltinESMExports } from "node:module";
import threads from "node:worker_threads";

let fails = true;
threads.Worker = class extends threads.Worker {
  constructor(program, options) {
    const isSupervisor = `${program}`.endsWith("/file-supervisor.mjs");
    if (fails && (isSupervisor || `${program}`.endsWith("/file-worker.js"))) {
      fails = false;
      throw new Error("no thread left");
    }
    // The supervisor is started without this module.
    super(program, isSupervisor ? { ...options, execArgv: process.execArgv } : options);
  }
};
syncBuiltinESMExports();
