// r7-ioserver: one client, with its port, timer and state.
import type { FileResult } from "../shared/file-worker.ts";
import { problem, responseHead } from "../shared/http.ts";
import { UNTIMED } from "../shared/timers.ts";
import {
  type Act,
  DEADLINES,
  type Event,
  IDLE,
  next,
  type Request,
  type State,
} from "./connection.ts";
import type { SocketPort } from "./port.ts";
import { requestOf } from "./routes.ts";
import type { ClientHandle, Service } from "./service.ts";

const NOTHING: Buffer = Buffer.alloc(0);
const [CR, LF] = [13, 10];

export class Client implements ClientHandle {
  // For the timers.
  due = UNTIMED.due;
  list = UNTIMED.list;
  before = UNTIMED.before;
  after = UNTIMED.after;
  readonly port: SocketPort;
  readonly #service: Service;
  #state: State = IDLE;
  /** Input that has not been consumed: not parsed yet, or incomplete. */
  #input = NOTHING;
  /** `#input` is the port's memory, on loan. */
  #isLent = false;
  /** The client has finished sending. */
  #isFinished = false;
  /** A step was taken in this turn, or the kernel has accepted bytes. */
  #hasMoved = true;

  constructor(service: Service, port: SocketPort) {
    this.#service = service;
    this.port = port;
    this.proceed();
  }

  // #region ready
  /** Handles the messages in its port. */
  ready(): void {
    for (;;) {
      const result = this.port.tryRecv();
      if (result === "empty") break;
      if (result === "reset") this.#transition({ is: "reset" });
      else if (result === "end") this.#isFinished = true;
      else if (result === "sent") this.#hasMoved = true;
      else this.#received(result);
      if (this.#state.is === "closed") return;
    }
    this.proceed();
  }
  // #endregion ready

  late(): void {
    if (this.port.isSending) {
      // The kernel has stopped accepting, so the answer cannot be completed. The state may
      // be a later one already, because the port has taken the bytes.
      this.#state = { is: "closed" };
      this.#drop("reset");
      return;
    }
    this.#transition({ is: "late" });
    this.proceed();
  }

  take({ bytes, more }: FileResult): void {
    this.#transition(bytes ? { is: "answer", bytes, more } : { is: "cut" });
    this.proceed();
  }

  // #region proceed
  /** Runs until it would block, then sends its output. */
  proceed(): void {
    for (;;) {
      const event = this.#attempt();
      if (event === "blocked") break;
      this.#transition(event);
    }
    if (this.#state.is === "closed") return;
    // Within a turn the clock stands still, so only the state at its end needs a timer.
    if (this.#hasMoved) this.#setTimer();
    this.#hasMoved = false;
    this.port.flush();
    // Asks even while we do not read: otherwise a lost client would go unnoticed.
    if (this.#input.length === 0) this.#askForMore();
  }
  // #endregion proceed

  /** Tries what the state is waiting for. */
  #attempt(): Event | "blocked" {
    const state = this.#state;
    switch (state.is) {
      case "idle":
        if (this.#service.isStopping) return this.#unlessSending({ is: "late" });
        this.#skipEmptyLines();
        return this.#input.length > 0 ? { is: "bytes" } : this.#await();
      case "head":
        return this.#readHead() ?? this.#await();
      case "body":
        return this.#readBody(state.request) ?? this.#await();
      case "writing": {
        const count = this.port.trySend(state.bytes);
        return count === 0 ? "blocked" : { is: "sent", count };
      }
      case "lingering":
        this.#input = NOTHING;
        return this.#await();
      case "delayed":
      case "waiting":
      case "closed":
        return "blocked";
      default:
        return state satisfies never;
    }
  }

  /** Asks for more input, unless the client has finished sending. */
  #await(): Event | "blocked" {
    if (this.#isFinished) return this.#unlessSending({ is: "end" });
    this.#askForMore();
    return "blocked";
  }

  /** Holds back an event that closes the connection while bytes are still unsent. */
  #unlessSending(event: Event): Event | "blocked" {
    return this.port.isSending ? "blocked" : event;
  }

  #received(bytes: Buffer): void {
    this.#isLent = this.#input.length === 0;
    this.#input = this.#isLent ? bytes : Buffer.concat([this.#input, bytes]);
  }

  /** Copies unconsumed input, so that the port can reuse its memory, and asks for more. */
  #askForMore(): void {
    if (this.#isFinished) return;
    if (this.#isLent) this.#input = Buffer.from(this.#input);
    this.#isLent = false;
    this.port.more();
  }

  /** Parses the head. @returns Undefined while it is incomplete. */
  #readHead(): Event | undefined {
    const { head, options } = this.#service;
    const result = head.read(this.#input, 0, this.#input.length);
    if (result === "more") return undefined;
    const request = result === "whole" ? requestOf(head, options["body-limit"]) : result;
    if (typeof request === "number") {
      return { is: "refused", status: request, method: head.method };
    }
    this.#skip(head.length);
    return { is: "request", request };
  }

  /** Reads the body. @returns Undefined while it is incomplete. */
  #readBody({ body, method }: Request): Event | undefined {
    const whole = { at: 0, is: "whole" } as const;
    const result = body?.read(this.#input, 0, this.#input.length) ?? whole;
    this.#skip(result.at);
    if (result.is === "more") return undefined;
    if (result.is === "whole") return { is: "body" };
    return { is: "refused", status: result.is, method };
  }

  /** Skips empty lines: some old clients send one after a body (RFC 9112, section 2.2). */
  #skipEmptyLines(): void {
    while (this.#input[0] === CR && this.#input[1] === LF) this.#skip(2);
  }

  #skip(count: number): void {
    this.#input = this.#input.subarray(count);
  }

  /** Applies an event: moves to the next state, and performs the act that goes with it. */
  #transition(event: Event): void {
    if (this.#state.is === "closed") return;
    const { state, act } = next(this.#state, event);
    this.#state = state;
    this.#hasMoved = true;
    if (act) this.#perform(act);
  }

  /** Sets the send timer while bytes are still unsent, otherwise the timer of the state. */
  #setTimer(): void {
    const { timers, now, timeouts } = this.#service;
    const deadline = this.port.isSending ? "send" : DEADLINES[this.#state.is];
    if (deadline === undefined) timers.remove(this);
    else if (deadline !== "delay") timers.set(this, now, timeouts[deadline]);
    else if (this.#state.is === "delayed")
      timers.set(this, now, this.#state.request.delay);
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
        this.port.finish();
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
    const { files, isStopping, now, texts } = this.#service;
    const connection = keep && !isStopping ? "keep-alive" : "close";
    if (wants.is === "file") {
      const { segments, conditions } = wants;
      files.open(this, { method, segments, conditions, connection });
    } else if (wants.is === "text") {
      this.#say(texts.answer(wants.text, method, connection, now));
    } else if (wants.status === 204) {
      const fields = { Allow: "GET, HEAD, OPTIONS", Connection: connection };
      this.#say(responseHead(204, fields));
    } else this.#say(problem(wants.status, method, { Connection: connection }));
  }

  #say(text: string): void {
    this.#transition({ is: "answer", bytes: Buffer.from(text), more: false });
  }

  #drop(how: "close" | "reset"): void {
    const { files, onLeft, timers } = this.#service;
    timers.remove(this);
    files.close(this);
    this.port[how]();
    onLeft(this);
  }
}
