// Sends 16 MB to a client, whether it has finished sending or not, and then ends.
import { createServer } from "node:net";

const CHUNK = Buffer.alloc(64_000, "x");
const CHUNKS = 250;

const server = createServer({ allowHalfOpen: true }, (socket) => {
  let sent = 0;
  const send = () => {
    while (sent < CHUNKS) {
      sent += 1;
      if (!socket.write(CHUNK)) return;
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
