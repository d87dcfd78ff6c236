// r4-poll, before the server: the program with which mio's documentation begins. A listener
// and a client of it in one loop, each under a token of its own.

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
        // An edge is reported once: we accept until nobody waits any more.
        for (;;) {
          const connection = server.accept();
          if (typeof connection === "string") break;
          console.log("server: a client is here, and that is enough");
          connection.close();
        }
        break;
      case CLIENT:
        if (event.isReadable) {
          console.log(`client: reading says "${client.read(new Uint8Array(1))}"`);
          connected = false;
        } else if (event.isWritable) {
          // It is writable as well when the connection has failed.
          const error = client.takeError();
          if (error) throw error;
          // It stays writable, and that is not reported again.
          console.log("client: I am connected");
        }
        break;
    }
  }
}
client.close();
server.close();
poll.close();
