// Servers that fall short in one way each, in this same process.
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { Server } from "../../behaviours/server.ts";

/** Takes connections and says nothing. */
export const mute = (socket: Socket) => socket.resume();

/** Greets in words of its own, and answers nothing. */
export const strange = (socket: Socket) => socket.resume().write("Welcome!\n");

/** Answers anything with the same line. */
export const parrot = (socket: Socket) => {
  socket.on("data", () => socket.write("what?\n"));
};

/** Closes each connection as soon as something comes over it. */
export const hangsUp = (socket: Socket) => {
  socket.once("data", () => socket.destroy());
};

/**
 * Runs a server on a free port while `work` runs. As the process of the server, which never
 * ends, stands a dummy.
 */
export async function serving<Result>(
  serve: (socket: Socket) => void,
  work: (server: Required<Server>) => Promise<Result>,
): Promise<Result> {
  const sockets = new Set<Socket>();
  const listener = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    serve(socket);
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  const process = {
    pid: 0,
    output: () => "",
    ended: new Promise<number>(() => {}),
    kill: () => {},
  };
  try {
    return await work({ host: "127.0.0.1", port, process });
  } finally {
    for (const socket of sockets) socket.destroy();
    listener.close();
  }
}
