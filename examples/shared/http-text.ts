// Plain-text answers: within a second, their heads differ only in the length.
import { responseHead } from "./http.ts";
import { httpDate } from "./http-date.ts";

/** The value of the `Connection` field. */
type Persistence = "keep-alive" | "close";

/** Makes 200 answers; what their heads have in common is made once a second. */
export class TextAnswers {
  readonly #begin = { "keep-alive": "", close: "" };
  /** When the date in them expires, by the caller's clock. */
  #ends = -Infinity;

  /**
   * Makes an answer: its head and its body.
   *
   * @param method The answer to a HEAD has no body.
   * @param now By a monotonic clock, in milliseconds.
   */
  answer(body: string, method: string, connection: Persistence, now: number): string {
    if (now >= this.#ends) this.#renew(now);
    const head = `${this.#begin[connection]}${Buffer.byteLength(body)}\r\n\r\n`;
    return method === "HEAD" ? head : head + body;
  }

  #renew(now: number): void {
    const time = Date.now();
    // The resolution of a date is a second (RFC 9110, section 5.6.7).
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
