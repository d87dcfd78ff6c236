// Many connections that ignore what they receive, for use in attacks.
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** Where the server listens. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** How many connections open at a time: more would overflow the listener's backlog. */
const AT_ONCE = 500;

/**
 * Connects. Received data is discarded, and errors of the connection are ignored.
 *
 * @returns The socket; undefined when it cannot connect.
 */
export async function connection({ host, port }: Place): Promise<Socket | undefined> {
  const socket = connect({ host, port, noDelay: true });
  try {
    await once(socket, "connect");
  } catch {
    return undefined;
  }
  socket.on("error", () => {});
  return socket.resume();
}

/** Opens the given number of connections. @returns those that succeeded. */
export async function crowd(place: Place, count: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  while (count > 0) {
    const wave = Array.from({ length: Math.min(count, AT_ONCE) }, () =>
      connection(place),
    );
    for (const socket of await Promise.all(wave)) if (socket) sockets.push(socket);
    count -= wave.length;
  }
  return sockets;
}

/** Waits until a connection has closed, for whatever reason. */
export async function ended(socket: Socket): Promise<void> {
  if (!socket.closed) await new Promise((resolve) => socket.once("close", resolve));
}

/** Waits until data has arrived, or the connection has closed. */
export async function greeted(socket: Socket): Promise<void> {
  if (socket.bytesRead > 0 || socket.closed) return;
  await new Promise<void>((resolve) => {
    socket.once("data", () => resolve());
    socket.once("close", () => resolve());
  });
}

/**
 * Sends a text and waits until the data received matches, the connection has closed, or the
 * time is up.
 *
 * @param ms The longest wait, in milliseconds.
 * @returns The data received by then.
 */
export async function ask(
  socket: Socket,
  text: string,
  until: RegExp,
  ms: number,
): Promise<string> {
  let came = "";
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
    socket.once("close", () => resolve());
    socket.on("data", (bytes: Buffer) => {
      came += bytes;
      if (until.test(came)) resolve();
    });
    socket.write(text);
  });
  clearTimeout(timer);
  return came;
}
