// Runs the TypeScript program of a worker thread: its `workerData.file`.
// @ts-check
import { workerData } from "node:worker_threads";
import { importTyped } from "./import-typed.mjs";

await importTyped(workerData.file);
