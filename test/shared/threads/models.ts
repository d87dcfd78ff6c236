// Small programs of a few threads on the library, which are run in every order.
import type { Model } from "../../../examples/asides/parts/interleavings.ts";
import type * as channel from "../../../examples/shared/threads/channel.ts";
import type * as parker from "../../../examples/shared/threads/parker.ts";
import type * as port from "../../../examples/shared/threads/port.ts";
import type * as queue from "../../../examples/shared/threads/queue.ts";
import type * as readyList from "../../../examples/shared/threads/ready-list.ts";
import type * as ring from "../../../examples/shared/threads/ring.ts";
import type * as select from "../../../examples/shared/threads/select.ts";

/** The modules, original or changed. */
export type Library = typeof channel &
  typeof parker &
  typeof port &
  typeof queue &
  typeof readyList &
  typeof ring &
  typeof select;

/** A model with any type of memory. */
export type AnyModel = <Result>(use: <Memory>(model: Model<Memory>) => Result) => Result;

/** The prefix of models that take many seconds: they run with `--all`. */
export const LARGE = "a channel";

/** Models by name. Capacities are minimal, so that every edge case occurs. */
export function modelsOf(library: Library): Record<string, AnyModel> {
  const { newChannel, Channel, newPort, Port, newQueue, Queue, newRing, newParking } =
    library;
  const { Parker, RingSender, RingReceiver } = library;
  const { newReadyList, ReadyList, waitFor } = library;
  /** For two threads: fewer words mean fewer states. */
  const parking = () => newParking().subarray(0, 2) as ReturnType<typeof newParking>;
  const inOrder = ({ receiver }: Readonly<Record<string, unknown>>) =>
    String(receiver) === "1,2" ? undefined : `received ${receiver}`;
  const receive = (one: () => number | string | undefined) => {
    const got: unknown[] = [];
    for (let time = 0; time < 3 && got.length < 2; time += 1) {
      const value = one();
      if (typeof value === "number") got.push(value);
    }
    return got;
  };
  type Memory = ReturnType<typeof newChannel>;
  const send = (value: number) => (memory: Memory) => {
    const mine = new Channel(memory);
    return () => mine.trySend(value);
  };
  const recv = (thread: number) => (memory: Memory) => {
    const mine = new Channel(memory);
    const sleeper = new Parker(memory.receivers.parking, thread);
    return () => mine.recv(sleeper);
  };
  return {
    "a ring": (use) =>
      use({
        memory: newRing(1),
        threads: {
          sender: (memory) => {
            const mine = new RingSender(memory);
            return () => [1, 2, 3].filter((value) => mine.trySend(value)).length;
          },
          receiver: (memory) => {
            const mine = new RingReceiver(memory);
            return () => receive(() => mine.tryRecv());
          },
        },
        check: ({ sender, receiver }) => {
          const [first, second] = receiver as number[];
          if (first !== undefined && first !== 1) return `received ${first} first`;
          if (second !== undefined && !(second > 1)) return `received ${receiver}`;
          return (sender as number) >= 1 ? undefined : "an empty ring took nothing";
        },
      }),
    "a queue, 2 × 2 threads": (use) =>
      use({
        memory: newQueue(2),
        threads: {
          ...Object.fromEntries(
            [1, 2].map((value) => [
              `sender ${value}`,
              (memory: ReturnType<typeof newQueue>) => {
                const mine = new Queue(memory);
                return () => mine.trySend(value);
              },
            ]),
          ),
          ...Object.fromEntries(
            [1, 2].map((which) => [
              `receiver ${which}`,
              (memory: ReturnType<typeof newQueue>) => {
                const mine = new Queue(memory);
                return () => mine.tryRecv();
              },
            ]),
          ),
        },
        check: (results) => {
          const sent = [results["sender 1"], results["sender 2"]];
          if (sent.some((one) => one !== "sent")) return `sent: ${sent}`;
          const got = [results["receiver 1"], results["receiver 2"]];
          const values = got.filter((one) => one !== "empty");
          if (values.some((one) => one !== 1 && one !== 2)) return `received ${got}`;
          return new Set(values).size < values.length ? `received ${got}` : undefined;
        },
      }),
    "a queue that is closed": (use) =>
      use({
        memory: newQueue(2),
        threads: {
          sender: (memory) => {
            const mine = new Queue(memory);
            return () => mine.trySend(1);
          },
          closer: (memory) => {
            const mine = new Queue(memory);
            return () => mine.close();
          },
          receiver: (memory) => {
            const mine = new Queue(memory);
            return () => {
              const got = [mine.tryRecv(), mine.tryRecv(), mine.tryRecv()];
              return got;
            };
          },
        },
        check: ({ sender, receiver }) => {
          const got = receiver as unknown[];
          const end = got.indexOf("closed");
          if (end !== -1 && got.slice(end).some((one) => one !== "closed"))
            return `received ${got}`;
          const isLost = sender === "sent" && end !== -1 && !got.includes(1);
          return isLost ? "sent, and closed before it came" : undefined;
        },
      }),
    "a port that is read": (use) =>
      use({
        memory: newPort(2, parking()),
        threads: {
          sender: (memory) => {
            const mine = new Port(memory, 0);
            return () => [1, 2].map((value) => mine.trySend(value));
          },
          receiver: (memory) => {
            const mine = new Port(memory, 1);
            const sleeper = new Parker(memory.receivers[1].parking, 1);
            return () => receive(() => mine.recv(sleeper));
          },
        },
        check: inOrder,
      }),
    "a port that is full": (use) =>
      use({
        memory: newPort(1, parking()),
        threads: {
          sender: (memory) => {
            const mine = new Port(memory, 0);
            const sleeper = new Parker(memory.receivers[1].parking, 0);
            return () => [1, 2].map((value) => mine.send(sleeper, value));
          },
          receiver: (memory) => {
            const mine = new Port(memory, 1);
            const sleeper = new Parker(memory.receivers[1].parking, 1);
            return () => receive(() => mine.recv(sleeper));
          },
        },
        check: inOrder,
      }),
    "a port that is closed": (use) =>
      use({
        memory: newPort(1, parking()),
        threads: {
          sender: (memory) => {
            const mine = new Port(memory, 0);
            return () => {
              mine.trySend(1);
              mine.close();
            };
          },
          receiver: (memory) => {
            const mine = new Port(memory, 1);
            const sleeper = new Parker(memory.receivers[1].parking, 1);
            return () => [mine.recv(sleeper), mine.recv(sleeper)];
          },
        },
        check: ({ receiver }) =>
          String(receiver) === "1,closed" ? undefined : `received ${receiver}`,
      }),
    "a ready list": (use) =>
      use({
        // The port's values: the last is 2.
        memory: { list: newReadyList(2, parking()), said: new Int32Array(2) },
        threads: {
          sender: ({ list, said }) => {
            const mine = new ReadyList(list);
            return () => {
              for (const word of [1, 2]) {
                Atomics.store(said, 1, word);
                mine.add(1);
              }
            };
          },
          receiver: ({ list, said }) => {
            const mine = new ReadyList(list);
            const sleeper = new Parker(list.receivers.parking, 1);
            return () => {
              for (;;) {
                const port = mine.tryRecv();
                if (port === "empty") waitFor(sleeper, [mine]);
                else if (port !== 1) return port;
                else if (Atomics.load(said, port) === 2) return "all";
              }
            };
          },
        },
        check: ({ receiver }) =>
          receiver === "all" ? undefined : `received ${receiver}`,
      }),
    "a channel, 2 senders": (use) =>
      use({
        memory: newChannel(2, parking()),
        threads: { "sender 1": send(1), "sender 2": send(2), receiver: recv(0) },
        check: () => undefined,
      }),
    "a channel that is closed": (use) =>
      use({
        memory: newChannel(2, parking()),
        threads: {
          closer: (memory) => {
            const mine = new Channel(memory);
            return () => mine.close();
          },
          "receiver 1": recv(0),
          "receiver 2": recv(1),
        },
        check: (results) => {
          const got = [results["receiver 1"], results["receiver 2"]];
          return got.join() === "closed,closed" ? undefined : `received ${got}`;
        },
      }),
  };
}
