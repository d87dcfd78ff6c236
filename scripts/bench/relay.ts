// Relays bytes, with one write for each member: the cost of a server that parses nothing. One
// that coalesces its writes, as 17 does, delivers more.
//
// It looks for no lines and adds no names: what its sockets have read in one iteration of the
// event loop goes to all members of their room in one write. No chat on Node can do less.
import { createServer, type Socket } from "node:net";

const PORT = Number(process.env.PORT ?? 42069);

interface Room {
  readonly members: Set<Socket>;
  waiting: Buffer[];
}

const rooms = new Map<string, Room>();

function pass(room: Room, bytes: Buffer): void {
  if (room.waiting.push(bytes) > 1) return;
  setImmediate(() => {
    const all = Buffer.concat(room.waiting);
    room.waiting = [];
    for (const member of room.members) member.write(all);
  });
}

const server = createServer({ noDelay: true }, (socket) => {
  let room: Room | undefined;
  socket.write("You are Relay\n");
  socket.on("error", () => {});
  socket.on("close", () => room?.members.delete(socket));
  socket.on("data", (bytes) => {
    if (room) return pass(room, bytes);
    const name = bytes.toString().replace("/join ", "").trimEnd();
    room = rooms.get(name) ?? { members: new Set(), waiting: [] };
    rooms.set(name, room);
    room.members.add(socket);
    socket.write(`You joined ${name}\n`);
  });
});
server.listen(PORT, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object") console.log(`listening on 127.0.0.1:${address?.port}`);
});
