// Both ends of a TCP connection in one process, over the loopback interface.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface Pair {
  /** The end that the server accepted. It reads nothing before it is asked to. */
  readonly server: Socket;
  /** The end that connected. */
  readonly client: Socket;
}

/** Opens a connection. Neither end closes its half just because the other did. */
export async function pair(): Promise<Pair> {
  // Without `pauseOnConnect` Node reads ahead, up to its high-water mark.
  const listener = createServer({ allowHalfOpen: true, pauseOnConnect: true });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  const client = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  const [[server]] = await Promise.all([
    once(listener, "connection"),
    once(client, "connect"),
  ]);
  listener.close();
  return { server, client };
}
