// A behaviour of an HTTP server, and short ways to write one: the bytes to send, and the
// expected answer.
import { Unmet } from "../client.ts";
import type { Answer, HttpClient } from "./client.ts";

/** The address of a running server. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface HttpBehaviour {
  readonly title: string;
  /** The RFC and section that require it: `9112 3.2`. */
  readonly source: string;
  /** The reason for our choice, where the RFC leaves one or other servers differ. */
  readonly why?: string;
  /** @throws {Unmet} When the server does not show the behaviour. */
  readonly run: (open: () => Promise<HttpClient>) => Promise<void>;
}

/** The expected answer. */
interface Expected {
  readonly status: number | readonly number[];
  /** Patterns of fields, by lowercase name; undefined for a field that must be absent. */
  readonly fields?: Readonly<Record<string, RegExp | undefined>>;
  readonly body?: string | RegExp;
  /** Whether the connection ends after the answer. When undefined, either is fine. */
  readonly ends?: boolean;
  /** The number of answers that follow, each with status 200. */
  readonly more?: number;
}

/** The only field that a request must have. */
export const HOST = "Host: localhost\r\n";

/** A request without a body: `get("/", "Range: bytes=0-1")`. */
export function get(target: string, ...fields: string[]): string {
  return request("GET", target, ...fields);
}

/** A request head. The caller appends the body, if any. */
export function request(method: string, target: string, ...fields: string[]): string {
  const lines = fields.map((field) => `${field}\r\n`).join("");
  return `${method} ${target} HTTP/1.1\r\n${HOST}${lines}\r\n`;
}

/**
 * A behaviour of one exchange.
 *
 * @param sent Bytes as latin1; each piece of an array is a separate write.
 */
export function sends(
  title: string,
  source: string,
  sent: string | readonly string[],
  expected: Expected,
  why?: string,
): HttpBehaviour {
  const run: HttpBehaviour["run"] = async (open) => {
    const client = await open();
    const pieces = typeof sent === "string" ? [sent] : sent;
    for (const piece of pieces) await client.send(piece);
    const first = pieces.join("").trimStart();
    const method = /^HEAD /.test(first) ? "HEAD" : "GET";
    fits(await client.answer(method), expected);
    for (let more = expected.more ?? 0; more > 0; more -= 1) {
      fits(await client.answer(), { status: 200 });
    }
    if (expected.ends === true) await client.ends();
    if (expected.ends === false) {
      await client.send(get("/poem.txt"));
      fits(await client.answer(), { status: 200 });
    }
  };
  return why === undefined ? { title, source, run } : { title, source, why, run };
}

/** A request that is refused: no request after it is served, and the connection ends. */
export function refuses(
  title: string,
  source: string,
  sent: string,
  status: number | readonly number[] = 400,
  why?: string,
): HttpBehaviour {
  const run: HttpBehaviour["run"] = async (open) => {
    const client = await open();
    // The request that an attacker would smuggle.
    await client.send(`${sent}${get("/hello/smuggled")}`);
    fits(await client.answer(), { status, fields: { connection: /\bclose\b/i } });
    await client.ends();
  };
  return why === undefined ? { title, source, run } : { title, source, why, run };
}

/** @throws {Unmet} When an answer is not as expected. */
export function fits(answer: Answer, { status, fields = {}, body }: Expected): void {
  const statuses = typeof status === "number" ? [status] : status;
  if (!statuses.includes(answer.status)) {
    throw new Unmet(`status ${statuses.join(" or ")}`, answer.start);
  }
  for (const [name, pattern] of Object.entries(fields)) {
    const value = answer.fields.get(name);
    if (pattern === undefined) {
      if (value !== undefined) throw new Unmet(`no ${name}`, `${name}: ${value}`);
    } else if (value === undefined || !pattern.test(value)) {
      throw new Unmet(`${name}: ${pattern}`, value ?? `no ${name}`);
    }
  }
  const text = answer.body.toString("latin1");
  if (typeof body === "string" ? text !== body : body && !body.test(text)) {
    throw new Unmet(`the body ${body}`, JSON.stringify(text.slice(0, 200)));
  }
}
