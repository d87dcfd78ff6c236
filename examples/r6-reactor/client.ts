// r6-reactor: the handler of one client, with its socket, timer and state.
import type { FileResult } from "../shared/file-worker.ts";
import { problem, responseHead } from "../shared/http.ts";
import type { TcpStream } from "../shared/poll/net.ts";
import { READABLE, WRITABLE } from "../shared/poll/readiness/interest.ts";
import type { Token } from "../shared/poll/token.ts";
import {
  type Act,
  DEADLINES,
  type Event,
  IDLE,
  next,
  type Request,
  type State,
} from "./connection.ts";
import { EventHandler, READINESS, type Readiness } from "./handler.ts";
import { requestOf } from "./routes.ts";
import type { ClientHandle, Service } from "./service.ts";

const NOTHING = Buffer.alloc(0);

export class Client extends EventHandler implements ClientHandle {
  readonly token: Token;
  readonly #service: Service;
  readonly #stream: TcpStream;
  #state: State = IDLE;
  /** Input that has not been consumed: not parsed yet, or incomplete. */
  #left: Buffer = NOTHING;
  /** The socket is drained: reading again is pointless before the next event. */
  #isDrained = false;
  /** The client has finished sending. */
  #isFinished = false;
  /** How many more bytes may be read in this turn. */
  #readLeft = 0;
  /** A step was taken in this turn, perhaps back to the same state. */
  #hasMoved = false;
  /** A file worker's result that has not been handled yet. */
  #result: FileResult | undefined;

  constructor(service: Service, stream: TcpStream) {
    super();
    this.#service = service;
    this.#stream = stream;
    service.clients.add(this);
    const { loop, timeouts } = service;
    // Registers both directions once: edge-triggered, an unused interest costs nothing.
    this.token = loop.reactor.register(this, stream, READABLE | WRITABLE);
    loop.setTimer(this, timeouts.idle);
  }

  // #region handle
  handle(readiness: Readiness): boolean {
    if (readiness & READINESS.readClosed) this.#isFinished = true;
    if (readiness & READINESS.readable) this.#isDrained = false;
    // A client waiting for a file does not read, so this is how it notices a reset.
    if (readiness & (READINESS.writeClosed | READINESS.unwatched)) {
      this.#transition({ is: "reset" });
    }
    if (readiness & READINESS.time) this.#transition({ is: "late" });
    if (readiness & READINESS.message) this.#answered();
    const isMore = this.#proceed();
    // Within a turn the clock stands still, so only the state at its end needs a timer.
    if (this.#hasMoved) this.#setTimer();
    this.#hasMoved = false;
    return isMore;
  }
  // #endregion handle

  take(result: FileResult): void {
    this.#result = result;
    this.#service.loop.notify(this, READINESS.message);
  }

  leave(): void {
    if (this.#state.is === "idle") this.#transition({ is: "late" });
  }

  // #region proceed
  /** Runs until it would block. @returns Whether its budget ran out first. */
  #proceed(): boolean {
    const { input, options, readBudget } = this.#service;
    this.#readLeft = readBudget;
    input.begin(this.#left);
    let isBlocked = false;
    for (let step = 0; step < options.budget && this.#readLeft > 0; step += 1) {
      const event = this.#attempt();
      isBlocked = event === "blocked";
      if (isBlocked) break;
      if (typeof event === "object") this.#transition(event);
    }
    this.#left = input.end();
    return !isBlocked;
  }
  // #endregion proceed

  /** Tries what the state is waiting for; "again" if there is new input to parse. */
  #attempt(): Event | "blocked" | "again" {
    const { input } = this.#service;
    const state = this.#state;
    switch (state.is) {
      case "idle":
        input.skipEmptyLines();
        return input.isEmpty ? this.#read() : { is: "bytes" };
      case "head":
        return this.#readHead() ?? this.#read();
      case "body":
        return this.#readBody(state.request) ?? this.#read();
      case "writing": {
        const count = this.#stream.write(state.bytes);
        if (count === "blocked") return "blocked";
        return count === "reset" ? { is: "reset" } : { is: "sent", count };
      }
      case "lingering":
        input.from = input.to;
        return this.#read();
      case "delayed":
      case "waiting":
      case "closed":
        return "blocked";
      default:
        return state satisfies never;
    }
  }

  #read(): Event | "blocked" | "again" {
    if (this.#isDrained) return "blocked";
    const { read, isDrained } = this.#service.input.read(this.#stream, this.#readLeft);
    if (read === "blocked") return "blocked";
    if (read === "end" || read === "reset") return { is: read };
    // Later bytes raise a new event.
    this.#isDrained = isDrained && !this.#isFinished;
    this.#readLeft -= read;
    return "again";
  }

  /** Parses the head. @returns Undefined while it is incomplete. */
  #readHead(): Event | undefined {
    const { head, input, options } = this.#service;
    const result = head.read(input.bytes, input.from, input.to);
    if (result === "more") return undefined;
    const request = result === "whole" ? requestOf(head, options["body-limit"]) : result;
    if (typeof request === "number") {
      return { is: "refused", status: request, method: head.method };
    }
    input.from += head.length;
    return { is: "request", request };
  }

