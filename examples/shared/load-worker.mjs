// Loads the TypeScript program of a worker thread: its `workerData.file`. Node reads it by
// itself from 22.18 on; before, what loads it in the main thread does not reach a worker.
// @ts-check
import { workerData } from "node:worker_threads";

if (!("typescript" in process.features && process.features.typescript)) {
  (await import("tsx/esm/api")).register();
}
await import(workerData.file);
