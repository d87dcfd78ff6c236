// r9-chat: the lines of the chat as server-sent events, which a page in a browser reads.
// The format: HTML Living Standard, section 9.2, "Server-sent events".
import { Outbox } from "../shared/runtime/outbox.ts";

const LF = 10;
/** Precedes each line of an event; an empty line ends the event. */
const DATA = Buffer.from("data: ");
/** The events of each array of lines: a flush sends the same array to all tabs. */
const encoded = new WeakMap<Uint8Array, Uint8Array>();

/**
 * An outbox that takes complete lines, like any other, and sends each as an event.
 *
 * ```text
 *   ann: hello\n bob: hi\n   ─►   data: ann: hello\n\n data: bob: hi\n\n
 * ```
 */
export class EventOutbox extends Outbox {
  /**
   * @param lines Complete lines: the rest of a split line would become another event. Other
   *   lines must be another array, because each array is encoded once, for all tabs.
   */
  override write(lines: Uint8Array): void {
    const events = encoded.get(lines) ?? eventsOf(lines);
    encoded.set(lines, events);
    super.write(events);
  }

  /** Sends an event that is not a line of the chat. @param data Text without line ends. */
  tell(kind: string, data: string): void {
    super.write(Buffer.from(`event: ${kind}\ndata: ${data}\n\n`));
  }
}

/** An event for each line. A carriage return would end one too, but no line has any. */
function eventsOf(lines: Uint8Array): Uint8Array {
  let count = 0;
  for (const byte of lines) if (byte === LF) count += 1;
  const events = Buffer.allocUnsafe(lines.length + count * (DATA.length + 1));
  let at = 0;
  for (let from = 0; from < lines.length; ) {
    const end = lines.indexOf(LF, from) + 1;
    if (end === 0) throw new Error("Cannot send half a line as an event");
    events.set(DATA, at);
    at += DATA.length;
    events.set(lines.subarray(from, end), at);
    at += end - from;
    events[at] = LF;
    at += 1;
    from = end;
  }
  return events;
}
