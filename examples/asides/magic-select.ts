// A select over sockets and channels: how many changes each call makes at the poller, and
// what every channel has to know.
// Run it: just example magic-select
// Page: docs/r7-ioserver.md
import { TcpListener, TcpStream } from "../shared/poll/net.ts";
import { Events } from "../shared/poll/readiness/events.ts";
import { READABLE } from "../shared/poll/readiness/interest.ts";
import { openPoll } from "../shared/poll/readiness/pollers.ts";
import type { Waker } from "../shared/poll/readiness/waker.ts";

const [LISTENER, SOCKET, WAKER] = [1, 2, 3];
const ROUNDS = 100;

// #region magic
class Channel {
  readonly values: string[] = [];
  /** The wakers of all polls in which a thread may be waiting for this channel. */
  readonly wakers = new Set<Waker>();

  send(value: string): void {
    this.values.push(value);
    for (const waker of this.wakers) waker.wake();
  }
}

function magicSelect(socket: TcpStream, channel: Channel): "socket" | "channel" {
  register(socket);
  channel.wakers.add(waker);
  try {
    for (;;) {
      if (channel.values.shift() !== undefined) return "channel";
      poll.poll(events, null);
      if (hasEvent(SOCKET)) return "socket";
    }
  } finally {
    channel.wakers.delete(waker);
    deregister(socket);
  }
}
// #endregion magic

const poll = openPoll();
const events = new Events(8);
const waker = poll.openWaker(WAKER);
/** How often the poller was asked to watch a socket, or to stop watching it. */
let told = 0;

function register(socket: TcpStream): void {
  told += 1;
  poll.registry.register(socket, SOCKET, READABLE);
}

function deregister(socket: TcpStream): void {
  told += 1;
  poll.registry.deregister(socket);
}

function hasEvent(token: number): boolean {
  for (let at = 0; at < events.length; at += 1) {
    if (events.token(at) === token) return true;
  }
  return false;
}

/** Both ends of a connection. */
function pair(): { client: TcpStream; server: TcpStream } {
  const listener = TcpListener.listen("127.0.0.1", 0);
  const { port } = listener.localAddress();
  poll.registry.register(listener, LISTENER, READABLE);
  const client = TcpStream.connect("127.0.0.1", port);
  for (;;) {
    const server = listener.accept();
    if (server instanceof TcpStream) {
      listener.close();
      return { client, server };
    }
    poll.poll(events, null);
  }
}

const { client, server } = pair();
const channel = new Channel();
const byte = Buffer.from("!");
const got = { socket: 0, channel: 0 };
for (let round = 0; round < ROUNDS; round += 1) {
  // Alternately, and only one of them is ready at a time.
  if (round % 2 === 0) channel.send("!");
  else client.write(byte);
  const from = magicSelect(server, channel);
  if (from === "socket") server.read(Buffer.alloc(8));
  got[from] += 1;
}
console.log(`selects:                ${ROUNDS}`);
console.log(`from the channel:       ${got.channel}`);
console.log(`from the socket:        ${got.socket}`);
console.log(`changes at the poller:  ${told}`);
for (const one of [client, server]) one.close();
poll.close();
