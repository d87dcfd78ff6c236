// A closed object refuses every call: its descriptor may already belong to another socket.

import type { TcpListener, TcpStream } from "../../../../examples/shared/poll/net.ts";
import { Events } from "../../../../examples/shared/poll/readiness/events.ts";
import { READABLE } from "../../../../examples/shared/poll/readiness/interest.ts";
import { type Case, equal, throws } from "../case.ts";
import { drain, nextOwner, reportsOf, waitFor } from "../gather.ts";

const BYTE = Uint8Array.of(1);

export const CLOSED: readonly Case[] = [
  {
    name: "closed: every call on a closed stream is EBADF, even if its descriptor is reused",
    promise: "our own: EBADF before any call; close(2), reuse of the descriptor",
    run: (context) => {
      const [old, peer] = context.pair();
      const poll = context.openPoll();
      const { fd } = old;
      old.close();
      old.close();
      const next = nextOwner(fd, () => context.pair());
      const uses: Record<string, (stream: TcpStream) => unknown> = {
        read: (stream) => stream.read(new Uint8Array(8)),
        write: (stream) => stream.write(BYTE),
        shutdown: (stream) => stream.shutdown(),
        setNoDelay: (stream) => stream.setNoDelay(true),
        setUnsentLimit: (stream) => stream.setUnsentLimit(4096),
        setBuffers: (stream) => stream.setBuffers(4096, 4096),
        localAddress: (stream) => stream.localAddress(),
        takeError: (stream) => stream.takeError(),
        register: (stream) => poll.registry.register(stream, 7, READABLE),
        reregister: (stream) => poll.registry.reregister(stream, 7, READABLE),
      };
      for (const [name, use] of Object.entries(uses)) {
        throws("EBADF", () => use(old), name);
      }
      throws("ENOENT", () => poll.registry.deregister(old), "deregister");
      old.reset();
      equal(drain(peer).last, "end", "what the peer reads");
      // The stream that now has this descriptor is unharmed, and not registered.
      poll.registry.register(next, 8, READABLE);
      equal(reportsOf(context, poll, 8), [], "reported of the next owner");
      equal(next.write(BYTE), 1, "written by the next owner");
    },
  },
  {
    name: "closed: every call on a closed listener is EBADF",
    promise: "our own: EBADF before any call; close(2), reuse of the descriptor",
    run: (context) => {
      const old = context.listen();
      const poll = context.openPoll();
      old.close();
      old.close();
      const uses: Record<string, (listener: TcpListener) => unknown> = {
        accept: (listener) => listener.accept(),
        localAddress: (listener) => listener.localAddress(),
        takeError: (listener) => listener.takeError(),
        register: (listener) => poll.registry.register(listener, 7, READABLE),
      };
      for (const [name, use] of Object.entries(uses)) {
        throws("EBADF", () => use(old), name);
      }
    },
  },
  {
    name: "closed: every call on a closed poll is EBADF, even if its descriptor is reused",
    promise: "our own: EBADF before any call; close(2), reuse of the descriptor",
    run: (context) => {
      const [ours, theirs] = context.pair();
      const [more] = context.pair();
      const old = context.openPoll();
      old.registry.register(ours, 7, READABLE);
      old.openWaker(5);
      old.close();
      old.close();
      // Where polls have descriptors, this one reuses that of the closed poll.
      const poll = context.openPoll();
      const [other, peer] = context.pair();
      poll.registry.register(other, 8, READABLE);
      peer.write(BYTE);
      theirs.write(BYTE);
      const { registry } = old;
      throws("EBADF", () => old.poll(new Events(8), 0), "waited");
      throws("EBADF", () => old.openWaker(6), "opened a waker");
      throws("EBADF", () => registry.register(more, 9, READABLE), "registered");
      throws("EBADF", () => registry.reregister(ours, 9, READABLE), "reregistered");
      waitFor(context, poll, 8);
      // Deregistering from a closed poll does nothing.
      registry.deregister(ours);
      equal(drain(ours).count, 1, "bytes for the closed poll's source");
    },
  },
];
