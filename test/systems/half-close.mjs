// Sends 16 MB to a client, whether it has finished sending or not, and then ends. It says when
// the client takes no more, and when it has finished sending.
import { createServer } from "node:net";

const CHUNK = Buffer.alloc(64_000, "x");
const CHUNKS = 250;
/** A client that reads takes some in this time, in milliseconds. */
const FULL = 500;

const server = createServer({ allowHalfOpen: true }, (socket) => {
  let sent = 0;
  let timer;
  const send = () => {
    clearTimeout(timer);
    while (sent < CHUNKS) {
      sent += 1;
      if (socket.write(CHUNK)) continue;
      timer = setTimeout(() => console.log("full"), FULL);
      return;
    }
    socket.end();
  };
  socket.on("drain", send).on("error", (error) => console.log(error.code));
  socket.on("end", () => console.log("half-closed")).resume();
  send();
});
server.listen(0, "127.0.0.1", () => {
  console.log(`listening on 127.0.0.1:${server.address().port}`);
});
