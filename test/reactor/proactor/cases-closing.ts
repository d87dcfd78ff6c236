// What every proactor promises about the end of streams, connections, tokens, and its own.
import { TcpListener } from "../../../examples/shared/poll/net.ts";
import { assert, CLEARS_ERROR, equal, NotHere, throws } from "../conformance/case.ts";
import type { ProactorCase } from "./context.ts";

const READS_END = "under Wine, a read after the peer's reset returns the end";

const HOST = "127.0.0.1";
const HELLO = Buffer.from("hello");
/** More than any kernel buffers for a client that does not read. */
const TOO_MUCH = new Uint8Array(16 << 20);

export const ENDING: readonly ProactorCase[] = [
  {
    name: "half-close: a client that has shut down still gets our answer",
    promise: "shutdown(2); Proactor.recv",
    run: (context) => {
      const proactor = context.proactor();
      const { client, token } = context.pair(proactor);
      client.shutdown();
      proactor.recv(token);
      equal(context.waitFor(proactor, token, "recv").result, "end", "received");
      proactor.send(token, HELLO);
      equal(context.waitFor(proactor, token, "send").result, "sent", "sent");
      context.closeNow(proactor, token);
      const { bytes, last } = context.read(proactor, client, 100);
      equal([bytes.toString(), last], ["hello", "end"], "the client read");
    },
  },
  {
    name: "shutdown: we still receive after we have shut down",
    promise: "shutdown(2); Proactor.shutdown",
    run: (context) => {
      const proactor = context.proactor();
      const { client, token } = context.pair(proactor);
      proactor.recv(token);
      proactor.shutdown(token);
      equal(context.read(proactor, client, 1).last, "end", "the client read");
      client.write(HELLO);
      const { result } = context.waitFor(proactor, token, "recv");
      assert(result instanceof Uint8Array, `got ${result}`);
    },
  },
  {
    name: "reset: a recv in flight completes with reset",
    promise: "tcp(7), ECONNRESET; WSARecv, WSAECONNRESET",
    deviates: {
      "adapter:afd on win32": CLEARS_ERROR["afd on win32"],
      "adapter:kqueue on linux": CLEARS_ERROR["kqueue on linux"],
    },
    run: (context) => {
      const proactor = context.proactor();
      const { client, token } = context.pair(proactor);
      proactor.recv(token);
      client.reset();
      equal(context.waitFor(proactor, token, "recv").result, "reset", "received");
      context.closeNow(proactor, token);
    },
  },
  {
    name: "reset: a send in flight completes with reset, and so does the next",
    promise: "send(2), ECONNRESET, EPIPE; WSASend, WSAECONNRESET",
    run: (context) => {
      const proactor = context.proactor();
      const { client, token } = context.pair(proactor);
      proactor.send(token, TOO_MUCH);
      equal(context.untilFence(proactor), [], "before");
      client.reset();
      equal(context.waitFor(proactor, token, "send").result, "reset", "sent");
      proactor.send(token, HELLO);
      equal(context.waitFor(proactor, token, "send").result, "reset", "sent again");
      context.closeNow(proactor, token);
    },
  },
  {
    name: "reset: our reset reaches the client, even with a recv in flight",
    promise: "socket(7), SO_LINGER; Proactor.setResetOnClose",
    // The reset is sent: a client outside Wine gets ECONNRESET.
    deviates: {
      "iocp on win32": READS_END,
      "adapter:afd on win32": READS_END,
    },
    run: (context) => {
      const proactor = context.proactor();
      for (const isReceiving of [false, true]) {
        const { client, token } = context.pair(proactor);
        if (isReceiving) proactor.recv(token);
        proactor.setResetOnClose(token);
        context.closeNow(proactor, token);
        equal(context.read(proactor, client, 1).last, "reset", "the client read");
        throws("Error", () => proactor.setResetOnClose(token), "set after close");
      }
    },
  },
  {
    name: "close: with every operation in flight, each socket gets one completion",
    promise: "Proactor.close; io_uring_prep_cancel(3); CancelIoEx",
    run: (context) => {
      const proactor = context.proactor();
      const { listener, token, client } = context.pair(proactor);
      proactor.accept(listener);
      proactor.recv(token);
      proactor.send(token, TOO_MUCH);
      equal(context.untilFence(proactor), [], "before");
      equal(proactor.inFlight, 3, "in flight");
      proactor.close(token);
      proactor.close(listener);
      const completions = context.untilFence(proactor);
      const closes = [token, listener].map((one) => ({ kind: "close", token: one }));
      const byToken = (one: object, other: object) =>
        JSON.stringify(one).localeCompare(JSON.stringify(other));
      equal<object[]>(
        [...completions].sort(byToken),
        closes.sort(byToken),
        "completions",
      );
      equal(proactor.inFlight, 0, "in flight after");
      const { last } = context.read(proactor, client, 2 * TOO_MUCH.length);
      assert(last === "end" || last === "reset", `the client read ${last}`);
    },
  },
  {
    name: "close: a send that was not reported yet never completes",
    promise: "Proactor.close: operations in flight do not complete",
    run: (context) => {
      const proactor = context.proactor();
      const { token } = context.pair(proactor);
      proactor.send(token, HELLO);
      proactor.close(token);
      equal(context.untilFence(proactor), [{ kind: "close", token }], "completions");
    },
  },
  {
    name: "close: the token is invalid at once",
    promise: "Proactor.close: it ends the token",
    run: (context) => {
      const proactor = context.proactor();
      const { token } = context.pair(proactor);
      proactor.close(token);
      throws("Error", () => proactor.recv(token), "received");
      throws("Error", () => proactor.send(token, HELLO), "sent");
      throws("Error", () => proactor.close(token), "closed");
      context.waitFor(proactor, token, "close");
    },
  },
  {
    name: "close: the next owner of the descriptor gets no bytes of the connection before it",
    promise: "Proactor: no two sockets have the same token",
    run: (context) => {
      const proactor = context.proactor();
      const listener = proactor.listen(HOST, 0);
      const tokens = new Set<number>();
      for (let round = 0; round < 100; round += 1) {
        const old = context.pair(proactor, listener);
        proactor.recv(old.token);
        // In flight while the connection is closed.
        old.client.write(Buffer.from(`old ${round}`));
        proactor.close(old.token);
        const next = context.pair(proactor, listener);
        proactor.recv(next.token);
        next.client.write(Buffer.from(`new ${round}`));
        const { result } = context.waitFor(proactor, next.token, "recv");
        assert(result instanceof Uint8Array, `got ${result}`);
        equal(Buffer.from(result).toString(), `new ${round}`, "received");
        for (const { token } of [old, next]) {
          assert(!tokens.has(token), `the token ${token} was issued twice`);
          tokens.add(token);
        }
        context.closeNow(proactor, next.token);
      }
    },
  },
  {
    name: "listen: on a port in use is EADDRINUSE",
    promise: "bind(2), EADDRINUSE",
    run: (context) => {
      const taken = TcpListener.listen(HOST, 0, context.sockets);
      const proactor = context.proactor();
      const { port } = taken.localAddress();
      throws("EADDRINUSE", () => proactor.listen(HOST, port), "listened");
      taken.close();
    },
  },
  {
    name: "descriptors and memory: 300 connections leave no more than 20 did",
    needs: "kernel",
    promise: "Proactor.close: the kernel has released everything of the socket",
    run: (context) => {
      const before = context.descriptors();
      if (before === undefined) throw new NotHere("descriptors cannot be counted here");
      const proactor = context.proactor();
      const listener = proactor.listen(HOST, 0);
      let early: { descriptors: number | undefined; held: number } | undefined;
      for (let round = 1; round <= 300; round += 1) {
        const { client, token } = context.pair(proactor, listener);
        client.write(HELLO);
        proactor.recv(token);
        context.waitFor(proactor, token, "recv");
        proactor.send(token, HELLO);
        context.read(proactor, client, HELLO.length);
        // The send may have completed during the read. One recv stays in flight.
        proactor.recv(token);
        client.reset();
        context.closeNow(proactor, token);
        equal(proactor.inFlight, 0, "in flight");
        const { held } = proactor;
        if (round === 20) early = { descriptors: context.descriptors(), held };
      }
      context.noMoreDescriptorsThan(early?.descriptors);
      equal(proactor.held, early?.held, "held after 300, and after 20");
      proactor.end();
      equal(proactor.held, 0, "held after the end");
      context.noMoreDescriptorsThan(before);
    },
  },
  {
    name: "end: releases everything, with operations in flight",
    promise: "Proactor.end",
    run: (context) => {
      const before = context.descriptors();
      const proactor = context.proactor();
      const { listener, token, client } = context.pair(proactor);
      proactor.accept(listener);
      proactor.recv(token);
      proactor.send(token, TOO_MUCH);
      proactor.end();
      proactor.end();
      equal(proactor.inFlight, 0, "in flight");
      equal(proactor.held, 0, "held");
      client.close();
      context.noMoreDescriptorsThan(before);
    },
  },
  {
    name: "end: refuses every call after it, and received bytes can still be read",
    promise: "our own: a stale access never crashes the process",
    run: (context) => {
      const proactor = context.proactor();
      const { listener, token, client } = context.pair(proactor);
      client.write(HELLO);
      proactor.recv(token);
      const { result } = context.waitFor(proactor, token, "recv");
      assert(result instanceof Uint8Array, `got ${result}`);
      proactor.end();
      // The bytes are no longer ours, but reading them must not crash the process.
      equal(
        result.reduce((sum) => sum + 1, 0),
        result.length,
        "bytes that can be read",
      );
      throws("EBADF", () => proactor.wait(0), "waited");
      throws("EBADF", () => proactor.listen(HOST, 0), "listened");
      throws("EBADF", () => proactor.openWaker(), "opened a waker");
      throws("Error", () => proactor.accept(listener), "accepted");
      throws("Error", () => proactor.recv(token), "received");
      throws("Error", () => proactor.send(token, HELLO), "sent");
      throws("Error", () => proactor.close(token), "closed");
    },
  },
];
