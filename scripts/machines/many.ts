// Several servers of one chat behind one address, as a program:
//
//   node many.ts COUNT COMMAND [options of the servers]
//
// They use a broker of their own, through BROKER, if nats-server is installed. The program
// prints its address as a server does, and everything that it has started ends with it.
import type { AddressInfo } from "node:net";
import { startServer } from "../../behaviours/server.ts";
import { saidBy, started } from "../server-error.ts";
import { Broker, findNats } from "./broker.ts";
import { roundRobin } from "./round-robin.ts";

const [count = "2", ...command] = process.argv.slice(2);
const nats = findNats();
const broker = nats ? await new Broker(nats).start() : undefined;
const env = { ...(broker && { BROKER: broker.address }) };
const servers = await Promise.all(
  Array.from({ length: Number(count) }, () =>
    started("a server", startServer({ command, env })),
  ),
).catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
for (const { process: server } of servers) {
  void server.ended.then((code) => {
    console.error(`a server ended with ${code}${saidBy(server.output())}`);
  });
}
const proxy = roundRobin(servers.map(({ port }) => port));
proxy.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => {
  const { port } = proxy.address() as AddressInfo;
  console.log(`listening on 127.0.0.1:${port}`);
});
