// Checks a proactor's completions: each operation completes once, and nothing else does.
import type {
  Completion,
  Proactor,
} from "../../../examples/shared/poll/completion/proactor.ts";
import type { Token } from "../../../examples/shared/poll/token.ts";
import { Broken } from "../conformance/case.ts";

type Asked = "accept" | "recv" | "send";

export class Audit {
  readonly #proactor: Proactor;
  /** Open sockets, with their operations in flight. */
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

  /** Starts an operation, unless one of its kind is in flight. @returns Whether it did. */
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

  /** @throws {Broken} When something completes that was not asked for. */
  wait(timeout: number): Completion[] {
    const completions = this.#proactor.wait(timeout);
    for (const completion of completions) {
      if (completion.kind === "wake") throw new Broken("an unexpected wake");
      const { kind, token } = completion;
      const due =
        kind === "close"
          ? this.#closing.delete(token)
          : this.open.get(token)?.delete(kind);
      if (!due)
        throw new Broken(`a ${kind} of ${token} completed that was not asked for`);
      if (kind !== "accept" || completion.result === "full") continue;
      if (this.open.has(completion.result)) throw new Broken("a token was issued twice");
      this.open.set(completion.result, new Set());
    }
    this.#count();
    return completions;
  }

  #count(): void {
    let asked = 0;
    for (const kinds of this.open.values()) asked += kinds.size;
    const { inFlight } = this.#proactor;
    if (inFlight !== asked) throw new Broken(`${inFlight} in flight, ${asked} asked for`);
  }
}
