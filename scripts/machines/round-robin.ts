// A round-robin proxy in front of several servers: each connection goes to the next server.
import { connect, createServer, type Server, type Socket } from "node:net";

/**
 * Passes bytes both ways as they arrive, and also FIN and RST. Small writes pass without
 * delay: Nagle's algorithm would hold each up by some 40 ms.
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
