// What the client knows about the chat, and what it sends on its own.

import { printable } from "../printable.ts";
import type { ConnectionEvent } from "./connection.ts";
import { type Command, type Event, parse, parseRooms, type Room } from "./protocol.ts";
import { Talk } from "./talk.ts";

/** The most characters of a line to show: step 18 allows 400, other steps a megabyte. */
const MAX_SHOWN = 8192;
/** The lists that the client requests on its own, with `/rooms` and `/users`. */
const LISTS = ["rooms", "users"] as const;
/** How often it requests them, in milliseconds; and how soon after entering a new room. */
const PAUSE = { same: 5000, entered: 1000 };

export class Session {
  readonly talk = new Talk();
  link: Exclude<ConnectionEvent, { kind: "lines" }> = { kind: "trying" };
  /** The commands in the server's help text. */
  commands: Command[] = [];
  /** Whether the server gives names, as steps from 9 on do; others are line servers. */
  named = false;
  name: string | undefined;
  room: string | undefined;
  rooms: readonly Room[] = [];
  /** In the current room: all if `listed`, otherwise those that spoke or moved. */
  users = new Set<string>();
  /** The server has listed the users of the current room. */
  listed = false;
  /** The last line was part of a help text. */
  #inHelp = false;
  /** What to request after the greeting: the name, and the room that we were in. */
  #wantedName: string | undefined;
  #wantedRoom: string | undefined;
  /** Reconnected, but not in a room yet. */
  #returning = false;
  /** Lists that the user has requested; no others are shown. */
  #asked: string[] = [];
  /** When, and in which room, the client last requested lists on its own. */
  #askedAt = Number.NEGATIVE_INFINITY;
  #askedIn: string | undefined;

  /** @param name The name to ask for, if the server has a command for it. */
  constructor(name?: string) {
    this.#wantedName = name;
  }

  /** Whether the server has a command. @param command Its name, without the slash. */
  knows(command: string): boolean {
    return this.commands.some(({ name }) => name === `/${command}`);
  }

  /** Handles an event of the connection. */
  take(event: ConnectionEvent): void {
    if (event.kind === "lines") {
      for (const line of event.lines) this.#receive(line);
      return;
    }
    // Failed attempts go to the status line only.
    if (event.kind === "lost" && this.link.kind === "connected") {
      this.talk.add("client", `Lost the connection: ${event.reason}`);
      this.#returning = true;
    }
    this.link = event;
    if (event.kind !== "connected") return;
    if (this.#returning) this.talk.add("client", "Connected again");
    [this.commands, this.rooms, this.#asked] = [[], [], []];
    [this.named, this.#inHelp] = [false, false];
    this.#askedAt = Number.NEGATIVE_INFINITY;
    this.#leave();
  }

  /** Sends the user's lines. @returns false when there is no connection. */
  say(lines: readonly string[]): boolean {
    if (!this.#send(...lines)) return false;
    for (const line of lines) {
      const list = LISTS.find((name) => line.split(/\s/, 1)[0] === `/${name}`);
      if (list && this.knows(list)) this.#asked.push(list);
      // A chat sends our lines back; a plain line server may or may not.
      if (!this.named) this.talk.add("own", printable(line));
    }
    return true;
  }

  /** Requests rooms and users when they are due, if the server has the commands. */
  tick(now: number): void {
    const lists = LISTS.filter((list) => this.knows(list));
    const pause = this.room === this.#askedIn ? PAUSE.same : PAUSE.entered;
    if (this.room === undefined || now - this.#askedAt < pause) return;
    [this.#askedAt, this.#askedIn] = [now, this.room];
    this.#send(...lists.map((list) => `/${list}`));
  }

  #send(...lines: string[]): boolean {
    if (this.link.kind !== "connected") return false;
    if (lines.length > 0) this.link.send(lines);
    return true;
  }

  #receive(line: string): void {
    const cut = line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}…` : line;
    const text = printable(cut);
    const event = this.#understand(text);
    const [name] = event.words;
    const own = name === this.name;
    if (event.kind === "said") this.talk.add(own ? "own" : "said", text, name);
    else if (!this.#isHidden(event)) this.talk.add("notice", text);
    this.#learn(event);
  }

  /** Without a name in front, a line of another user could look like any event. */
  #understand(line: string): Event {
    const event = parse(line);
    const wasInHelp = this.#inHelp;
    this.#inHelp = event.kind === "help" || (wasInHelp && event.kind === "command");
    if (this.#inHelp || (wasInHelp && event.kind === "you are")) return event;
    return this.named && event.kind !== "command" ? event : { kind: "other", words: [] };
  }

  #isHidden({ kind }: Event): boolean {
    // After a reconnect the help text is not news.
    if (this.#inHelp) return this.#returning && !this.named;
    if (kind !== "rooms" && kind !== "users") return false;
    // When the user and the client have both asked, the first answer will do.
    const index = this.#asked.indexOf(kind);
    this.#asked = this.#asked.filter((_, at) => at !== index);
    return index === -1;
  }

  #learn({ kind, words: [name = "", other] }: Event): void {
    switch (kind) {
      case "help":
        this.commands = [];
        break;
      case "command":
        this.commands.push({ name, argument: other });
        break;
      case "you are":
        this.#greet(name);
        break;
      case "said":
        this.users.add(name);
        break;
      case "renamed":
        if (name === this.name) this.name = this.#wantedName = other;
        this.users.delete(name);
        this.users.add(other ?? name);
        break;
      case "joined":
        if (other && (name === this.name || name === "You")) this.#enter(other);
        else this.users.add(name);
        break;
      case "left":
        this.users.delete(name);
        break;
      case "rooms":
        this.rooms = parseRooms(name);
        break;
      case "users":
        this.users = new Set(name.split(", "));
        this.listed = true;
    }
  }

  #leave(): void {
    this.room = undefined;
    this.users = new Set(this.name === undefined ? [] : [this.name]);
    this.listed = false;
  }

  /** The server has given us a name: requests the one that we want. */
  #greet(name: string): void {
    this.named = true;
    this.name = name;
    this.#leave();
    this.#wantedName ??= name;
    if (this.#wantedName === name) return;
    if (this.knows("name")) this.#send(`/name ${this.#wantedName}`);
    else this.talk.add("client", "This server gives the names itself");
  }

  /** We are in a room; after a reconnect, maybe not the one that we were in. */
  #enter(room: string): void {
    this.#leave();
    this.room = room;
    if (!this.rooms.some(({ name }) => name === room)) {
      this.rooms = [...this.rooms, { name: room, size: undefined }];
    }
    const goesOn = this.#returning && this.#wantedRoom !== room && this.knows("join");
    this.#returning = false;
    if (goesOn) this.#send(`/join ${this.#wantedRoom}`);
    else this.#wantedRoom = room;
  }
}
