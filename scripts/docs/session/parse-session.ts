// Reads a session: a transcript of several clients, one line for each thing that happens.
//
// ```text
//   ann connects               opens a connection
//   ann is refused             tries to, and nothing listens there
//   ann > hello                types a line
//   ann >| half a              types without a line end: one packet; \n \r \t \\ \xNN
//   ann < hello ❤️              sees a line
//   ann < ...                  sees lines that do not matter here, one at least
//   ann sees nothing           nothing has come to her
//   ann leaves                 Ctrl-D: has finished typing, and reads on until the close
//   ann resets                 breaks the connection off
//   ann is closed              the server ends her connection
//   server | listening on 127.0.0.1:42069
//   server | ...               prints lines that do not matter here
//   server gets Ctrl-C
//   server ends                its process ends with code 0; `server ends with 1`
//   ann connects to A          to one of two servers, A and B, that share a log
//   server B is killed         or `is cut off` from the log, and `is connected again`
//   # a comment
// ```
import { Failure } from "../../cli.ts";
import { ACTIONS } from "./format.ts";
import type {
  ClientEvent,
  Failing,
  ServerEvent,
  Session,
  SessionEvent,
} from "./session-event.ts";

/** Where a session comes from: a fence in a page. */
export interface Source {
  readonly file: string;
  /** The line of the fence, from 1; its text begins on the next. */
  readonly line: number;
  /** What follows ` ``` `: `session 08-chat diagram`, `session 18-final --rate 0`. */
  readonly info: string;
  readonly text: string;
}

const FAILINGS: readonly Failing[] = ["is killed", "is cut off", "is connected again"];

const FORMS =
  'a line is "ann connects", "ann > hello", "ann >| half", "ann < hello", ' +
  '"ann < ...", "ann sees nothing", "ann leaves", "ann resets", "ann is closed", ' +
  '"ann is refused", "server | text", "server gets Ctrl-C", "server ends", ' +
  '"ann connects to A", "server B is killed", "server B is cut off", ' +
  '"server B is connected again" or "# comment"';

/**
 * Reads a session.
 *
 * @throws {Failure} `docs/page.md:12: Cannot read the session: …`, when a line is in none
 * of the forms, or somebody does what they cannot at that point, such as see something
 * without a connection.
 */
export function parseSession({ file, line, info, text }: Source): Session {
  const [, server = "", ...words] = info.trim().split(/\s+/);
  const end = words.findIndex((word) => word.startsWith("--"));
  const [options, flags] =
    end < 0 ? [words, []] : [words.slice(0, end), words.slice(end)];
  const unknown = options.find((option) => option !== "diagram");
  if (server === "") fail(file, line, "name its server, as in ```session 08-chat");
  if (unknown !== undefined) {
    fail(file, line, `"${unknown}" is no option of it, "diagram" is the only one`);
  }
  const events: SessionEvent[] = [];
  const clients: string[] = [];
  const there = new Map<string, Presence>();
  for (const [index, words] of text.replace(/\n$/, "").split("\n").entries()) {
    const at = line + 1 + index;
    if (words.trim() === "" || words.startsWith("#")) continue;
    const event = parseEvent(words);
    if (event === undefined) fail(file, at, `there is "${words}", but ${FORMS}`);
    if ("client" in event) {
      const problem = follow(there, event);
      if (problem !== undefined) fail(file, at, problem);
      if (!clients.includes(event.client)) clients.push(event.client);
    }
    events.push({ line: at, ...event });
  }
  if (events.length === 0) fail(file, line, "nothing happens in it");
  const diagram = options.includes("diagram");
  return { file, line, server, flags, diagram, clients, events };
}

/** One line of a session, or undefined when it is in none of the forms. */
function parseEvent(words: string): ClientEvent | ServerEvent | undefined {
  const [, who = "", rest = ""] = /^([a-z][a-z0-9]*) (.*)$/.exec(words) ?? [];
  if (who === "server") return parseServer(rest);
  // One blank after the mark; what else there is, belongs to the text.
  const [, mark, text = ""] = /^(>\||>|<)(?: (.*))?$/.exec(rest) ?? [];
  if (mark !== undefined) {
    if (mark === "<") {
      return text === "..."
        ? { client: who, kind: "skips" }
        : { client: who, kind: "sees", text };
    }
    return { client: who, kind: "types", text, raw: mark === ">|" };
  }
  const server = /^connects to ([AB])$/.exec(rest)?.[1];
  if (server !== undefined && who !== "")
    return { client: who, kind: "connects", server };
  const actions = Object.keys(ACTIONS) as (keyof typeof ACTIONS)[];
  const kind = actions.find((action) => ACTIONS[action] === rest);
  return kind === undefined || who === "" ? undefined : { client: who, kind };
}

function parseServer(rest: string): ServerEvent | undefined {
  if (rest === "| ...") return { kind: "prints-some" };
  if (rest === "|") return { kind: "prints", text: "" };
  if (rest.startsWith("| ")) return { kind: "prints", text: rest.slice(2) };
  if (rest === "gets Ctrl-C") return { kind: "interrupted" };
  const [, server = "", how] = /^([AB]) (.*)$/.exec(rest) ?? [];
  const failing = FAILINGS.find((one) => one === how);
  if (failing) return { kind: "fails", server, how: failing };
  const [ends, code = "0"] = /^ends(?: with (\d+))?$/.exec(rest) ?? [];
  return ends === undefined ? undefined : { kind: "ends", code: Number(code) };
}

/** A client that leaves still sees what comes until the server closes. */
type Presence = "here" | "leaving" | "gone";

/** What is wrong with an event at this point; undefined, and noted, when nothing is. */
function follow(there: Map<string, Presence>, event: ClientEvent): string | undefined {
  const { client, kind } = event;
  const presence = there.get(client) ?? "gone";
  switch (kind) {
    case "connects":
    case "refused":
      if (presence === "here") return `${client} is connected already`;
      if (kind === "connects") there.set(client, "here");
      return undefined;
    case "sees":
    case "skips":
    case "closed":
      if (presence === "gone") return `${client} is not connected`;
      if (kind === "closed") there.set(client, "gone");
      return undefined;
    case "types":
    case "nothing":
    case "leaves":
    case "resets":
      if (presence !== "here") return `${client} is not connected`;
      if (kind === "leaves") there.set(client, "leaving");
      if (kind === "resets") there.set(client, "gone");
      return undefined;
    default:
      return kind satisfies never;
  }
}

function fail(file: string, line: number, problem: string): never {
  throw new Failure(`${file}:${line}: Cannot read the session: ${problem}`);
}
