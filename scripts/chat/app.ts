// The client: joins the connection, the state, the keys and the screen.
import type { ReadStream, WriteStream } from "node:tty";
import { CLOCK, Connection, type ConnectionEvent } from "./connection.ts";
import { type Editor, EMPTY_EDITOR, edit, take } from "./editor.ts";
import { draw, type Frame } from "./frame.tsx";
import { type Action, readKeys } from "./keys.ts";
import { paint } from "./painter.ts";
import { type Anchor, scroll } from "./scroll.ts";
import { type Input, initialState, reduce } from "./state.ts";
import { enterScreen } from "./terminal.ts";
import { windowOf } from "./view.ts";

/** No more than thirty frames a second: nobody reads faster. */
const FRAME_MS = 1000 / 30;
/** How often the clock of the status line goes on, and questions are thought of. */
const TICK_MS = 1000;

export interface AppOptions {
  readonly host: string;
  readonly port: number;
  /** What to ask for as a name. */
  readonly name?: string | undefined;
  readonly input: ReadStream;
  readonly output: WriteStream;
}

export class App {
  readonly #options: AppOptions;
  readonly #connection: Connection;
  #state;
  #editor: Editor = EMPTY_EDITOR;
  #anchor: Anchor | undefined;
  #hint = "";
  #frame: Frame | undefined;
  #paintedAt = Number.NEGATIVE_INFINITY;
  #cancelPaint: (() => void) | undefined;
  #open = false;
  #quit = () => {};

  constructor(options: AppOptions) {
    const { host, port, name } = options;
    this.#options = options;
    this.#state = initialState(name);
    const listen = (event: ConnectionEvent) => this.#take(event);
    this.#connection = new Connection({ host, port, listen });
  }

  /** Makes the first connection. @throws {Error} Its message says why there is none. */
  connect(): Promise<void> {
    return this.#connection.open();
  }

  /** Shows the screen, until somebody quits. */
  async run(): Promise<void> {
    const { input, output } = this.#options;
    const quit = new Promise<void>((resolve) => {
      this.#quit = resolve;
    });
    const leave = enterScreen(input, output);
    const crash = (error: unknown) => {
      leave();
      console.error(error);
      process.exit(1);
    };
    const repaint = () => this.#repaint();
    process.on("uncaughtException", crash);
    for (const signal of SIGNALS) process.on(signal, this.#quit);
    output.on("resize", repaint);
    // The terminal is gone.
    input.on("end", this.#quit).on("error", this.#quit);
    const stopReading = readKeys(input, (actions) => this.#act(actions));
    const timer = setInterval(() => this.#tick(), TICK_MS);
    this.#open = true;
    this.#repaint();

    await quit;
    this.#open = false;
    this.#cancelPaint?.();
    clearInterval(timer);
    stopReading();
    output.off("resize", repaint);
    this.#connection.close();
    leave();
  }

  /** Takes what happens into the state, and sends what follows from it. */
  #take(input: Input): void {
    const step = reduce(this.#state, input);
    this.#state = step.state;
    if (step.send.length > 0) this.#connection.send(step.send);
    if (input.kind === "lines") this.#take({ kind: "tick", now: CLOCK.now() });
    this.#schedule();
  }

  #tick(): void {
    this.#take({ kind: "tick", now: CLOCK.now() });
  }

  #act(actions: readonly Action[]): void {
    this.#hint = "";
    for (const action of actions) this.#do(action);
    this.#schedule();
  }

  #do(action: Action): void {
    switch (action.kind) {
      case "quit":
        this.#quit();
        break;
      case "delete or quit":
        if (this.#editor.text === "") this.#quit();
        else this.#editor = edit(this.#editor, { kind: "delete" });
        break;
      case "redraw":
        this.#repaint();
        break;
      case "scroll": {
        const window = windowOf(this.#view());
        // A row stays, to go on reading from.
        const rows = action.by * (window.height - 1);
        this.#anchor = scroll(window, this.#anchor, rows);
        break;
      }
      case "submit":
        this.#submit();
        break;
      case "paste":
        this.#editor = edit(this.#editor, { kind: "insert", text: action.text });
        if (action.text.includes("\n")) this.#submit();
        break;
      case "complete": {
        const { dialect, users, rooms, name } = this.#state;
        const vocabulary = {
          commands: dialect.commands,
          users: users.filter((user) => user !== name),
          rooms: rooms.map((room) => room.name),
        };
        this.#editor = edit(this.#editor, { ...action, vocabulary });
        break;
      }
      default:
        this.#editor = edit(this.#editor, action);
    }
  }

  /** Sends what is in the input line; without a connection it stays there. */
  #submit(): void {
    const { editor, lines } = take(this.#editor);
    const end = lines.findIndex((line) => line.trim() === "/quit");
    if (end !== -1) {
      this.#connection.send(lines.slice(0, end));
      this.#quit();
      return;
    }
    if (!this.#connection.send(lines)) {
      if (lines.length > 0) this.#hint = "not sent, no connection";
      return;
    }
    this.#editor = editor;
    this.#anchor = undefined;
    this.#take({ kind: "sent", lines, now: CLOCK.now() });
  }

  #view() {
    const { host, port, output } = this.#options;
    return {
      state: this.#state,
      editor: this.#editor,
      anchor: this.#anchor,
      address: host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`,
      hint: this.#hint,
      now: CLOCK.now(),
      size: { columns: output.columns, rows: output.rows },
      colours: output.hasColors(),
    };
  }

  #repaint(): void {
    this.#frame = undefined;
    this.#schedule();
  }

  #schedule(): void {
    if (!this.#open || this.#cancelPaint) return;
    const wait = Math.max(0, this.#paintedAt + FRAME_MS - CLOCK.now());
    this.#cancelPaint = CLOCK.after(wait, () => {
      this.#cancelPaint = undefined;
      this.#paintedAt = CLOCK.now();
      const frame = draw(this.#view());
      const bytes = paint(this.#frame, frame);
      this.#frame = frame;
      if (bytes !== "") this.#options.output.write(bytes);
    });
  }
}

/** All that ask a program to end. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
