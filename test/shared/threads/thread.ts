// A thread of the stress tests: sends, receives or answers, and reports errors.
import { parentPort, workerData } from "node:worker_threads";
import { Channel, type ChannelMemory } from "../../../examples/shared/threads/channel.ts";
import { Parker, type Parking } from "../../../examples/shared/threads/parker.ts";
import { Port, type PortMemory } from "../../../examples/shared/threads/port.ts";
import { select } from "../../../examples/shared/threads/select.ts";

/** The worker data. */
export type Task = { readonly parking: Parking; readonly thread: number } & (
  | {
      readonly do: "send";
      readonly channel: ChannelMemory;
      /** Sends the values from `from` on, in order. */
      readonly from: number;
      readonly count: number;
    }
  | {
      readonly do: "receive";
      readonly channel: ChannelMemory;
      /** How often each value was received, by any thread. */
      readonly seen: Int32Array<SharedArrayBuffer>;
      /** The number of values per sender. */
      readonly count: number;
    }
  /** Sends numbers and waits for each to come back, or sends them back. */
  | { readonly do: "ask"; readonly port: PortMemory; readonly count: number }
  | { readonly do: "answer"; readonly port: PortMemory }
  /** The numbers from 0 to `count`, from both. */
  | {
      readonly do: "select";
      readonly port: PortMemory;
      readonly channel: ChannelMemory;
      readonly count: number;
    }
  | { readonly do: "pour"; readonly port: PortMemory; readonly count: number }
);

const task: Task = workerData;
const parker = new Parker(task.parking, task.thread);
parentPort?.postMessage(work());

/** @returns What went wrong. */
function work(): string | undefined {
  switch (task.do) {
    case "send": {
      const channel = new Channel(task.channel);
      for (let at = 0; at < task.count; at += 1)
        if (channel.send(parker, task.from + at) !== "sent") return `not sent: ${at}`;
      return undefined;
    }
    case "receive": {
      const channel = new Channel(task.channel);
      const last = new Map<number, number>();
      for (;;) {
        const value = channel.recv(parker);
        if (value === "closed") return undefined;
        const sender = Math.floor(value / task.count);
        if (value <= (last.get(sender) ?? -1))
          return `${value} after ${last.get(sender)}`;
        last.set(sender, value);
        Atomics.add(task.seen, value, 1);
      }
    }
    case "ask": {
      const port = new Port(task.port, 0);
      for (let at = 0; at < task.count; at += 1) {
        port.send(parker, at);
        const answer = port.recv(parker);
        if (answer !== at) return `${answer} instead of ${at}`;
      }
      port.close();
      return undefined;
    }
    case "answer": {
      const port = new Port(task.port, 1);
      for (;;) {
        const value = port.recv(parker);
        if (value === "closed") return undefined;
        port.send(parker, value);
      }
    }
    case "pour": {
      const port = new Port(task.port, 0);
      for (let at = 0; at < task.count; at += 1) port.send(parker, at);
      return undefined;
    }
    case "select": {
      const sources = { port: new Port(task.port, 1), talk: new Channel(task.channel) };
      const next = { port: 0, talk: 0 };
      while (next.port < task.count || next.talk < task.count) {
        const event = select(parker, sources);
        if (event?.value === "closed") return `${event.from} closed at ${next.port}`;
        if (event?.value !== next[event?.from ?? "port"])
          return `${event?.value} from ${event?.from}`;
        next[event.from] += 1;
      }
      return undefined;
    }
    default:
      return task satisfies never;
  }
}
