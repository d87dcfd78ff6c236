// A room is removed from the table after an await, and a user joins it before that.
// Page: docs/15-empty-rooms.md

class Room {
  readonly users = new Set<string>();

  say(user: string): void {
    console.log(`${user} says hello, and is heard by ${[...this.users].join(" and ")}`);
  }
}

class Rooms {
  readonly #rooms = new Map<string, Room>();

  join(name: string, user: string): Room {
    const found = this.#rooms.get(name);
    const room = found ?? new Room();
    this.#rooms.set(name, room);
    room.users.add(user);
    console.log(`${user} joins ${found ? "the room there is" : "a new room"}`);
    return room;
  }

  async leave(name: string, room: Room, user: string): Promise<void> {
    room.users.delete(user);
    console.log(`${user} leaves, ${room.users.size} in the room`);
    if (room.users.size === 0) {
      await noteInLog(`${name} is empty`);
      this.#rooms.delete(name);
      console.log(`${name} is off the table`);
    }
  }

  list(): string {
    return [...this.#rooms.keys()].join(", ") || "none";
  }
}

/** Stands for anything that takes a while. */
async function noteInLog(_: string): Promise<void> {
  await new Promise(setImmediate);
}

const rooms = new Rooms();
const first = rooms.join("attic", "ann");
const leaving = rooms.leave("attic", first, "ann");
const second = rooms.join("attic", "bob");
await leaving;
const third = rooms.join("attic", "eve");
second.say("bob");
third.say("eve");
await rooms.leave("attic", second, "bob");
console.log(`rooms: ${rooms.list()}`);
third.say("eve");
