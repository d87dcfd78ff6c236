// Connecting, being refused, listening and accepting.

import { TcpListener, TcpStream } from "../../../../examples/shared/poll/net.ts";
import {
  READABLE,
  WRITABLE,
} from "../../../../examples/shared/poll/readiness/interest.ts";
import {
  assert,
  type Case,
  CLEARS_ERROR,
  type Context,
  equal,
  NotHere,
  throws,
} from "../case.ts";
import { drain, reportsOf, untilFence, untilReadable, waitFor } from "../gather.ts";

export const CONNECTING: readonly Case[] = [
  {
    name: "connect: writable once the connection is established, without an error",
    promise: "connect(2), EINPROGRESS; mio, TcpStream::connect",
    run: (context) => {
      for (const mode of ["level", "edge", "oneshot"] as const) {
        const listener = context.listen();
        const poll = context.openPoll();
        const stream = context.connect(listener);
        poll.registry.register(stream, 7, WRITABLE, mode);
        assert(waitFor(context, poll, 7).writable, `not writable in ${mode} mode`);
        equal(stream.takeError(), undefined, "its error");
        equal(stream.write(Uint8Array.of(1)), 1, "written");
      }
    },
  },
  {
    name: "connect: a refusal is reported, and takeError is ECONNREFUSED",
    promise: "connect(2), ECONNREFUSED, EINPROGRESS: SO_ERROR; mio, TcpStream::connect",
    deviates: CLEARS_ERROR,
    run: (context) => {
      for (const mode of ["level", "edge", "oneshot"] as const) {
        const listener = context.listen();
        const { host, port } = listener.localAddress();
        listener.close();
        const poll = context.openPoll();
        let stream: TcpStream;
        try {
          stream = context.keep(TcpStream.connect(host, port, context.sockets));
        } catch (error) {
          // Some systems refuse within the call.
          equal((error as NodeJS.ErrnoException).code, "ECONNREFUSED", "thrown");
          continue;
        }
        poll.registry.register(stream, 7, READABLE | WRITABLE, mode);
        const { writable, over } = waitFor(context, poll, 7);
        equal(
          { writable, over },
          { writable: true, over: true },
          `reported in ${mode} mode`,
        );
        equal(stream.takeError()?.code, "ECONNREFUSED", "its error");
      }
    },
  },
  {
    name: "accept: a listener is readable only while a client waits in the backlog",
    promise: "accept(2), DESCRIPTION; mio, TcpListener",
    run: (context) => {
      const listener = context.listen();
      const poll = context.openPoll();
      poll.registry.register(listener, 7, READABLE);
      equal(reportsOf(context, poll, 7), [], "reported before a client connected");
      equal(listener.accept(), "blocked", "accepted");
      context.connect(listener);
      waitFor(context, poll, 7);
      const accepted = listener.accept();
      assert(typeof accepted !== "string", `accepted: ${accepted}`);
      context.keep(accepted);
      equal(reportsOf(context, poll, 7), [], "reported after all were accepted");
    },
  },
  {
    name: "accept: edge-triggered, accepting until blocked accepts every client that waits",
    promise: "epoll(7), Questions and answers, 9; accept(2), EAGAIN",
    run: (context) => {
      const listener = context.listen();
      const poll = context.openPoll();
      poll.registry.register(listener, 7, READABLE, "edge");
      for (let round = 0; round < 3; round += 1) {
        for (let client = 0; client < 5; client += 1) context.connect(listener);
        let count = 0;
        while (count < 5) {
          waitFor(context, poll, 7);
          for (;;) {
            const accepted = listener.accept();
            if (typeof accepted === "string") break;
            context.keep(accepted);
            count += 1;
          }
        }
        equal(count, 5, "accepted");
      }
    },
  },
  {
    name: "accept: a client that was reset before it was accepted does no harm",
    promise: "accept(2), ECONNABORTED and Error handling",
    deviates: CLEARS_ERROR,
    run: (context) => {
      const listener = context.listen();
      const poll = context.openPoll();
      poll.registry.register(listener, 7, READABLE, "level");
      context.connect(listener).reset();
      untilFence(context, poll);
      const gone = listener.accept();
      if (typeof gone !== "string") {
        context.keep(gone);
        untilReadable(context, gone);
        equal(drain(gone).last, "reset", "read from the reset client");
      }
      context.connect(listener);
      waitFor(context, poll, 7);
      const next = listener.accept();
      assert(typeof next !== "string", "the next client was not accepted");
      context.keep(next);
    },
  },
  {
    name: "accept: an accepted connection is non-blocking",
    promise: "accept4(2), SOCK_NONBLOCK; fcntl(2), O_NONBLOCK",
    run: (context) => {
      const [ours, theirs] = context.pair();
      for (const stream of [ours, theirs]) {
        equal(stream.read(new Uint8Array(8)), "blocked", "read before anything was sent");
      }
    },
  },
  {
    name: "listen: on a port in use is EADDRINUSE, and leaks no descriptor",
    promise: "bind(2), EADDRINUSE; listen(2), EADDRINUSE",
    run: (context) => {
      const { host, port } = context.listen().localAddress();
      const before = context.descriptors() ?? 0;
      const listen = () => TcpListener.listen(host, port, context.sockets);
      for (let time = 0; time < 200; time += 1) {
        throws("EADDRINUSE", listen, "listened on a port in use");
      }
      // Descriptors of earlier cases may still be closing; a leak would add 200.
      const more = (context.descriptors() ?? 0) - before;
      assert(more < 100, `${more} more descriptors than before`);
    },
  },
  {
    name: "listen: on an IPv6 address",
    promise: "ipv6(7), Address format; RFC 4291, section 2.5.3",
    needs: ["kernel"],
    run: (context) => {
      const listener = listenOn(context, "::1");
      const { host, port } = listener.localAddress();
      equal(host, "::1", "where it listens");
      const client = context.keep(TcpStream.connect(host, port, context.sockets));
      const accepted = acceptedBy(context, listener);
      equal(accepted.localAddress(), { host, port }, "our end");
      equal(accepted.peerAddress(), client.localAddress(), "the other end");
      equal(accepted.write(Uint8Array.of(1)), 1, "written");
      untilReadable(context, client);
      equal(client.read(new Uint8Array(8)), 1, "read");
    },
  },
  {
    name: "listen: a listener on :: also accepts IPv4",
    promise: "ipv6(7), IPV6_V6ONLY; RFC 3493, sections 3.7 and 5.3",
    needs: ["kernel"],
    run: (context) => {
      const listener = listenOn(context, "::");
      const { port } = listener.localAddress();
      for (const [host, from] of [
        ["::1", "::1"],
        ["127.0.0.1", "::ffff:127.0.0.1"],
      ] as const) {
        context.keep(TcpStream.connect(host, port, context.sockets));
        equal(acceptedBy(context, listener).peerAddress()?.host, from, "the other end");
      }
    },
  },
];

/** @throws {NotHere} When this machine has no IPv6. */
function listenOn(context: Context, host: string): TcpListener {
  try {
    return context.keep(TcpListener.listen(host, 0, context.sockets));
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (!["EAFNOSUPPORT", "EADDRNOTAVAIL"].includes(code)) throw error;
    throw new NotHere(`this machine has no IPv6 (${code})`);
  }
}

function acceptedBy(context: Context, listener: TcpListener): TcpStream {
  untilReadable(context, listener);
  const accepted = listener.accept();
  if (typeof accepted === "string") throw new Error(`Cannot accept: ${accepted}`);
  return context.keep(accepted);
}
