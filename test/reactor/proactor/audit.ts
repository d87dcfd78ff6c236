// Watches over what a proactor tells: whatever was asked for is told once, and nothing else.
import type {
  Completion,
  Proactor,
} from "../../../examples/shared/poll/completion/proactor.ts";
import type { Token } from "../../../examples/shared/poll/token.ts";
import { Broken } from "../conformance/case.ts";

type Asked = "accept" | "recv" | "send";

export class Audit {
  readonly #proactor: Proactor;
  /** Sockets that are open, and what is asked of them. */
  readonly open = new Map<Token, Set<Asked>>();
  readonly #closing = new Set<Token>();

  constructor(proactor: Proactor) {
    this.#proactor = proactor;
  }

  listen(host: string, port: number): Token {
    const token = this.#proactor.listen(host, port);
    this.open.set(token, new Set());
    return token;
  }

  /** Asks, unless the one before is in flight. @returns Whether it has asked. */
  ask(kind: Asked, token: Token, bytes: Uint8Array = new Uint8Array()): boolean {
    const asked = this.open.get(token);
    if (asked === undefined || asked.has(kind)) return false;
    asked.add(kind);
    if (kind === "send") this.#proactor.send(token, bytes);
    else this.#proactor[kind](token);
    this.#count();
    return true;
  }

  close(token: Token): void {
    if (!this.open.delete(token)) return;
    this.#proactor.close(token);
    this.#closing.add(token);
  }

  /** @throws {Broken} When something is told that was not asked for. */
  wait(timeout: number): Completion[] {
    const told = this.#proactor.wait(timeout);
    for (const completion of told) {
      if (completion.kind === "wake") throw new Broken("a wake, of nobody");
      const { kind, token } = completion;
      const due =
        kind === "close"
          ? this.#closing.delete(token)
          : this.open.get(token)?.delete(kind);
      if (!due) throw new Broken(`a ${kind} of ${token} was told, and not asked for`);
      if (kind !== "accept" || completion.result === "full") continue;
      if (this.open.has(completion.result)) throw new Broken("a token was given twice");
      this.open.set(completion.result, new Set());
    }
    this.#count();
    return told;
  }

  #count(): void {
    let asked = 0;
    for (const kinds of this.open.values()) asked += kinds.size;
    const { inFlight } = this.#proactor;
    if (inFlight !== asked) throw new Broken(`${inFlight} in flight, ${asked} asked for`);
  }
}
