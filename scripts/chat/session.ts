// What the client knows of the chat, and what it says there by itself.

import { printable } from "../printable.ts";
import type { ConnectionEvent } from "./connection.ts";
import { type Command, type Event, parse, parseRooms, type Room } from "./protocol.ts";
import { Talk } from "./talk.ts";

/** The most characters of a line that are shown: step 18 allows 400, others a megabyte. */
const MAX_SHOWN = 8192;
/** What the client asks for by itself, as `/rooms` and `/users`. */
const LISTS = ["rooms", "users"] as const;
/** How often, in milliseconds; and how soon in a new room. */
const PAUSE = { same: 5000, entered: 1000 };

export class Session {
  readonly talk = new Talk();
  link: Exclude<ConnectionEvent, { kind: "lines" }> = { kind: "trying" };
  /** What the server's help text lists. */
  commands: Command[] = [];
  /** The server gives names, as steps from 9 on do; any other is a plain line server. */
  named = false;
  name: string | undefined;
  room: string | undefined;
  rooms: readonly Room[] = [];
  /** In the current room: all when `listed`, else those that spoke or moved. */
  users = new Set<string>();
  /** The server has listed the users of the current room. */
  listed = false;
  /** The last line belonged to a help text. */
  #inHelp = false;
  /** What to ask for after the greeting: the name, and the room that we were in. */
  #wantedName: string | undefined;
  #wantedRoom: string | undefined;
  /** Connected again, and not yet in a room. */
  #returning = false;
  /** Lists that the user has asked for; no others are shown. */
  #asked: string[] = [];
  /** When, and in which room, the client has asked by itself. */
  #askedAt = Number.NEGATIVE_INFINITY;
  #askedIn: string | undefined;

  /** @param name What to ask for as a name, if the server can be asked. */
  constructor(name?: string) {
    this.#wantedName = name;
  }

  /** Whether the server has a command, which is given without its slash. */
  knows(command: string): boolean {
    return this.commands.some(({ name }) => name === `/${command}`);
  }

  /** Takes what comes from the connection. */
  take(event: ConnectionEvent): void {
    if (event.kind === "lines") {
      for (const line of event.lines) this.#receive(line);
      return;
    }
    // Failed attempts are not news: the status line shows them.
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

  /** Sends what the user has typed. @returns false when there is no connection. */
  say(lines: readonly string[]): boolean {
    if (!this.#send(...lines)) return false;
    for (const line of lines) {
      const list = LISTS.find((name) => line.split(/\s/, 1)[0] === `/${name}`);
      if (list && this.knows(list)) this.#asked.push(list);
      // A chat sends back what we say; a plain line server may, or may not.
      if (!this.named) this.talk.add("own", printable(line));
    }
    return true;
  }

  /** Asks for rooms and users when it is time to, if the server can answer. */
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

  /** Without names before them, lines of other users could look like any event. */
  #understand(line: string): Event {
    const event = parse(line);
    const wasInHelp = this.#inHelp;
    this.#inHelp = event.kind === "help" || (wasInHelp && event.kind === "command");
    if (this.#inHelp || (wasInHelp && event.kind === "you are")) return event;
    return this.named && event.kind !== "command" ? event : { kind: "other", words: [] };
  }

  #isHidden({ kind }: Event): boolean {
    // On coming back the help text is no news.
    if (this.#inHelp) return this.#returning && !this.named;
    if (kind !== "rooms" && kind !== "users") return false;
    // When both the user and the client have asked, the first answer is as good.
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

  /** The server has given us a name: ask for the one that we want. */
  #greet(name: string): void {
    this.named = true;
    this.name = name;
    this.#leave();
    this.#wantedName ??= name;
    if (this.#wantedName === name) return;
    if (this.knows("name")) this.#send(`/name ${this.#wantedName}`);
    else this.talk.add("client", "This server gives the names itself");
  }

  /** We are in a room: after a reconnect, perhaps not in the one that we were in. */
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
