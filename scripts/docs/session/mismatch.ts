// What is said when a server does something else than its session says.
import { Failure } from "../../cli.ts";
import type { Session } from "./session-event.ts";

/** The server did something else than the session says. */
export class Mismatch extends Failure {
  /** Where in the page it was to do it. */
  readonly line: number;

  constructor(
    { file }: Session,
    line: number,
    {
      expected,
      got,
      played,
    }: { expected: string; got: string; played: readonly string[] },
  ) {
    super(
      `${file}:${line}: Cannot replay the session: expected ${expected}, got ${got}\n` +
        `What was played so far:\n${played.map((one) => `  ${one}`).join("\n")}`,
    );
    this.line = line;
  }
}
