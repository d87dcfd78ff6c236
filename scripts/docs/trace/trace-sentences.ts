// Describes a trace in words, for readers who cannot see the diagram.

import { labelOf } from "./label.ts";
import type { Trace, TraceEvent } from "./trace-event.ts";

/** One sentence per action of a client, with what the server then does. */
export function sentencesOf({ events }: Trace): string[] {
  const starts = events.flatMap((event, index) => (isStart(event, index) ? [index] : []));
  return starts.map((start, place) => {
    const end = starts[place + 1] ?? events.length;
    return tellPart(events, start, end);
  });
}

function isStart(event: TraceEvent, index: number): boolean {
  if (event.at === "server") return index === 0;
  return !("from" in event);
}

function tellPart(events: readonly TraceEvent[], start: number, end: number): string {
  const part = events.slice(start, end);
  const done: { verb: string; to: string[] }[] = [];
  for (const [offset, event] of part.entries()) {
    const sentence = tellServer(event, events, { start, index: start + offset });
    const last = done.at(-1);
    if (sentence === undefined) continue;
    // The same to several clients.
    if (sentence.to !== undefined && last?.verb === sentence.verb)
      last.to.push(sentence.to);
    else
      done.push({
        verb: sentence.verb,
        to: sentence.to === undefined ? [] : [sentence.to],
      });
  }
  const server = listOf(
    done.map(({ verb, to }) => (to.length > 0 ? `${verb} to ${listOf(to)}` : verb)),
  );
  const [first] = part;
  const action = first === undefined ? [] : tellAction(first);
  const sentences = [...action, ...(server === "" ? [] : [`the server ${server}`])];
  return `${sentences.join("; ")}.`;
}

function tellAction(event: TraceEvent): string[] {
  switch (event.kind) {
    case "sends":
      return [`${event.at} sends ${quote(event.text)}`];
    case "refused":
      return [`${event.at} tries to connect and is refused`];
    case "leaves":
      return [`${event.at} has finished`];
    case "resets":
      return [`${event.at} breaks the connection off`];
    case "connects":
      return [`${event.at} connects`];
    default:
      return [];
  }
}

function tellServer(
  event: TraceEvent,
  events: readonly TraceEvent[],
  { start, index }: { start: number; index: number },
): { verb: string; to?: string } | undefined {
  switch (event.kind) {
    case "accepts": {
      const later = events.some(
        (one) => one.kind === "attends" && one.from === event.from,
      );
      if (!later) return { verb: "accepts" };
      return { verb: `accepts, but does not turn to ${event.peer} yet` };
    }
    case "attends":
      return { verb: `turns to ${event.peer}` };
    case "gets":
      return { verb: `leaves ${textOf(events[event.from])} unread` };
    case "reads": {
      const whole = textOf(events[event.from]);
      const of = quote(event.text) === whole ? "" : `${quote(event.text)} of `;
      return {
        verb: `reads ${of}${event.from === start ? "it" : `${event.peer}’s ${whole}`}`,
      };
    }
    case "reads-end":
      return { verb: `sees that ${event.peer} has finished` };
    case "loses":
      return { verb: `loses ${event.peer}’s connection` };
    case "writes": {
      const lines = labelOf(event).map(({ text, verbatim }) =>
        verbatim ? quote(text) : `the ${text}`,
      );
      const waited = event.carries !== undefined && event.carries < start;
      const lost = !events.some(
        ({ kind, ...one }) => kind === "receives" && "from" in one && one.from === index,
      );
      const fate = lost ? ", which never arrives," : "";
      const words = `${waited ? "only now " : ""}writes ${listOf(lines)}${fate}`;
      return { verb: words, to: event.peer };
    }
    case "ends":
      return { verb: `closes ${event.peer}’s connection` };
    case "exits":
      return { verb: "ends" };
    case "connects":
    case "refused":
    case "leaves":
    case "resets":
    case "sends":
    case "receives":
    case "closed":
      return undefined;
    default:
      return event satisfies never;
  }
}

function textOf(event: TraceEvent | undefined): string {
  if (event?.kind !== "sends") throw new Error("only what was sent is read");
  return quote(event.text);
}

function quote(text: string): string {
  return `“${text.replace(/\r?\n$/, "").replaceAll("\n", "⏎")}”`;
}

/** `ann`, `ann and bob`, `ann, bob and eve`. */
function listOf(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
