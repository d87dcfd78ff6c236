// Several servers of one chat behind one address, as a program:
//
//   node many.ts SERVER.js COUNT [options of the servers]
//
// With BROKER they share that broker. Each has its line in the log of this process. It prints
// where it listens, as a server does, and all that it has started ends with it.
import type { AddressInfo } from "node:net";
import { startServer } from "../../behaviours/server.ts";
import { Broker, findNats } from "./broker.ts";
import { roundRobin } from "./round-robin.ts";

const [file = "", count = "2", ...flags] = process.argv.slice(2);
const nats = findNats();
const needsBroker = file.includes("m2-many");
if (needsBroker && nats === undefined) throw new Error("There is no nats-server");
const broker = needsBroker && nats ? await new Broker(nats).start() : undefined;
const command = [process.execPath, ...process.execArgv, file, ...flags];
const env = { ...(broker && { BROKER: broker.address }) };
const servers = await Promise.all(
  Array.from({ length: Number(count) }, () => startServer({ command, env })),
);
for (const { process: server } of servers) {
  void server.ended.then((code) => {
    console.error(
      `a server ended with ${code}: ${server.output().trim().split("\n").at(-1)}`,
    );
  });
}
const proxy = roundRobin(servers.map(({ port }) => port));
proxy.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => {
  const { port } = proxy.address() as AddressInfo;
  console.log(`listening on 127.0.0.1:${port}`);
});
