// What happened, in order: each client's lines, the server's output, and the last action.
import type { Shown } from "../../../../simulate/page/orders.ts";
import { visible } from "./dom.ts";

/** A line of a client's column. */
export interface Row {
  readonly kind: "types" | "sees" | "note";
  text: string;
  /** Its end has not arrived yet. */
  isPartial: boolean;
}

/** The output of one connection. */
interface Stream {
  readonly decoder: TextDecoder;
  open: Row | undefined;
}

const NOTES: Readonly<Record<string, string>> = {
  connects: "connected",
  "is refused": "connection refused",
  "gets the end": "the server ended it",
  "gets a reset": "the connection was reset",
  finishes: "finished sending",
  "has finished": "already finished sending",
  "is not connected": "not connected",
  "is connected already": "already connected",
  "stops reading": "stopped reading",
  "resumes reading": "resumed reading",
  resets: "reset it",
};

/** An act in words, without its time. */
export function describe(act: Shown, who: string): string {
  const { by, what, data } = act;
  const text = typeof data === "object" ? new TextDecoder().decode(data) : (data ?? "");
  const said =
    text === ""
      ? ""
      : `: ${visible(text.trimEnd()).replaceAll("\n", " ⏎ ").slice(0, 200)}`;
  if (by === "client") return `${who} ${what}${said}`;
  const whom = act.port === 0 ? "" : what === "accepts" ? ` ${who}` : ` · ${who}`;
  return `the server ${what}${whom}${said}`;
}

/** The state of everything at a given moment. */
export class Timeline {
  readonly acts: Shown[] = [];
  /** Names of clients, by port. */
  readonly labels = new Map<number, string>();
  /** The lines, by name of the client. */
  readonly columns = new Map<string, Row[]>();
  output = "";
  /** How many acts are shown. */
  #shown = 0;
  readonly #streams = new Map<number, Stream>();

  /** Shows the first `count` acts. */
  show(count: number): void {
    if (count < this.#shown) this.#clear();
    for (; this.#shown < count; this.#shown += 1) {
      const act = this.acts[this.#shown];
      // A client gets its name only once it is connected.
      if (act === undefined || (act.by === "client" && !this.labels.has(act.port))) break;
      this.#add(act);
    }
  }

  who({ port }: Shown): string {
    return this.labels.get(port) ?? (port === 0 ? "" : `port ${port}`);
  }

  /** The line of the server that acted last, at a given moment. */
  lineAt(count: number): number | undefined {
    for (let index = count - 1; index >= 0; index -= 1) {
      const line = this.acts[index]?.line;
      if (line !== undefined) return line;
    }
    return undefined;
  }

  #clear(): void {
    this.#shown = 0;
    this.output = "";
    this.columns.clear();
    this.#streams.clear();
  }

  #rows(who: string): Row[] {
    const rows = this.columns.get(who) ?? [];
    this.columns.set(who, rows);
    return rows;
  }

  #add(act: Shown): void {
    const { by, what, data } = act;
    if (by === "server") {
      if (what === "prints") this.output += data;
      if (what === "ends") this.output += `The server ended: ${data}\n`;
      return;
    }
    const rows = this.#rows(this.who(act));
    if (what === "sends" && typeof data === "object") {
      for (const text of new TextDecoder().decode(data).replace(/\n$/, "").split("\n")) {
        rows.push({
          kind: "types",
          text: visible(text).slice(0, 2000),
          isPartial: false,
        });
      }
    } else if (what === "gets" && typeof data === "object") {
      this.#sees(rows, act.port, data);
    } else {
      const note = NOTES[what];
      const text = note && (data ? `${note}: “${data}” was not sent` : note);
      if (text) rows.push({ kind: "note", text, isPartial: false });
    }
  }

  #sees(rows: Row[], port: number, data: Uint8Array): void {
    const stream: Stream = this.#streams.get(port) ?? {
      decoder: new TextDecoder(),
      open: undefined,
    };
    this.#streams.set(port, stream);
    const parts = stream.decoder.decode(data, { stream: true }).split("\n");
    for (const [index, part] of parts.entries()) {
      const isLast = index === parts.length - 1;
      if (isLast && part === "") break;
      if (stream.open === undefined) {
        stream.open = { kind: "sees", text: "", isPartial: true };
        rows.push(stream.open);
      }
      stream.open.text += visible(part);
      if (isLast) break;
      stream.open.isPartial = false;
      stream.open = undefined;
    }
  }
}
