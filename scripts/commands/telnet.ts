// just telnet: a line client. It sends what is typed, and shows what it receives.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { StringDecoder } from "node:string_decoder";
import { Failure, INTERRUPTED, misuse, parseAddress, readOptions, run } from "../cli.ts";
import { printable } from "../printable.ts";
import { isHere, refusalOf } from "../refusal.ts";

const USAGE = `
just telnet [ADDRESS] [options]

Connects to a server, sends what you type line by line, and shows what comes back. ADDRESS is
a port, or host:port; without it, 127.0.0.1:42069. Ctrl-D ends your half of the connection,
Ctrl-C quits.

  just telnet            to the server of just example
  just telnet 4711       to another port
  just telnet --dribble  shows what a server does with half a line

  -d, --dribble  sends each byte in its own packet, ten milliseconds apart
  -h, --help     prints this
`;
const DRIBBLE_MS = 10;

await run(async () => {
  const { values, positionals } = readOptions(USAGE, {
    options: { dribble: { type: "boolean", short: "d", default: false } },
  });
  const [address = "127.0.0.1:42069", ...more] = positionals;
  if (more.length > 0) throw misuse("Cannot connect twice: one address, please", USAGE);
  const { host, port } = parseAddress(address);
  const socket = await open(host, port);
  if (process.stdin.isTTY) {
    console.error(`connected to ${host}:${port}; Ctrl-C quits`);
    process.once("SIGINT", () => {
      // The terminal shows ^C without a newline.
      process.stderr.write("\n");
      process.exit(INTERRUPTED);
    });
  }
  const sending = send(socket, values.dribble);
  try {
    await show(socket);
  } finally {
    // The connection has ended, so further input cannot be sent.
    process.stdin.destroy();
    await sending;
  }
  if (process.stdin.isTTY) console.error("the server closed the connection");
  return 0;
});

async function open(host: string, port: number): Promise<Socket> {
  const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
  try {
    await once(socket, "connect");
  } catch (error) {
    const refusal = error as NodeJS.ErrnoException;
    const next =
      isHere(host) && refusal.code === "ECONNREFUSED"
        ? "Start one in another terminal, such as: just example 6"
        : "Check the address";
    throw new Failure(
      `Cannot connect to ${host}:${port}: ${refusalOf(refusal)}\n${next}`,
    );
  }
  return socket;
}

/** Sends what is typed until its end, then half-closes, because answers may still come. */
async function send(socket: Socket, dribble: boolean): Promise<void> {
  try {
    for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
      if (dribble) {
        for (const byte of chunk) {
          socket.write(Uint8Array.of(byte));
          await new Promise((resolve) => setTimeout(resolve, DRIBBLE_MS));
        }
      } else if (!socket.write(chunk)) {
        await Promise.race([once(socket, "drain"), once(socket, "close")]);
      }
    }
  } catch {
    // The input or the connection has failed. show() reports the latter.
  }
  if (socket.writable) socket.end();
}

/** Shows what is received, until the server closes its side. */
async function show(socket: Socket): Promise<void> {
  const decoder = new StringDecoder("utf8");
  try {
    for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
      const text = decoder.write(chunk as Buffer);
      // Untrusted text must not control the terminal.
      process.stdout.write(process.stdout.isTTY ? printable(text, "\n\t") : text);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const state = code === "ECONNRESET" ? "the server reset it" : message;
    throw new Failure(`Lost the connection: ${state}`);
  } finally {
    socket.end();
  }
}
