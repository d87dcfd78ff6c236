// Loads the TypeScript program of a worker thread: its `workerData.file`. Node can do this
// itself from 22.18 on; before that, a loader of the main thread does not apply to workers.
// @ts-check
import { workerData } from "node:worker_threads";

if (!("typescript" in process.features && process.features.typescript)) {
  (await import("tsx/esm/api")).register();
}
await import(workerData.file);
