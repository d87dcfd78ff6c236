// What a session says that is seen between two actions, made to say what was seen.
import { actorOf, type SessionEvent } from "./session-event.ts";
import type { Stage } from "./stage.ts";

/** What came to each client, or from the server, and was not written down yet. */
export type Came = ReadonlyMap<string, string[]>;

/**
 * What was to be seen between two actions, as it was seen: lines that came are kept or
 * made right in their places, others go; what else came follows what that client saw
 * before.
 *
 * @param at The line of the page where it stands when none of the events tells.
 */
export function rewrite(
  stage: Stage,
  events: readonly SessionEvent[],
  came: Came,
  at: number,
): SessionEvent[] {
  const fresh: SessionEvent[] = [];
  for (const [index, event] of events.entries()) {
    const later = events.slice(index + 1);
    const seen = rewriteOne(stage, event, later, came.get(actorOf(event)) ?? []);
    if (seen !== undefined) fresh.push(seen);
  }
  const line = events.at(-1)?.line ?? at;
  for (const [actor, lines] of came) {
    const last = fresh.findLastIndex((event) => actorOf(event) === actor);
    const more = restOf(stage, actor, lines, line);
    fresh.splice(last < 0 ? fresh.length : last + 1, 0, ...more);
  }
  for (const peer of stage.peers) {
    if (peer.end === undefined || peer.hungUp) continue;
    if (!peer.leaving) fresh.push({ line, client: peer.label, kind: "closed" });
    peer.hangUp();
  }
  return fresh;
}

/** An event as it was seen, if it was; what it tells of is taken out of `lines`. */
function rewriteOne(
  stage: Stage,
  event: SessionEvent,
  later: readonly SessionEvent[],
  lines: string[],
): SessionEvent | undefined {
  const { names } = stage;
  switch (event.kind) {
    case "sees":
    case "prints": {
      const line = lines.shift();
      if (line === undefined) return undefined;
      return names.matches(event.text, line)
        ? event
        : { ...event, text: names.toWords(line) };
    }
    case "skips":
    case "prints-some": {
      const next = later.find((one) => actorOf(one) === actorOf(event));
      const text = next && "text" in next ? next.text : undefined;
      const found = lines.findIndex(
        (line) => text !== undefined && names.accepts(text, line),
      );
      // Up to the line that matters; when that did not come, the last is in its place.
      const count = found >= 0 ? found : lines.length - (text === undefined ? 0 : 1);
      return lines.splice(0, Math.max(count, 0)).length > 0 ? event : undefined;
    }
    case "nothing":
      return lines.length === 0 ? event : undefined;
    case "closed": {
      const peer = stage.peer(event.client);
      if (peer.end === undefined) return undefined;
      peer.hangUp();
      return event;
    }
    case "ends":
      return stage.exitCode === undefined
        ? undefined
        : { ...event, code: stage.exitCode };
    default:
      throw new Error(`${event.kind} is nothing that is seen`);
  }
}

/** Lines that the session did not know of; a help text among them is not spelt out. */
function restOf(
  { names, host }: Stage,
  actor: string,
  lines: readonly string[],
  line: number,
): SessionEvent[] {
  const { probe } = host;
  const help = probe.kind === "help" ? probe.answer.trimEnd().split("\n") : [];
  const rest: SessionEvent[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const text = names.toWords(lines[index] ?? "");
    if (help.length > 0 && help.every((one, offset) => lines[index + offset] === one)) {
      rest.push({ line, client: actor, kind: "skips" });
      index += help.length - 1;
    } else if (actor === "server") {
      rest.push({ line, kind: "prints", text });
    } else {
      rest.push({ line, client: actor, kind: "sees", text });
    }
  }
  return rest;
}
