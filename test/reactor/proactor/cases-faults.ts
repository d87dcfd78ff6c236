// How every proactor handles exhausted resources and clients that leave.
import { closeSync, openSync, readdirSync } from "node:fs";
import { library } from "../../../examples/shared/poll/ffi.ts";
import { assert, equal, NotHere } from "../conformance/case.ts";
import type { ProactorCase } from "./context.ts";
import { EchoServer } from "./echo.ts";

const HOST = "127.0.0.1";

export const FAULTS: readonly ProactorCase[] = [
  {
    name: "accept: full when descriptors run out, and the client stays in the backlog",
    needs: "kernel",
    promise: "accept(2), ERRORS, EMFILE",
    run: (context) => {
      const proactor = context.proactor();
      const listener = proactor.listen(HOST, 0);
      const client = context.client(proactor, listener);
      const freeDescriptors = takeAllDescriptors();
      try {
        proactor.accept(listener);
        equal(context.waitFor(proactor, listener, "accept").result, "full", "accepted");
      } finally {
        freeDescriptors();
      }
      proactor.accept(listener);
      const { result } = context.waitFor(proactor, listener, "accept");
      assert(result !== "full", "full, although descriptors are free again");
      proactor.send(result, Buffer.from("welcome"));
      equal(context.read(proactor, client, 7).bytes.toString(), "welcome", "read");
    },
  },
  {
    name: "close: closes a client that the listener accepted while it was being closed",
    promise: "Proactor.close: ends everything in flight",
    run: (context) => {
      const proactor = context.proactor();
      for (let round = 0; round < 20; round += 1) {
        const listener = proactor.listen(HOST, 0);
        proactor.accept(listener);
        // The accept is in the kernel now, and completes before we collect its result.
        equal(proactor.wait(0), [], "before");
        const client = context.client(proactor, listener);
        context.closeNow(proactor, listener);
        const { last } = context.read(proactor, client, 1);
        assert(last === "end" || last === "reset", `the client read ${last}`);
      }
    },
  },
  {
    name: "clients: resets, shutdowns and closes at any moment leak nothing",
    promise: "Proactor: what happens to a connection is a result, not an error",
    run: (context) => {
      const proactor = context.proactor();
      const listener = proactor.listen(HOST, 0);
      const server = new EchoServer(proactor, listener);
      const random = numbers(20_261_121);
      const bytes = new Uint8Array(30_000);
      const clients = Array.from({ length: 150 }, () =>
        context.client(proactor, listener),
      );
      let left = clients;
      context.until(proactor, (completion) => {
        if (completion) server.handle(completion);
        else {
          left = left.filter((client) => {
            const dice = random(12);
            if (dice === 0) client.reset();
            else if (dice === 1) client.close();
            else if (dice === 2) client.shutdown();
            else if (dice < 7) client.write(bytes.subarray(0, random(bytes.length)));
            else client.read(bytes);
            return !client.closed;
          });
        }
        return left.length === 0 ? true : undefined;
      });
      // Clients that left early may or may not be accepted: wait until all is quiet.
      context.until(proactor, (completion) => {
        if (completion) server.handle(completion);
        return server.open.size === 0 ? true : undefined;
      });
      const rest = context.untilFence(proactor);
      for (const completion of rest) server.handle(completion);
      context.until(proactor, (completion) => {
        if (completion) server.handle(completion);
        return server.open.size === 0 ? true : undefined;
      });
      // The accept that is still in flight.
      equal(proactor.inFlight, 1, "in flight");
    },
  },
];

/** RLIMIT_NOFILE of Linux (getrlimit(2)); a limit is two numbers: soft, hard. */
const RLIMIT_NOFILE = 7;

/** @returns A function that frees them. @throws {NotHere} On all systems but Linux. */
function takeAllDescriptors(): () => void {
  if (process.platform !== "linux") throw new NotHere("no limit on descriptors here");
  const { fn } = library();
  const get = fn("int getrlimit(int resource, void *limit)");
  const set = fn("int setrlimit(int resource, void *limit)");
  const limit = new BigUint64Array(2);
  get(RLIMIT_NOFILE, limit);
  const before = BigUint64Array.from(limit);
  limit[0] = BigInt(Math.max(...readdirSync("/proc/self/fd").map(Number)) + 1);
  set(RLIMIT_NOFILE, limit);
  const taken: number[] = [];
  try {
    for (;;) taken.push(openSync("/dev/null", "r"));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    assert(code === "EMFILE", `opening descriptors ended with ${code}`);
  }
  return () => {
    set(RLIMIT_NOFILE, before);
    for (const fd of taken) closeSync(fd);
  };
}

/** Pseudo-random numbers below a limit (Park and Miller's generator). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}
