// r4-poll, before the server: the program that opens mio's documentation. A listener and a
// client of it share a loop, each with its own token.

import { TcpListener, TcpStream } from "../shared/poll/net.ts";
import { Events } from "../shared/poll/readiness/events.ts";
import { READABLE, WRITABLE } from "../shared/poll/readiness/interest.ts";
import { openPoll } from "../shared/poll/readiness/pollers.ts";

const SERVER = 0;
const CLIENT = 1;

const poll = openPoll();
const events = new Events(128);

const server = TcpListener.listen("127.0.0.1", 0);
poll.registry.register(server, SERVER, READABLE);

const client = TcpStream.connect("127.0.0.1", server.localAddress().port);
poll.registry.register(client, CLIENT, READABLE | WRITABLE);

for (let connected = true; connected; ) {
  poll.poll(events, null);
  for (const event of events) {
    switch (event.token) {
      case SERVER:
        // An edge is reported once, so we accept until no client is waiting.
        for (;;) {
          const connection = server.accept();
          if (typeof connection === "string") break;
          console.log("server: accepted a client");
          connection.close();
        }
        break;
      case CLIENT:
        if (event.isReadable) {
          console.log(`client: reading says "${client.read(new Uint8Array(1))}"`);
          connected = false;
        } else if (event.isWritable) {
          // A failed connection is writable, too.
          const error = client.takeError();
          if (error) throw error;
          // It stays writable, and that is not reported again.
          console.log("client: connected");
        }
        break;
    }
  }
}
client.close();
server.close();
poll.close();
