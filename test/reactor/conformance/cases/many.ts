// Many sockets at once: all are told of, none twice, and nothing is left behind.

import type { TcpStream } from "../../../../examples/shared/poll/net.ts";
import {
  READABLE,
  WRITABLE,
} from "../../../../examples/shared/poll/readiness/interest.ts";
import { assert, Broken, type Case, equal, NotHere } from "../case.ts";
import { comes, drain, gather, untilFence, wait } from "../gather.ts";
import { Half } from "../half.ts";

const BYTE = Uint8Array.of(1);

export const MANY: readonly Case[] = [
  {
    name: "10,000 descriptors: those that are ready are told, and no others",
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
          throw new NotHere(`this process may have ${2 * index} connections' ends`);
        }
      }
      for (const [index, [ours, theirs]] of pairs.entries()) {
        poll.registry.register(ours, 2 * index, READABLE, index % 2 ? "edge" : "level");
        poll.registry.register(theirs, 2 * index + 1, READABLE);
      }
      equal(wait(poll, 0), [], "told, though nothing has come");
      for (let round = 0; round < 3; round += 1) {
        const active = [0, 1, 2499, 4998, 4999].map((index) => index - (round % 2));
        const chosen = active.filter((index) => index >= 0);
        for (const index of chosen) pairs[index]?.[1].write(BYTE);
        const told = gather(context, poll, (all) => all.length >= chosen.length);
        const tokens = told.map(({ token }) => token).sort((a, b) => a - b);
        equal(
          tokens,
          chosen.map((index) => 2 * index),
          "told",
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
    name: "capacity: of more events than there is room for, none is left out for ever",
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
        const told = new Set<number>();
        // Twice as often as would be needed if each were told once.
        for (let time = 0; time < 100 / capacity + 1; time += 1) {
          for (const { token } of wait(poll, 10_000, capacity)) told.add(token);
        }
        equal(told.size, 50, `told by waits for ${capacity}`);
      }
    },
  },
  {
    name: "capacity: edges for which there is no room come later, each once",
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
        const told = gather(context, poll, (all) => all.length >= 50, 7);
        told.push(...untilFence(context, poll));
        const tokens = told.map(({ token }) => token).sort((a, b) => a - b);
        equal(tokens, [...Array(50).keys()], `told by ${mode}`);
      }
    },
  },
  {
    name: "a megabyte each way arrives whole, in each mode",
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
          const told = wait(poll, 10_000);
          assert(told.length > 0, `it stands still, by ${mode}`);
          for (const { token, readable, writable } of told) {
            const end = ends[token];
            if (readable) end?.read();
            if (writable) end?.write();
            if (!end || mode === "edge" || end.done) continue;
            // Whoever has said all is writable always: that needs no telling.
            const interest = end.wantsToWrite ? READABLE | WRITABLE : READABLE;
            poll.registry.reregister(end.stream, token, interest, mode);
          }
        }
      }
    },
  },
  {
    name: "descriptors: after polls, wakers and connections none is left",
    promise: "our own: close gives back all; close(2)",
    needs: ["kernel"],
    run: (context) => {
      let before: number | undefined;
      // The first round makes what is made once: that counts not.
      for (let round = 0; round < 40; round += 1) {
        const poll = context.openPoll();
        poll.openWaker(5).wake();
        const [ours, theirs] = context.pair();
        const mode = round % 2 ? "edge" : "level";
        poll.registry.register(ours, 7, READABLE, mode);
        poll.registry.register(theirs, 8, READABLE | WRITABLE, "oneshot");
        comes(context, poll, 8);
        // One closes first what is watched, another the poll, a third only one end.
        if (round % 3 === 0) ours.close();
        if (round % 3 === 1) poll.close();
        context.closeAll();
        if (round === 0) before = context.descriptors();
      }
      if (before === undefined) throw new NotHere("descriptors cannot be counted here");
      // What the kernel gives back it may give back a little later.
      const pause = new Int32Array(new SharedArrayBuffer(4));
      for (let look = 0; look < 1000; look += 1) {
        if ((context.descriptors() ?? 0) <= before) return;
        Atomics.wait(pause, 0, 0, 10);
      }
      throw new Broken(`${context.descriptors()} descriptors are open, not ${before}`);
    },
  },
];
