// The two ways to ask a kernel for bytes, shown on a kernel that is a class: "which of
// these have any?" (readiness), and "put them here, and notify me" (completion).
// Run it: just example readiness
// Page: docs/asides/readiness.md

const CONNECTIONS = 1_000;
const BUFFER = 4096;

/** Per connection, by its number: the bytes that have arrived, and the buffer to fill. */
class Kernel {
  readonly #arrived = new Map<number, Buffer>();
  readonly #lent = new Map<number, Buffer>();

  arrives(connection: number, text: string): void {
    this.#arrived.set(connection, Buffer.from(text));
  }

  // #region readiness
  /** Like epoll_wait: returns the connections that have something to read. */
  ready(): number[] {
    return [...this.#arrived.keys()];
  }

  /** Like read: copies available bytes, and returns how many; 0 when there are none. */
  read(connection: number, into: Buffer): number {
    const length = this.#arrived.get(connection)?.copy(into) ?? 0;
    this.#arrived.delete(connection);
    return length;
  }
  // #endregion readiness

  // #region completion
  /** Like a receive of io_uring or IOCP: the kernel owns the buffer until it is done. */
  submit(connection: number, into: Buffer): void {
    this.#lent.set(connection, into);
  }

  /** The reads that are done: the connection, and how many bytes its buffer holds now. */
  completed(): { connection: number; length: number }[] {
    return [...this.#arrived.keys()].flatMap((connection) => {
      const into = this.#lent.get(connection);
      if (into === undefined) return [];
      this.#lent.delete(connection);
      return [{ connection, length: this.read(connection, into) }];
    });
  }
  // #endregion completion
}

function talk(kernel: Kernel): void {
  kernel.arrives(7, "seven");
  kernel.arrives(42, "forty-two");
}

// #region use-readiness
function withReadiness(kernel: Kernel): { heard: string[]; buffers: number } {
  const buffer = Buffer.alloc(BUFFER); // one for all: it is needed only during a read
  talk(kernel);
  const heard = kernel.ready().map((connection) => {
    const length = kernel.read(connection, buffer);
    return buffer.toString("utf8", 0, length);
  });
  return { heard, buffers: 1 };
}
// #endregion use-readiness

// #region use-completion
function withCompletion(kernel: Kernel): { heard: string[]; buffers: number } {
  const buffers = Array.from({ length: CONNECTIONS }, () => Buffer.alloc(BUFFER));
  for (const [connection, buffer] of buffers.entries()) kernel.submit(connection, buffer);
  talk(kernel); // goes straight into our buffers
  const heard = kernel
    .completed()
    .map(
      ({ connection, length }) => `${buffers[connection]?.toString("utf8", 0, length)}`,
    );
  return { heard, buffers: buffers.length };
}
// #endregion use-completion

console.log(`${CONNECTIONS.toLocaleString("en")} connections, two of them speak`);
for (const [name, run] of Object.entries({
  "readiness: ": withReadiness,
  "completion:": withCompletion,
})) {
  const { heard, buffers } = run(new Kernel());
  const memory = `${(buffers * BUFFER) / 1024} KiB`;
  console.log(`  ${name} heard ${heard.join(" and ")}; buffers of ${memory}`);
}
