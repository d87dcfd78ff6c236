// Many sockets at once: each is reported, none twice, and no descriptor leaks.

import type { TcpStream } from "../../../../examples/shared/poll/net.ts";
import {
  READABLE,
  WRITABLE,
} from "../../../../examples/shared/poll/readiness/interest.ts";
import { assert, Broken, type Case, equal, NotHere } from "../case.ts";
import { drain, gather, untilFence, wait, waitFor } from "../gather.ts";
import { Half } from "../half.ts";

const BYTE = Uint8Array.of(1);

export const MANY: readonly Case[] = [
  {
    name: "10,000 descriptors: exactly those that are ready are reported",
    promise: "epoll(7): scales well to large numbers; poll(2), nfds and RLIMIT_NOFILE",
    needs: ["kernel"],
    run: (context) => {
      const poll = context.openPoll();
      const pairs: [TcpStream, TcpStream][] = [];
      for (let index = 0; index < 5000; index += 1) {
        try {
          pairs.push(context.pair());
        } catch (error) {
          const { code } = error as NodeJS.ErrnoException;
          if (code !== "EMFILE" && code !== "ENFILE") throw error;
          throw new NotHere(`this process can only open ${2 * index} sockets`);
        }
      }
      for (const [index, [ours, theirs]] of pairs.entries()) {
        poll.registry.register(ours, 2 * index, READABLE, index % 2 ? "edge" : "level");
        poll.registry.register(theirs, 2 * index + 1, READABLE);
      }
      equal(wait(poll, 0), [], "reported before anything was sent");
      for (let round = 0; round < 3; round += 1) {
        const active = [0, 1, 2499, 4998, 4999].map((index) => index - (round % 2));
        const chosen = active.filter((index) => index >= 0);
        for (const index of chosen) pairs[index]?.[1].write(BYTE);
        const reported = gather(context, poll, (all) => all.length >= chosen.length);
        const tokens = reported.map(({ token }) => token).sort((a, b) => a - b);
        equal(
          tokens,
          chosen.map((index) => 2 * index),
          "reported",
        );
        for (const index of chosen) {
          const [ours] = pairs[index] ?? [];
          if (ours) equal(drain(ours).count, 1, "bytes");
        }
      }
      for (const [ours, theirs] of pairs) {
        poll.registry.deregister(ours);
        ours.reset();
        theirs.close();
      }
    },
  },
  {
    name: "capacity: when events exceed the room for them, each is reported eventually",
    promise: "epoll_wait(2), NOTES: round robin; mio, Events::with_capacity",
    run: (context) => {
      for (const capacity of [1, 7]) {
        const poll = context.openPoll();
        for (let token = 0; token < 50; token += 1) {
          const [ours, theirs] = context.pair();
          theirs.write(BYTE);
          poll.registry.register(ours, token, READABLE, "level");
        }
        untilFence(context, context.openPoll());
        const reported = new Set<number>();
        // Twice as many waits as needed if each socket were reported once.
        for (let time = 0; time < 100 / capacity + 1; time += 1) {
          for (const { token } of wait(poll, 10_000, capacity)) reported.add(token);
        }
        equal(reported.size, 50, `reported by waits for ${capacity}`);
      }
    },
  },
  {
    name: "capacity: edge and one-shot events without room are reported later, each once",
    promise: "epoll_wait(2), maxevents; epoll(7), EPOLLET",
    run: (context) => {
      for (const mode of ["edge", "oneshot"] as const) {
        const poll = context.openPoll();
        for (let token = 0; token < 50; token += 1) {
          const [ours, theirs] = context.pair();
          theirs.write(BYTE);
          poll.registry.register(ours, token, READABLE, mode);
        }
        untilFence(context, context.openPoll());
        const reported = gather(context, poll, (all) => all.length >= 50, 7);
        reported.push(...untilFence(context, poll));
        const tokens = reported.map(({ token }) => token).sort((a, b) => a - b);
        equal(tokens, [...Array(50).keys()], `reported in ${mode} mode`);
      }
    },
  },
  {
    name: "transfer: a megabyte each way arrives complete and in order, in every mode",
    promise: "epoll(7), Questions and answers, 9: until EAGAIN",
    run: (context) => {
      for (const mode of ["level", "edge", "oneshot"] as const) {
        const [ours, theirs] = context.pair();
        const poll = context.openPoll();
        const ends = [new Half(ours), new Half(theirs)];
        for (const [token, { stream }] of ends.entries()) {
          poll.registry.register(stream, token, READABLE | WRITABLE, mode);
        }
        while (ends.some(({ done }) => !done)) {
          const reported = wait(poll, 10_000);
          assert(reported.length > 0, `no progress in ${mode} mode`);
          for (const { token, readable, writable } of reported) {
            const end = ends[token];
            if (readable) end?.read();
            if (writable) end?.write();
            if (!end || mode === "edge" || end.done) continue;
            // An end that has sent everything is always writable: it need not be notified.
            const interest = end.wantsToWrite ? READABLE | WRITABLE : READABLE;
            poll.registry.reregister(end.stream, token, interest, mode);
          }
        }
      }
    },
  },
  {
    name: "descriptors: closing polls, wakers and connections leaves none open",
    promise: "our own: close releases everything; close(2)",
    needs: ["kernel"],
    run: (context) => {
      let before: number | undefined;
      // The first round also opens what is opened only once: it does not count.
      for (let round = 0; round < 40; round += 1) {
        const poll = context.openPoll();
        poll.openWaker(5).wake();
        const [ours, theirs] = context.pair();
        const mode = round % 2 ? "edge" : "level";
        poll.registry.register(ours, 7, READABLE, mode);
        poll.registry.register(theirs, 8, READABLE | WRITABLE, "oneshot");
        waitFor(context, poll, 8);
        // A round first closes a registered socket, or the poll, or neither.
        if (round % 3 === 0) ours.close();
        if (round % 3 === 1) poll.close();
        context.closeAll();
        if (round === 0) before = context.descriptors();
      }
      if (before === undefined) throw new NotHere("descriptors cannot be counted here");
      // The kernel may close descriptors a little later.
      const pause = new Int32Array(new SharedArrayBuffer(4));
      for (let look = 0; look < 1000; look += 1) {
        if ((context.descriptors() ?? 0) <= before) return;
        Atomics.wait(pause, 0, 0, 10);
      }
      throw new Broken(`${context.descriptors()} descriptors are open, not ${before}`);
    },
  },
];
