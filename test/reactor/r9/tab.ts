// A tab with the page of r9, without a browser: an event stream, and requests to send.
import { once } from "node:events";
import { get, type IncomingMessage, request } from "node:http";
import { onTestFinished } from "vitest";
import type { Server } from "../../../behaviours/server.ts";

/** An event of a stream: a line of the chat has the kind "message". */
interface Event {
  readonly kind: string;
  readonly data: string;
}

/** The URL of a server's page. */
export function pageOf({ process }: Required<Server>): string {
  const [, address] = /^page on (\S+)$/m.exec(process.output()) ?? [];
  if (address === undefined) throw new Error(`Cannot find a page in ${process.output()}`);
  return address;
}

/** The address of a page's server, for another client. */
export function serverAt(page: string): Server {
  const { hostname, port } = new URL(page);
  return { host: hostname, port: Number(port) };
}

/** Sends a request as the page's script does, unless the fields say otherwise. */
export async function asks(
  address: string,
  method: string,
  body = "",
  headers: Record<string, string> = {},
): Promise<{ status: number; fields: IncomingMessage["headers"]; body: string }> {
  const length = { "Content-Length": Buffer.byteLength(body) };
  const asked = request(address, { method, headers: { ...length, ...headers } });
  asked.end(body);
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  let text = "";
  for await (const piece of answer.setEncoding("utf8")) text += piece;
  return { status: answer.statusCode ?? 0, fields: answer.headers, body: text };
}

export class Tab {
  readonly #page: string;
  readonly #stream: IncomingMessage;
  readonly #events: Event[] = [];
  #key = "";
  /** The first name of its user. */
  name = "";
  #text = "";
  #news = () => {};

  private constructor(page: string, stream: IncomingMessage) {
    this.#page = page;
    this.#stream = stream;
    stream.setEncoding("utf8");
    stream.on("error", () => {});
    stream.on("data", (text: string) => {
      this.#text += text;
      const blocks = this.#text.split("\n\n");
      this.#text = blocks.pop() ?? "";
      this.#events.push(...blocks.map(eventOf));
      this.#news();
    });
    stream.on("close", () => this.#news());
  }

  /** Opens the stream, and waits for the greeting. The tab closes with the test. */
  static async open(page: string): Promise<Tab> {
    const asked = get(`${page}events`, { agent: false });
    const [stream] = (await once(asked, "response")) as [IncomingMessage];
    onTestFinished(() => void stream.destroy());
    const tab = new Tab(page, stream);
    tab.#key = await tab.next("key");
    while (tab.name === "") {
      tab.name = /^You are (\w+)$/.exec(await tab.next("message"))?.[1] ?? "";
    }
    await tab.sees("You joined main");
    return tab;
  }

  /** Sends a line. @returns The status of the answer. */
  async says(line: string): Promise<number> {
    const { status } = await asks(`${this.#page}say`, "POST", line, {
      "Chat-Key": this.#key,
    });
    return status;
  }

  /** Waits for a line of the chat, and skips those before it. */
  async sees(line: string): Promise<void> {
    while ((await this.next("message")) !== line);
  }

  /** The next message of any user: `ann: hello`. */
  async hears(): Promise<string> {
    for (;;) {
      const line = await this.next("message");
      if (/^[\w-]+: /.test(line)) return line;
    }
  }

  /** Waits until rooms, or user and room, are as expected. */
  async shows(kind: "rooms" | "here", wanted: (data: never) => boolean): Promise<void> {
    while (!wanted(JSON.parse(await this.next(kind)) as never));
  }

  /** The next event of a kind; earlier events stay. @throws When the stream ends first. */
  async next(kind: string): Promise<string> {
    for (;;) {
      const at = this.#events.findIndex((one) => one.kind === kind);
      const [event] = at === -1 ? [] : this.#events.splice(at, 1);
      if (event) return event.data;
      if (this.#stream.closed) throw new Error(`Cannot see a ${kind}: the stream ended`);
      await new Promise<void>((resolve) => {
        this.#news = resolve;
      });
    }
  }

  /** Stops reading. */
  pauses(): void {
    this.#stream.pause();
  }

  /** Resets the connection. */
  resets(): void {
    this.#stream.socket.resetAndDestroy();
  }

  /** Waits until the server has ended the stream. */
  async ends(): Promise<void> {
    if (!this.#stream.closed) await once(this.#stream, "close");
  }
}

function eventOf(block: string): Event {
  const [, kind = "message", data = "?"] =
    /^(?:event: (\w+)\n)?data: (.*)$/.exec(block) ?? [];
  return { kind, data };
}
