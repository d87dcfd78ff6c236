// A worker thread that explores seeds, one after the other.
import { parentPort, workerData } from "node:worker_threads";
import { WEATHERS } from "../kernel/weather.ts";
import { Machine } from "../machine.ts";
import { behave, behavioursOf, EACH } from "./behave.ts";
import { explore, type Question } from "./explore.ts";
import { findingOf } from "./finding.ts";
import type { Order, Report, SeedReport, Task } from "./task.ts";

const task = workerData.task as Task;
const weather = WEATHERS.find(({ name }) => name === task.weather);
const edits = new Map(task.edits);
const send = (report: Report) => parentPort?.postMessage(report);

// An unhandled rejection belongs to the program on the machine that caused it, and ends it.
process.on("unhandledRejection", (error) => Machine.rejected(error));

parentPort?.on("message", (order: Order) => {
  obey(order).then(send, (error: Error) =>
    send({ of: "failure", seed: order.seed, message: `${error.stack}` }),
  );
});

async function obey(order: Order): Promise<Report> {
  const { seed } = order;
  const question = { step: task.step, seed, weather, edits };
  if (order.do === "seed") return { of: "seed", report: await reportOf(question) };
  return { of: "shrink", finding: await findingOf(question, order.rule) };
}

async function reportOf(question: Question): Promise<SeedReport> {
  const { step, seed } = question;
  const { broken, virtualMs, lines, turns, faults } = await explore(question);
  const fallen = await behave(step, seed, weather, edits);
  const held = Math.min(EACH, (await behavioursOf(step)).length);
  return { seed, broken, fallen, held, virtualMs, lines, turns, faults };
}
