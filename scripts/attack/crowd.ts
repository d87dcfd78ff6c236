// Many connections that do not look at what comes: the raw material of an attack.
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** Where the server listens. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** So many connections are made at a time: more would overflow the queue of the listener. */
const AT_ONCE = 500;

/**
 * Connects. What comes is read and dropped; how the connection ends does not matter.
 *
 * @returns The socket; undefined when there was no connection.
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

/** Makes so many connections. @returns those that there are. */
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

/** Waits until a connection has ended, however it does. */
export async function ended(socket: Socket): Promise<void> {
  if (!socket.closed) await new Promise((resolve) => socket.once("close", resolve));
}

/** Waits until something has come, or the connection has ended. */
export async function greeted(socket: Socket): Promise<void> {
  if (socket.bytesRead > 0 || socket.closed) return;
  await new Promise<void>((resolve) => {
    socket.once("data", () => resolve());
    socket.once("close", () => resolve());
  });
}

/**
 * Says something and waits until what has come matches, the connection has ended, or the time is
 * over.
 *
 * @param ms The longest that it waits, in milliseconds.
 * @returns What has come until then.
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
