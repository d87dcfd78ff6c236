// Runs in a partner's thread: posts that it is ready, waits for `go`, and does its job.
import { parentPort, workerData } from "node:worker_threads";
import { library } from "../../../examples/shared/poll/ffi.ts";
import { TcpStream } from "../../../examples/shared/poll/net.ts";
import { wakerFrom } from "../../../examples/shared/poll/readiness/pollers.ts";
import { systemSockets } from "../../../examples/shared/poll/system-sockets.ts";
import { BOX, type Job, type PartnerData, SIGNAL, waitUntil } from "./partner.ts";

/** Some milliseconds of spinning, so that a write closely follows the other's signal. */
const SPINS = 1_000_000;
const { job, box }: PartnerData = workerData;

/** Loads what the job needs. @returns The job itself. */
function prepare(job: Job): () => void {
  switch (job.kind) {
    case "wake": {
      const waker = wakerFrom(job.waker);
      return () => waker.wake();
    }
    case "count": {
      const waker = wakerFrom(job.waker);
      return () => {
        for (let count = 1; count <= job.times; count += 1) {
          Atomics.add(box, BOX.sent, 1);
          waker.wake();
          if (job.lockstep) waitUntil(box, BOX.acked, count);
        }
      };
    }
    case "write": {
      const stream = new TcpStream(job.fd, systemSockets());
      return () => stream.write(Uint8Array.of(1));
    }
    case "write each": {
      const sockets = systemSockets();
      return () => {
        for (let round = 1; ; round += 1) {
          waitUntil(box, BOX.sent, round, SPINS);
          sockets.send(Atomics.load(box, BOX.value), Uint8Array.of(1));
          Atomics.store(box, BOX.acked, round);
          Atomics.notify(box, BOX.acked);
        }
      };
    }
    case "connect": {
      const waker = wakerFrom(job.waker);
      return () => {
        const stream = TcpStream.connect("127.0.0.1", job.port);
        Atomics.store(box, BOX.value, stream.fd);
        waker.wake();
      };
    }
    case "signal": {
      const waker = wakerFrom(job.waker);
      const kill = library().fn("int pthread_kill(uintptr_t thread, int signal)");
      return () => {
        for (let count = 0; count < job.times; count += 1) {
          kill(job.thread, SIGNAL);
          // A signal that is still pending absorbs the next: leave time between them.
          Atomics.wait(box, BOX.value, 0, 1);
        }
        waker.wake();
      };
    }
    default:
      return job satisfies never;
  }
}

const run = prepare(job);
parentPort?.postMessage("ready");
Atomics.wait(box, BOX.go, 0);
run();
