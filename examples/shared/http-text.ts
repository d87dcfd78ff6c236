// Answers that are a text: within a second all of their heads are alike, but for the length.
import { responseHead } from "./http.ts";
import { httpDate } from "./http-date.ts";

/** What the field `Connection` says. */
type Persistence = "keep-alive" | "close";

/** Makes answers of 200; what they have in common is made once a second. */
export class TextAnswers {
  readonly #begin = { "keep-alive": "", close: "" };
  /** When the date in them is over, by the caller's clock. */
  #ends = -Infinity;

  /**
   * The head of an answer, and its body.
   *
   * @param method A HEAD gets the head alone.
   * @param now By a clock that nobody sets, in milliseconds.
   */
  answer(body: string, method: string, connection: Persistence, now: number): string {
    if (now >= this.#ends) this.#renew(now);
    const head = `${this.#begin[connection]}${Buffer.byteLength(body)}\r\n\r\n`;
    return method === "HEAD" ? head : head + body;
  }

  #renew(now: number): void {
    const time = Date.now();
    // A date has no more than seconds (RFC 9110, section 5.6.7).
    this.#ends = now + 1000 - (time % 1000);
    for (const connection of ["keep-alive", "close"] as const) {
      const fields = {
        "Content-Type": "text/plain; charset=utf-8",
        Connection: connection,
        "Content-Length": "",
      };
      const head = responseHead(200, fields, httpDate(time));
      this.#begin[connection] = head.slice(0, -"\r\n\r\n".length);
    }
  }
}
