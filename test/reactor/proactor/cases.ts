// What each proactor promises about the work that it does.
import { assert, equal, throws } from "../conformance/case.ts";
import type { ProactorCase } from "./context.ts";
import { EchoClient, EchoServer } from "./echo.ts";

const HOST = "127.0.0.1";
const HELLO = Buffer.from("hello");

export const WORKING: readonly ProactorCase[] = [
  {
    name: "accept: brings one connection for each time that it was asked",
    promise: "Proactor.accept; accept(2)",
    run: (context) => {
      const proactor = context.proactor();
      const listener = proactor.listen(HOST, 0);
      context.client(proactor, listener);
      context.client(proactor, listener);
      proactor.accept(listener);
      const first = context.comes(proactor, listener, "accept").result;
      const rest = context.untilFence(proactor);
      equal(rest, [], "unasked");
      proactor.accept(listener);
      const second = context.comes(proactor, listener, "accept").result;
      assert(first !== "full" && second !== "full", "full");
      assert(first !== second, "two connections have one token");
    },
  },
  {
    name: "recv: brings what has come, as it was sent, and then the end",
    promise: "Proactor.recv; recv(2)",
    run: (context) => {
      const proactor = context.proactor();
      const { client, token } = context.pair(proactor);
      proactor.recv(token);
      client.write(HELLO);
      const { result } = context.comes(proactor, token, "recv");
      assert(result instanceof Uint8Array, `got ${result}`);
      equal(Buffer.from(result).toString(), "hello", "received");
      client.shutdown();
      for (let time = 0; time < 2; time += 1) {
        proactor.recv(token);
        equal(context.comes(proactor, token, "recv").result, "end", "received");
      }
    },
  },
  {
    name: "recv: the bytes of all of one wait stand until the next",
    promise: "Proactor: what recv brought is ours until the next wait",
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
        // What is asked for meanwhile has memory of its own, and may be there at once.
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
    name: "send: what is given is taken at once, and may be used anew",
    promise: "Proactor.send: it copies",
    run: (context) => {
      const proactor = context.proactor();
      const { client, token } = context.pair(proactor);
      const bytes = new Uint8Array(100_000);
      for (let round = 0; round < 50; round += 1) {
        bytes.fill(round + 1);
        proactor.send(token, bytes);
        bytes.fill(0xff);
        // What only JavaScript knew of would be gone now, and written over.
        Array.from({ length: 20 }, () => new Uint8Array(100_000).fill(0xee));
        const { bytes: heard } = context.reads(proactor, client, bytes.length);
        assert(heard.length === bytes.length, `${heard.length} came`);
        assert(
          heard.every((byte) => byte === round + 1),
          "others came than were sent",
        );
        // Its completion may have come while the client was read.
        context.until(proactor, () => (proactor.inFlight === 0 ? true : undefined));
      }
    },
  },
  {
    name: "send: nothing, one byte and many bytes are all sent",
    promise: "Proactor.send: all of it; send(2), WSASend",
    run: (context) => {
      const proactor = context.proactor();
      const { client, token } = context.pair(proactor);
      for (const size of [0, 1, 64, 65, 1_000_000, 5_000_000]) {
        const bytes = Uint8Array.from({ length: size }, (_, at) => (at * 7) & 0xff);
        proactor.send(token, bytes);
        let sent = false;
        const heard: Buffer[] = [];
        const into = Buffer.alloc(65_536);
        let count = 0;
        context.until(proactor, (completion) => {
          if (completion?.kind === "send") {
            equal(completion.result, "sent", "send");
            sent = true;
          }
          for (let read = client.read(into); typeof read === "number"; ) {
            heard.push(Buffer.from(into.subarray(0, read)));
            count += read;
            read = client.read(into);
          }
          return sent && count >= size ? true : undefined;
        });
        assert(Buffer.concat(heard).equals(bytes), `${size} bytes came otherwise`);
      }
    },
  },
  {
    name: "echo: four megabytes come back as they went",
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
    name: "echo: 200 clients at once, each hears its own",
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
      // The accept that is still on.
      equal(proactor.inFlight, 1, "in flight");
    },
  },
  {
    name: "one operation of a kind: a second is refused, and the first stands",
    promise: "Proactor: at most one operation of a kind in flight",
    run: (context) => {
      const proactor = context.proactor();
      const { client, token, listener } = context.pair(proactor);
      proactor.recv(token);
      throws("Error", () => proactor.recv(token), "received twice");
      proactor.accept(listener);
      throws("Error", () => proactor.accept(listener), "accepted twice");
      client.write(HELLO);
      const { result } = context.comes(proactor, token, "recv");
      assert(result instanceof Uint8Array, `got ${result}`);
      // There is room for it, and yet it is in flight until a wait tells that it is over.
      proactor.send(token, HELLO);
      throws("Error", () => proactor.send(token, HELLO), "sent before it was told");
      throws("Error", () => proactor.shutdown(token), "finished before it was told");
      equal(context.comes(proactor, token, "send").result, "sent", "sent");
      const large = new Uint8Array(16 << 20);
      proactor.send(token, large);
      throws("Error", () => proactor.send(token, HELLO), "sent twice");
      throws("Error", () => proactor.shutdown(token), "finished while sending");
    },
  },
];
