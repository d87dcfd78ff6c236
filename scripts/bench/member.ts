// What one member of a room has received, for loads where members may get different lines.
// Each line is parsed; lines that are missing are counted, and those reported as dropped.
import { TAG } from "./stream.ts";

export class MemberLines {
  /** Lines from senders that arrived; that were skipped; that arrived late or twice. */
  got = 0;
  missing = 0;
  doubled = 0;
  /** How many the server said it dropped. */
  reported = 0;
  readonly #next: number[];
  readonly #onLine: (sender: number, sequence: number) => void;
  #rest = "";

  constructor(senders: number, onLine: (sender: number, sequence: number) => void) {
    this.#next = Array.from({ length: senders }, () => 0);
    this.#onLine = onLine;
  }

  take(bytes: Buffer): void {
    const lines = (this.#rest + bytes.toString("latin1")).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#line(line);
  }

  /** How many lines never arrived. @param sent How many lines each sender has sent. */
  missingOf(sent: readonly number[]): number {
    return sent.reduce(
      (sum, count, i) => sum + count - (this.#next[i] ?? 0),
      this.missing,
    );
  }

  #line(line: string): void {
    const at = line.indexOf("#");
    const dropped = /dropped (\d+) messages/.exec(at === -1 ? line : "");
    if (dropped) this.reported += Number(dropped[1]);
    if (at === -1) return;
    const sender = Number(line.slice(at + 1, at + 5));
    const sequence = Number(line.slice(at + 5, at + TAG));
    const next = this.#next[sender] ?? 0;
    if (sequence < next) this.doubled += 1;
    else {
      this.missing += sequence - next;
      this.#next[sender] = sequence + 1;
      this.got += 1;
      this.#onLine(sender, sequence);
    }
  }
}
