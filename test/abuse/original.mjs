// A chat server of the kind that inspired this book: rooms, names and a help text in the words of
// step 16, a broadcast with a bounded buffer, and hardly a limit. It takes no flags. It is here for
// the tests of step 18, which must fail against it.
import { createServer } from "node:net";

const HELP = [
  "Server commands",
  "  /help - prints this message",
  "  /name {name} - change name",
  "  /rooms - list rooms",
  "  /join {room} - joins room",
  "  /users - lists users in current room",
  "  /quit - quits server",
];
const WORD = /^[A-Za-z0-9_-]{2,20}$/;
/** How many messages a receiver may be behind. */
const CAPACITY = 1024;

const names = new Set();
const rooms = new Map();
let joined = 0;

function roomOf(name) {
  const room = rooms.get(name) ?? { name, users: new Set() };
  rooms.set(name, room);
  return room;
}

function broadcast(room, line) {
  for (const user of room.users) user.receive(line);
}

/** A user takes no more than CAPACITY messages while its socket takes none. */
class User {
  #waiting = [];
  #missed = 0;

  constructor(socket) {
    joined += 1;
    this.socket = socket;
    this.name = `User${String.fromCharCode(65 + (joined % 26))}${joined}`;
    names.add(this.name);
    socket.on("drain", () => this.#drain());
  }

  receive(line) {
    this.#waiting.push(line);
    if (this.#waiting.length > CAPACITY) {
      this.#waiting.shift();
      this.#missed += 1;
    }
    this.#drain();
  }

  #drain() {
    while (!this.socket.writableNeedDrain && !this.socket.destroyed) {
      if (this.#missed > 0) {
        const missed = this.#missed;
        this.#missed = 0;
        this.socket.write(`Server is very busy and dropped ${missed} messages, sorry!\n`);
      } else if (this.#waiting.length > 0)
        this.socket.write(`${this.#waiting.shift()}\n`);
      else return;
    }
  }

  join(room) {
    this.room = room;
    room.users.add(this);
    broadcast(room, `${this.name} joined ${room.name}`);
  }

  leave() {
    const { room } = this;
    room.users.delete(this);
    broadcast(room, `${this.name} left ${room.name}`);
    if (room.users.size === 0) rooms.delete(room.name);
  }
}

function obey(user, line) {
  const [command, word = ""] = line.split(" ");
  switch (command) {
    case "/help":
      return HELP;
    case "/name": {
      if (!WORD.test(word)) return ["Name must be 2 - 20 alphanumeric chars"];
      if (names.has(word)) return [`${word} is already taken`];
      names.delete(user.name);
      names.add(word);
      broadcast(user.room, `${user.name} is now ${word}`);
      user.name = word;
      return [];
    }
    case "/join": {
      if (!WORD.test(word)) return ["Room must be 2 - 20 alphanumeric chars"];
      if (word === user.room.name) return [`You already are in ${word}`];
      user.leave();
      user.join(roomOf(word));
      return [];
    }
    case "/rooms": {
      const all = [...rooms.values()].sort(
        (a, b) => b.users.size - a.users.size || (a.name < b.name ? -1 : 1),
      );
      return [
        `Rooms - ${all.map((one) => `${one.name} (${one.users.size})`).join(", ")}`,
      ];
    }
    case "/users":
      return [
        `Users - ${Array.from(user.room.users, (one) => one.name)
          .sort()
          .join(", ")}`,
      ];
    default:
      return [`Unrecognized command ${command}, try /help`];
  }
}

const server = createServer({ noDelay: true }, (socket) => {
  const user = new User(socket);
  socket.on("error", () => {}).setEncoding("utf8");
  socket.write(`${HELP.join("\n")}\nYou are ${user.name}\n`);
  user.join(roomOf("main"));
  let rest = "";
  socket.on("data", (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const whole of lines) {
      const line = whole.replace(/\r$/, "");
      if (line === "/quit") return socket.end();
      if (line.startsWith("/"))
        for (const answer of obey(user, line)) user.receive(answer);
      else if ([...line].length > 400)
        user.receive("Messages can only be 400 chars long");
      else broadcast(user.room, `${user.name}: ${line}`);
    }
  });
  // The codec gives the last line too, whether it has an end or not.
  socket.on("end", () => rest && broadcast(user.room, `${user.name}: ${rest}`));
  socket.on("close", () => {
    user.leave();
    names.delete(user.name);
  });
});
server.listen(Number(process.env.PORT ?? 42069), "127.0.0.1", () => {
  console.log(`listening on 127.0.0.1:${server.address().port}`);
});
