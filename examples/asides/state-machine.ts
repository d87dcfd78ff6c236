// The echo loop twice: as an async function, and as a handwritten state machine like the
// one that the engine makes of it. Both do the same, in the same order.
// Run it: just example state-machine
// Page: docs/asides/promises.md
import { turns } from "./parts/turns.ts";

/** A connection without a network: it yields the given pieces, and logs each operation. */
class Connection {
  readonly log: string[] = [];
  readonly #pieces: string[];

  constructor(...pieces: string[]) {
    this.#pieces = pieces;
  }

  async read(): Promise<string | null> {
    this.log.push("read");
    await turns();
    return this.#pieces.shift() ?? null;
  }

  async write(piece: string): Promise<void> {
    this.log.push(`write ${piece}`);
    await turns();
  }
}

// #region async
async function echo(connection: Connection): Promise<number> {
  let count = 0;
  for (;;) {
    const piece = await connection.read();
    if (piece === null) return count;
    await connection.write(piece);
    count += 1;
  }
}
// #endregion async

// #region machine
/** Where the function is: at its start, or at one of its two awaits. */
type State = "start" | "reading" | "writing";

function echoByHand(connection: Connection): Promise<number> {
  // What outlives an await cannot live on the stack.
  let state: State = "start";
  let count = 0;
  return new Promise((resolve, reject) => {
    const toReading = () => {
      state = "reading";
      connection.read().then(step, reject);
    };
    const toWriting = (piece: string) => {
      state = "writing";
      connection.write(piece).then(() => step(null), reject);
    };
    /** Called with an awaited value. Runs to the next await, and returns. */
    const step = (piece: string | null) => {
      switch (state) {
        case "start":
          toReading();
          break;
        case "reading":
          if (piece === null) resolve(count);
          else toWriting(piece);
          break;
        case "writing":
          count += 1;
          toReading();
          break;
        default:
          state satisfies never;
      }
    };
    step(null);
  });
}
// #endregion machine

for (const [name, run] of Object.entries({ echo, echoByHand })) {
  const connection = new Connection("a", "b");
  const count = await run(connection);
  console.log(`${name}: ${connection.log.join(", ")}; ${count} pieces`);
}