  /** Reads the body. @returns Undefined while it is incomplete. */
  #readBody({ body, method }: Request): Event | undefined {
    const { input } = this.#service;
    const whole = { at: input.from, is: "whole" } as const;
    const result = body?.read(input.bytes, input.from, input.to) ?? whole;
    input.from = result.at;
    if (result.is === "more") return undefined;
    if (result.is === "whole") return { is: "body" };
    return { is: "refused", status: result.is, method };
  }

  /** Applies an event: moves to the next state, and performs the act that goes with it. */
  #transition(event: Event): void {
    if (this.#state.is === "closed") return;
    const { state, act } = next(this.#state, event);
    this.#state = state;
    this.#hasMoved = true;
    if (act) this.#perform(act);
    // While stopping, no new request may begin.
    if (this.#service.isStopping && state.is === "idle") this.#transition({ is: "late" });
  }

  #setTimer(): void {
    const { loop, timeouts } = this.#service;
    const deadline = DEADLINES[this.#state.is];
    if (deadline === undefined) loop.clearTimer(this);
    else if (deadline !== "delay") loop.setTimer(this, timeouts[deadline]);
    else if (this.#state.is === "delayed") loop.setTimer(this, this.#state.request.delay);
  }

  #perform(act: Act): void {
    switch (act.do) {
      case "answer":
        this.#answer(act.request);
        break;
      case "refuse":
        this.#say(problem(act.status, act.method));
        break;
      case "more":
        this.#service.files.read(this, act.into);
        break;
      case "finish":
        this.#stream.shutdown();
        break;
      case "close":
      case "reset":
        this.#drop(act.do);
        break;
      default:
        act satisfies never;
    }
  }

  /** Makes an answer, or requests one from a file worker, which arrives in `take`. */
  #answer({ method, keep, wants }: Request): void {
    const { files, isStopping, loop, texts } = this.#service;
    const connection = keep && !isStopping ? "keep-alive" : "close";
    if (wants.is === "file") {
      const { segments, conditions } = wants;
      const request = { method, segments, conditions, connection } as const;
      const bytes = files.answer(request);
      if (bytes) this.#transition({ is: "answer", bytes, more: false });
      else files.open(this, request);
    } else if (wants.is === "text") {
      this.#say(texts.answer(wants.text, method, connection, loop.now));
    } else if (wants.status === 204) {
      const fields = { Allow: "GET, HEAD, OPTIONS", Connection: connection };
      this.#say(responseHead(204, fields));
    } else this.#say(problem(wants.status, method, { Connection: connection }));
  }

  #say(text: string): void {
    this.#transition({ is: "answer", bytes: Buffer.from(text), more: false });
  }

  #answered(): void {
    if (this.#result === undefined) return;
    const { bytes, more } = this.#result;
    this.#result = undefined;
    this.#transition(bytes ? { is: "answer", bytes, more } : { is: "cut" });
  }

  #drop(how: "close" | "reset"): void {
    const { clients, files, loop, onLeft } = this.#service;
    loop.forget(this);
    files.close(this);
    loop.reactor.unregister(this.token, this.#stream);
    this.#stream[how]();
    clients.delete(this);
    onLeft();
  }
}
