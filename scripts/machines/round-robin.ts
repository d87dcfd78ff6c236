// A proxy in front of several servers: the first connection goes to the first, the next to the
// next, and after the last to the first again.
import { connect, createServer, type Server, type Socket } from "node:net";

/**
 * Bytes pass both ways, as they come; ends and resets too. Small writes pass without delay:
 * Nagle's algorithm would hold each up by some 40 ms.
 */
export function roundRobin(ports: readonly number[]): Server {
  let next = 0;
  return createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const port = ports[next % ports.length] ?? 0;
    next += 1;
    const options = { host: "127.0.0.1", port, allowHalfOpen: true, noDelay: true };
    const server = connect(options);
    join(client, server);
    join(server, client);
  });
}

function join(from: Socket, to: Socket): void {
  from.pipe(to);
  from.on("error", () => to.resetAndDestroy());
  from.on("close", (failed) => {
    if (failed) to.resetAndDestroy();
  });
}
