// The client application: connects the connection, the session, the keys and the screen.
import { once } from "node:events";
import { emitKeypressEvents, type Key } from "node:readline";
import { type ConnectionEvent, connection } from "./connection.ts";
import { Editor } from "./editor.ts";
import { draw } from "./frame.ts";
import { Keys } from "./keys.ts";
import { Screen } from "./screen.ts";
import { Session } from "./session.ts";
import { coloured, plain } from "./style.ts";
import { talkSize } from "./view.ts";

/** At most thirty frames a second: nobody reads faster. */
const FRAME_MS = 1000 / 30;
/** How often the status line updates its clock, and the session may ask for its lists. */
const TICK_MS = 1000;
/** The signals that ask a program to end. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const { stdin, stdout, env } = process;

export class App {
  readonly #session: Session;
  readonly #events: AsyncGenerator<ConnectionEvent, void>;
  readonly #screen = new Screen(stdin, stdout);
  readonly #editor = new Editor();
  readonly #keys = new Keys();
  readonly #end = new AbortController();
  readonly #view;
  #timer: NodeJS.Timeout | undefined;

  /** @param name The name to ask for. */
  constructor(host: string, port: number, name?: string) {
    this.#session = new Session(name);
    this.#events = connection(host, port, this.#end.signal);
    this.#view = {
      session: this.#session,
      editor: this.#editor,
      address: host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`,
      hint: "",
      size: stdout,
      // NO_COLOR (https://no-color.org) takes precedence over FORCE_COLOR; hasColors
      // differs.
      style: !env.NO_COLOR && stdout.hasColors() ? coloured : plain,
    };
  }

  /** Connects for the first time. @returns the reason for a failure, or undefined. */
  async connect(): Promise<string | undefined> {
    const { value } = await this.#events.next();
    if (value) this.#session.take(value);
    return value?.kind === "lost" ? value.reason : undefined;
  }

  /** Takes over the terminal until the user quits. */
  async run(): Promise<void> {
    for (const signal of SIGNALS) process.on(signal, this.#quit);
    this.#screen.enter();
    emitKeypressEvents(stdin);
    stdin.on("keypress", (text, key) => this.#type(text, key));
    // The terminal has closed.
    stdin.on("end", this.#quit).on("error", this.#quit);
    stdout.on("resize", this.#repaint);
    const clock = setInterval(() => this.#tick(), TICK_MS);
    this.#repaint();
    void this.#listen();
    await once(this.#end.signal, "abort");
    clearInterval(clock);
    clearTimeout(this.#timer);
    stdin.pause();
    this.#screen.leave();
  }

  async #listen(): Promise<void> {
    for await (const event of this.#events) {
      if (this.#end.signal.aborted) return;
      this.#session.take(event);
      this.#tick();
    }
  }

  #tick(): void {
    this.#session.tick(performance.now());
    this.#schedule();
  }

  #type(text: string | undefined, key: Key): void {
    const typed = this.#keys.read(text, key);
    if (typed === undefined) return;
    this.#view.hint = "";
    if ("key" in typed) this.#actions[typed.key]?.();
    else {
      this.#editor.insert(typed.text);
      if (typed.text.includes("\n")) this.#submit();
    }
    this.#schedule();
  }

  readonly #quit = () => this.#end.abort();
  readonly #repaint = () => {
    this.#screen.forget();
    this.#schedule();
  };
  readonly #actions: Readonly<Record<string, () => void>> = {
    ...this.#editor.keys,
    return: () => this.#submit(),
    // A line feed: Ctrl-J, or a line end pasted without bracketed paste.
    enter: () => this.#submit(),
    tab: () => this.#complete(1),
    "shift tab": () => this.#complete(-1),
    // One row stays visible, as the place to continue reading.
    pageup: () => this.#session.talk.scroll(1 - talkSize(stdout).rows),
    pagedown: () => this.#session.talk.scroll(talkSize(stdout).rows - 1),
    "ctrl c": this.#quit,
    "ctrl d": () =>
      this.#editor.text === "" ? this.#quit() : this.#editor.keys.delete?.(),
    "ctrl l": this.#repaint,
  };

  #complete(by: 1 | -1): void {
    const { commands, users, rooms, name } = this.#session;
    this.#editor.complete(by, {
      commands,
      users: [...users].filter((user) => user !== name).sort(),
      rooms: rooms.map((room) => room.name),
    });
  }

  /** Sends the input line, which is kept if there is no connection. */
  #submit(): void {
    const { lines } = this.#editor;
    const end = lines.findIndex((line) => line.trim() === "/quit");
    const sent = this.#session.say(end === -1 ? lines : lines.slice(0, end));
    if (end !== -1) this.#quit();
    else if (sent) {
      this.#editor.clear();
      this.#session.talk.follow();
    } else if (lines.length > 0) this.#view.hint = "not sent, no connection";
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#screen.show(draw({ ...this.#view, now: performance.now() }));
    }, FRAME_MS);
  }
}
