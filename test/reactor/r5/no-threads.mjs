// Loaded before r5: each thread fails to start the first supervisor of file workers, and each
// supervisor the first file worker.
import { syncBuiltinESMExports } from "node:module";
import threads from "node:worker_threads";

let fails = true;
threads.Worker = class extends threads.Worker {
  constructor(program, options) {
    if (fails && /\/file-\w+\.js$/.test(options.workerData.file)) {
      fails = false;
      throw new Error("no thread left");
    }
    super(program, options);
  }
};
syncBuiltinESMExports();
