// Runs one load in a process of its own, on a core that the server does not use.
import type { Target } from "./client.ts";
import { churn, idle, storm } from "./connection-loads.ts";
import { pathOfFile } from "./http/files.ts";
import { get } from "./http/get.ts";
import { keep } from "./http/keep.ts";
import { visit } from "./http/visit.ts";
import type { Load } from "./load.ts";
import type { Result } from "./result.ts";
import { talk } from "./talk.ts";

export interface Order {
  load: Load;
  target: Target;
  /** The path that is requested from an HTTP server. */
  path: string;
  /** The server's process. */
  pid: number;
  /** How long to measure, in milliseconds. */
  ms: number;
}

/** The worker's reply: a result, or the reason why there is none. */
export type Answer =
  | { result: Result }
  | {
      error: string;
      /** Whether the server does not start, so that further rounds are in vain. */
      notStarted?: boolean;
    };

async function work({ load, ...options }: Order): Promise<Answer> {
  try {
    return { result: await run(load, options) };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

async function run(load: Load, options: Omit<Order, "load">): Promise<Result> {
  switch (load.kind) {
    case "talk":
      return talk(load, options);
    case "idle":
      return idle(load, options);
    case "storm":
      return storm(load, options);
    case "churn":
      return churn(load, options);
    case "get":
      return { kind: "get", ...(await get(load, options)) };
    case "file": {
      const path = pathOfFile(load.size);
      const asking = { clients: load.clients, pipelined: 1, greedy: false };
      return { kind: "file", ...(await get(asking, { ...options, path })) };
    }
    case "visit":
      return visit(load, options);
    case "keep":
      return keep(load, options);
    default:
      return load satisfies never;
  }
}

process.on("message", async (order: Order) => {
  const answer = await work(order);
  process.send?.(answer, () => process.disconnect());
});
