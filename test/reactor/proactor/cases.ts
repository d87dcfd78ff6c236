// What every proactor promises about its operations.
import { assert, equal, throws } from "../conformance/case.ts";
import type { ProactorCase } from "./context.ts";
import { EchoClient, EchoServer } from "./echo.ts";

const HOST = "127.0.0.1";
const HELLO = Buffer.from("hello");

export const WORKING: readonly ProactorCase[] = [
  {
    name: "accept: each accept completes with one connection",
    promise: "Proactor.accept; accept(2)",
    run: (context) => {
      const proactor = context.proactor();
      const listener = proactor.listen(HOST, 0);
      context.client(proactor, listener);
      context.client(proactor, listener);
      proactor.accept(listener);
      const first = context.waitFor(proactor, listener, "accept").result;
      const rest = context.untilFence(proactor);
      equal(rest, [], "completed without an accept");
      proactor.accept(listener);
      const second = context.waitFor(proactor, listener, "accept").result;
      assert(first !== "full" && second !== "full", "full");
      assert(first !== second, "two connections have one token");
    },
  },
  {
    name: "recv: completes with the bytes as they were sent, then with the end",
    promise: "Proactor.recv; recv(2)",
    run: (context) => {
      const proactor = context.proactor();
      const { client, token } = context.pair(proactor);
      proactor.recv(token);
      client.write(HELLO);
      const { result } = context.waitFor(proactor, token, "recv");
      assert(result instanceof Uint8Array, `got ${result}`);
      equal(Buffer.from(result).toString(), "hello", "received");
      client.shutdown();
      for (let time = 0; time < 2; time += 1) {
        proactor.recv(token);
        equal(context.waitFor(proactor, token, "recv").result, "end", "received");
      }
    },
  },
  {
    name: "recv: the bytes of one wait stay intact until the next wait",
    promise: "Proactor: the bytes of recv are valid until the next wait",
    run: (context) => {
      const proactor = context.proactor();
      const listener = proactor.listen(HOST, 0);
      const pairs = Array.from({ length: 20 }, () => context.pair(proactor, listener));
      for (const [index, { client, token }] of pairs.entries()) {
        proactor.recv(token);
        client.write(Buffer.from(`this is ${index}`));
      }
      const left = new Map(pairs.map(({ token }, index) => [token, `this is ${index}`]));
      while (left.size > 0) {
        const done = proactor.wait(10_000).filter(({ kind }) => kind === "recv");
        // A recv that starts now has separate memory, and may complete at once.
        for (const completion of done) {
          if (completion.kind !== "recv" || !left.has(completion.token)) continue;
          const { client } = pairs.find(({ token }) => token === completion.token) ?? {};
          client?.write(Buffer.from("later, much later"));
          proactor.recv(completion.token);
        }
        for (const completion of done) {
          if (completion.kind !== "recv" || !left.has(completion.token)) continue;
          const { token, result } = completion;
          const text =
            typeof result === "string" ? result : Buffer.from(result).toString();
          equal(text, left.get(token), "received");
          left.delete(token);
        }
      }
    },
  },
  {
    name: "send: copies the bytes, so the caller may overwrite them at once",
    promise: "Proactor.send: it copies",
    run: (context) => {
      const proactor = context.proactor();
      const { client, token } = context.pair(proactor);
      const bytes = new Uint8Array(100_000);
      for (let round = 0; round < 50; round += 1) {
        bytes.fill(round + 1);
        proactor.send(token, bytes);
        bytes.fill(0xff);
        // Memory that only JavaScript kept alive would be freed and overwritten by now.
        Array.from({ length: 20 }, () => new Uint8Array(100_000).fill(0xee));
        const { bytes: received } = context.read(proactor, client, bytes.length);
        assert(received.length === bytes.length, `${received.length} bytes arrived`);
        assert(
          received.every((byte) => byte === round + 1),
          "the bytes are not those that were sent",
        );
        // The send may have completed while we read from the client.
        context.until(proactor, () => (proactor.inFlight === 0 ? true : undefined));
      }
    },
  },
  {
    name: "send: completes when all bytes are sent, be they none, one or many",
    promise: "Proactor.send: all of it; send(2), WSASend",
    run: (context) => {
      const proactor = context.proactor();
      const { client, token } = context.pair(proactor);
      for (const size of [0, 1, 64, 65, 1_000_000, 5_000_000]) {
        const bytes = Uint8Array.from({ length: size }, (_, at) => (at * 7) & 0xff);
        proactor.send(token, bytes);
        let sent = false;
        const received: Buffer[] = [];
        const into = Buffer.alloc(65_536);
        let count = 0;
        context.until(proactor, (completion) => {
          if (completion?.kind === "send") {
            equal(completion.result, "sent", "send");
            sent = true;
          }
          for (let read = client.read(into); typeof read === "number"; ) {
            received.push(Buffer.from(into.subarray(0, read)));
            count += read;
            read = client.read(into);
          }
          return sent && count >= size ? true : undefined;
        });
        assert(
          Buffer.concat(received).equals(bytes),
          `the ${size} bytes are not those that were sent`,
        );
      }
    },
  },
  {
    name: "echo: four megabytes come back unchanged",
    promise: "tcp(7): reliable, in order",
    run: (context) => {
      const proactor = context.proactor();
      const listener = proactor.listen(HOST, 0);
      const server = new EchoServer(proactor, listener);
      const client = new EchoClient(context.client(proactor, listener), 4 << 20, 1);
      context.until(proactor, (completion) => {
        if (completion) server.handle(completion);
        else if (client.step() && server.open.size === 0) return true;
        return undefined;
      });
      equal(server.served, 1, "connections");
    },
  },
  {
    name: "echo: 200 clients at once each get their own bytes back",
    promise: "Proactor: a completion has the token of its socket",
    run: (context) => {
      const proactor = context.proactor();
      const listener = proactor.listen(HOST, 0);
      const server = new EchoServer(proactor, listener);
      let clients = Array.from(
        { length: 200 },
        (_, seed) => new EchoClient(context.client(proactor, listener), 20_000, seed),
      );
      context.until(proactor, (completion) => {
        if (completion) server.handle(completion);
        else clients = clients.filter((client) => !client.step());
        return clients.length === 0 && server.open.size === 0 ? true : undefined;
      });
      equal(server.served, 200, "connections");
      // The accept that is still in flight.
      equal(proactor.inFlight, 1, "in flight");
    },
  },
  {
    name: "operations: a second operation of a kind is refused, and the first goes on",
    promise: "Proactor: at most one operation of a kind in flight",
    run: (context) => {
      const proactor = context.proactor();
      const { client, token, listener } = context.pair(proactor);
      proactor.recv(token);
      throws("Error", () => proactor.recv(token), "received twice");
      proactor.accept(listener);
      throws("Error", () => proactor.accept(listener), "accepted twice");
      client.write(HELLO);
      const { result } = context.waitFor(proactor, token, "recv");
      assert(result instanceof Uint8Array, `got ${result}`);
      // There is room for the bytes, but the send is in flight until a wait reports it.
      proactor.send(token, HELLO);
      throws(
        "Error",
        () => proactor.send(token, HELLO),
        "sent before the first was reported",
      );
      throws(
        "Error",
        () => proactor.shutdown(token),
        "shut down before the send was reported",
      );
      equal(context.waitFor(proactor, token, "send").result, "sent", "sent");
      const large = new Uint8Array(16 << 20);
      proactor.send(token, large);
      throws("Error", () => proactor.send(token, HELLO), "sent twice");
      throws("Error", () => proactor.shutdown(token), "shut down while sending");
    },
  },
  {
    name: "listen: a listener is not a stream, and a connection accepts none",
    promise: "Proactor: using a listener as a connection, or the reverse, throws",
    run: (context) => {
      const proactor = context.proactor();
      const { listener, token } = context.pair(proactor);
      for (const use of [
        () => proactor.setNoDelay(listener, true),
        () => proactor.setUnsentLimit(listener, 4096),
        () => proactor.setResetOnClose(listener),
        () => proactor.shutdown(listener),
        () => proactor.recv(listener),
        () => proactor.send(listener, HELLO),
        () => proactor.accept(token),
      ])
        throws("Error", use, `${use}`);
      // It still listens.
      context.pair(proactor, listener);
    },
  },
];
