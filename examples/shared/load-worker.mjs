// Runs the program of a worker thread: its `workerData.file`, in TypeScript or JavaScript.
// @ts-check
import { workerData } from "node:worker_threads";

const { file } = workerData;
// Node can do this itself from 22.18 on; before that, a loader of the main thread does not
// apply to the others.
const isReady = "typescript" in process.features && process.features.typescript;
if (file.endsWith(".ts") && !isReady) (await import("tsx/esm/api")).register();
await import(file);
