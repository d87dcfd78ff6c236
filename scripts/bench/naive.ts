// The naive chat that the bench compares with: one write for each line and member, sent
// immediately.
//
// With `nagle` it keeps Node's default for a server: the kernel holds small writes back while
// data is unacknowledged, and so coalesces what this program does not (Nagle's algorithm,
// RFC 896). That saves work, and costs 40 ms where the peer delays its acknowledgement.
import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";

const PORT = Number(process.env.PORT ?? 42069);
const rooms = new Map<string, Set<Socket>>();
let users = 0;

function send(room: string, line: string): void {
  for (const member of rooms.get(room) ?? []) member.write(`${line}\n`);
}

const noDelay = process.argv[2] !== "nagle";
const server = createServer({ noDelay }, (socket) => {
  let room = "main";
  users += 1;
  const name = `User${users}`;
  const enter = (to: string) => {
    room = to;
    send(room, `${name} joined`);
    const members = rooms.get(room) ?? new Set();
    rooms.set(room, members.add(socket));
    socket.write(`You joined ${room}\n`);
  };
  const leave = () => {
    rooms.get(room)?.delete(socket);
    if (rooms.get(room)?.size === 0) rooms.delete(room);
    else send(room, `${name} left`);
  };
  socket.write(`You are ${name}\n`);
  enter(room);
  socket.on("error", () => {});
  socket.on("close", leave);
  createInterface({ input: socket })
    .on("error", () => {})
    .on("line", (line) => {
      if (line.startsWith("/join ")) {
        leave();
        enter(line.slice(6));
      } else if (line === "/quit") {
        socket.end();
      } else {
        send(room, `${name}: ${line}`);
      }
    });
});
server.listen(PORT, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object") console.log(`listening on 127.0.0.1:${address?.port}`);
});
