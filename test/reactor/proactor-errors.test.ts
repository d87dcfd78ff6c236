// How a proactor handles errors of its kernel: an error of a connection ends only that one.
import { constants } from "node:os";
import { afterEach, describe, expect, test } from "vitest";
import type {
  CompletionKernel,
  Outcome,
} from "../../examples/shared/poll/completion/completion-kernel.ts";
import { KernelProactor } from "../../examples/shared/poll/completion/kernel-proactor.ts";
import type { Token } from "../../examples/shared/poll/token.ts";
import { SimulatedNetwork } from "./sim/network.ts";

const { EBADF, ECANCELED, ECONNABORTED, EFAULT, EMFILE, ENOBUFS } = constants.errno;
/** A number that no list of errors has. */
const UNKNOWN = 3999;

/** A kernel whose results the test sets. */
class ScriptedKernel implements CompletionKernel {
  readonly name = "scripted";
  /** Operations in flight. */
  readonly asked: { kind: string; id: Token }[] = [];
  /** The number of operations so far. */
  count = 0;
  #answers: { kind: string; outcome: Outcome }[] = [];

  answer(kind: string, outcome: Outcome): void {
    this.#answers.push({ kind, outcome });
  }

  adopt(): void {}
  accept(id: Token): void {
    this.#ask("accept", id);
  }
  recv(id: Token): void {
    this.#ask("recv", id);
  }
  send(id: Token): void {
    this.#ask("send", id);
  }
  cancel(id: Token): void {
    const { kind } = this.asked.find((one) => one.id === id) ?? { kind: "" };
    this.answer(kind, -ECANCELED);
  }
  wait(_: number | null, complete: (id: Token, outcome: Outcome) => void): void {
    for (const { kind, outcome } of this.#answers.splice(0)) {
      const at = this.asked.findIndex((one) => one.kind === kind);
      const [found] = at === -1 ? [] : this.asked.splice(at, 1);
      if (found) complete(found.id, outcome);
    }
  }
  openWake() {
    return { shared: { poller: "scripted", handle: -1 }, wake: () => {} };
  }
  close(): void {}

  #ask(kind: string, id: Token): void {
    this.count += 1;
    this.asked.push({ kind, id });
  }
}

const opened: KernelProactor[] = [];
afterEach(() => {
  for (const proactor of opened.splice(0)) proactor.end();
});

function open() {
  const kernel = new ScriptedKernel();
  const network = new SimulatedNetwork(1);
  const proactor = new KernelProactor(kernel, network);
  opened.push(proactor);
  const listener = proactor.listen("127.0.0.1", 0);
  const accept = (outcome: Outcome) => {
    if (!kernel.asked.some(({ kind }) => kind === "accept")) proactor.accept(listener);
    kernel.answer("accept", outcome);
    return proactor.wait(0);
  };
  const token = () => {
    const [completion] = accept(network.open());
    if (completion?.kind !== "accept" || completion.result === "full") throw new Error();
    return completion.result;
  };
  return { kernel, proactor, listener, accept, token };
}

describe("an error of the kernel", () => {
  test.each([ENOBUFS, UNKNOWN])(
    "of a connection ends only that connection: errno %i",
    (error) => {
      const { kernel, proactor, token } = open();
      const [one, other] = [token(), token()];
      proactor.recv(one);
      kernel.answer("recv", -error);
      expect(proactor.wait(0)).toEqual([{ kind: "recv", token: one, result: "reset" }]);
      proactor.send(one, Buffer.from("hello"));
      kernel.answer("send", -error);
      expect(proactor.wait(0)).toEqual([{ kind: "send", token: one, result: "reset" }]);
      proactor.recv(other);
      kernel.answer("recv", 5);
      expect(proactor.wait(0)).toMatchObject([{ kind: "recv", token: other }]);
    },
  );

  test.each([EMFILE, ENOBUFS, UNKNOWN])(
    "of accept completes it with full: errno %i",
    (error) => {
      const { accept, listener } = open();
      expect(accept(-error)).toEqual([
        { kind: "accept", token: listener, result: "full" },
      ]);
    },
  );

  test("ECONNABORTED of accept is skipped, and is full when it never stops", () => {
    const { kernel, accept } = open();
    expect(accept(-ECONNABORTED)).toEqual([]);
    let completions = accept(-ECONNABORTED);
    for (let time = 0; completions.length === 0 && time < 5000; time += 1) {
      completions = accept(-ECONNABORTED);
    }
    expect(completions).toMatchObject([{ kind: "accept", result: "full" }]);
    expect(kernel.asked).toEqual([]);
  });

  test.each([EBADF, EFAULT])(
    "that means a bug of ours is thrown once: errno %i",
    (error) => {
      const { kernel, proactor, token } = open();
      const one = token();
      proactor.recv(one);
      kernel.answer("recv", -error);
      expect(() => proactor.wait(0)).toThrow(/^Cannot .*: E(BADF|FAULT)$/);
      expect(proactor.inFlight).toBe(0);
      expect(proactor.wait(0)).toEqual([]);
      proactor.close(one);
      expect(proactor.wait(0)).toEqual([{ kind: "close", token: one }]);
    },
  );
});
