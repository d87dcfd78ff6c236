// Traces of real runs: what is told of them, that it is true, and that it changes nothing.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, describe, expect, inject, test } from "vitest";
import { ROOT, STEPS } from "../../behaviours/steps.ts";
import { parseSession } from "../../scripts/docs/session/parse-session.ts";
import { replay } from "../../scripts/docs/session/replay.ts";
import type { Session } from "../../scripts/docs/session/session-event.ts";
import { readRawEvents, tracer } from "../../scripts/docs/trace/raw-events.ts";
import { recordTrace } from "../../scripts/docs/trace/record-trace.ts";
import { drawnIn, traceOf, updateTraces } from "../../scripts/docs/trace/store.ts";
import { structureOf } from "../../scripts/docs/trace/structure.ts";
import type { Trace, TraceEvent } from "../../scripts/docs/trace/trace-event.ts";
import { ALL } from "../requirements.ts";
import { holdStep } from "../steps.ts";

const folder = mkdtempSync(join(tmpdir(), "trace-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function sessionOf(server: string, text: string, file = "page.md"): Session {
  return parseSession({ file, line: 1, info: `session ${server} diagram`, text });
}

function record(server: string, text: string): Promise<Trace> {
  return recordTrace(sessionOf(server, text), { built: inject("built") });
}

/** The events from one on, each in a few words: `server reads ann "hello"`. */
function tell({ events }: Trace, from = 0): string[] {
  return events.slice(from).map((event) => {
    const { at, kind } = event;
    const peer = "peer" in event ? ` ${event.peer}` : "";
    const help = "help" in event ? " help" : "";
    const text = "text" in event && event.text ? ` ${JSON.stringify(event.text)}` : "";
    return `${at} ${kind}${peer}${help}${text}`;
  });
}

function find(
  { events }: Trace,
  kind: string,
  peer: string,
  text?: string,
): TraceEvent & { because?: number; carries?: number } {
  const found = events.find(
    (event) =>
      event.kind === kind &&
      "peer" in event &&
      event.peer === peer &&
      (text === undefined || ("text" in event && event.text === text)),
  );
  if (found === undefined) throw new Error(`no ${kind} of ${peer}: ${text}`);
  return found;
}

function eventAt({ events }: Trace, place: number | undefined): TraceEvent | undefined {
  return place === undefined ? undefined : events[place];
}

describe.concurrent("a trace", () => {
  test("tells what lies unread while the server serves another", async () => {
    const trace = await record(
      "02-serial",
      `ann connects
ann > hello
ann < hello
bob connects
bob > anyone?
bob sees nothing
ann leaves
bob < anyone?`,
    );
    expect(tell(trace)).toEqual([
      "ann connects",
      "server accepts ann",
      'ann sends "hello\\n"',
      'server reads ann "hello\\n"',
      'server writes ann "hello\\n"',
      "ann receives",
      "bob connects",
      "server accepts bob",
      'bob sends "anyone?\\n"',
      "server gets bob",
      "ann leaves",
      "server reads-end ann",
      "server ends ann",
      "server attends bob",
      'server reads bob "anyone?\\n"',
      'server writes bob "anyone?\\n"',
      "ann closed",
      "bob receives",
    ]);
    // It is ann's end that lets bob in.
    const { because } = find(trace, "attends", "bob");
    expect(eventAt(trace, because)).toMatchObject({ kind: "reads-end", peer: "ann" });
  });

  test("tells whose line led to what is written to another", async () => {
    const trace = await record(
      "08-chat",
      `ann connects
ann < ...
bob connects
bob < ...
ann > hello
ann < hello ❤️
bob < hello ❤️
bob > hi
ann < hi ❤️
bob < hi ❤️`,
    );
    for (const peer of ["ann", "bob"]) {
      const { because, carries } = find(trace, "writes", peer, "hello ❤️\n");
      const source = { at: "server", kind: "reads", peer: "ann", text: "hello\n" };
      expect(eventAt(trace, because)).toMatchObject(source);
      expect(eventAt(trace, carries)).toMatchObject(source);
    }
    const { because } = find(trace, "writes", "ann", "hi ❤️\n");
    expect(eventAt(trace, because)).toMatchObject({ kind: "reads", peer: "bob" });
    expect(tell(trace)[2]).toBe("server writes ann help");
  });

  test("tells words that one led to and another said", async () => {
    const trace = await record(
      "07-kinda-chat",
      `ann connects
ann < ...
bob connects
bob < ...
ann > hello
ann < hello ❤️
bob > and I?
bob < hello ❤️`,
    );
    const { because, carries } = find(trace, "writes", "bob", "hello ❤️\n");
    expect(eventAt(trace, because)).toMatchObject({ kind: "reads", peer: "bob" });
    expect(eventAt(trace, carries)).toMatchObject({ kind: "reads", peer: "ann" });
  });

  test("cuts what was read into what was sent, and one message into its reads", async () => {
    const trace = await record(
      "03-modify",
      `ann connects
ann > this is the best day ever!
ann < this is the best ❤️
ann <  day ever! ❤️`,
    );
    const reads = tell(trace).filter((line) => line.includes("reads"));
    expect(reads).toEqual([
      'server reads ann "this is the best"',
      'server reads ann " day ever!\\n"',
    ]);
  });

  test("tells of resets, and leaves out what the replay itself asks for", async () => {
    const trace = await record(
      "06-concurrent",
      `ann connects
ann < ...
ann > /help
ann < ...
ann sees nothing
bob connects
bob < ...
bob resets
ann > still here
ann < still here ❤️`,
    );
    const told = tell(trace, 4);
    expect(told.filter((line) => line.includes("/help"))).toHaveLength(2);
    expect(told).toContain("bob resets");
    expect(told[told.indexOf("bob resets") + 1]).toBe("server loses bob");
    expect(told.at(-1)).toBe("ann receives");
  });

  test("uses the names of the session", async () => {
    const trace = await record(
      "09-names",
      `ann connects
ann < ...
ann < You are RedPanda
ann > hello
ann < RedPanda: hello`,
    );
    expect(tell(trace)).toContain('server writes ann "RedPanda: hello\\n"');
  });

  test("tells that the server refuses, and that it ends", async () => {
    const trace = await record(
      "01-echo",
      `ann connects
ann > hello
ann < hello
bob is refused
ann leaves
ann is closed
server ends`,
    );
    expect(tell(trace)).toContain("bob refused");
    expect(tell(trace)).toContain("server exits");
  });
});

test("a server whose connections cannot be seen is refused, not drawn without them", async () => {
  const file = join(folder, "elsewhere.ts");
  writeFileSync(
    file,
    `console.log("listening on 127.0.0.1:1"); setInterval(() => {}, 9);`,
  );
  const server = relative(ROOT, file).replaceAll("\\", "/");
  const session = sessionOf(server, "ann is refused");
  await expect(recordTrace(session)).rejects.toThrow(
    /^page.md:1: Cannot trace .*node:net/,
  );
});

test("a raw trace tells when, in order, and when the system has taken what was written", async () => {
  const out = join(folder, "raw.jsonl");
  const imports = [tracer(out)];
  const text = "ann connects\nann > hi\nann < hi ❤️\nann leaves";
  await replay(sessionOf("04-lines", text), { built: inject("built"), imports });
  const raw = readRawEvents(out);
  expect(raw.map(({ event }) => event)).toEqual(raw.map((_, index) => index + 1));
  expect(raw.map(({ t }) => t)).toEqual(raw.map(({ t }) => t).sort((a, b) => a - b));
  const writes = raw.find(({ kind }) => kind === "writes");
  expect(writes).toMatchObject({ connection: 1, bytes: 10, text: "hi ❤️\n" });
  expect(raw).toContainEqual(
    expect.objectContaining({ kind: "hands-over", write: writes?.event }),
  );
  expect(raw.at(-1)?.kind).toBe("closes");
});

test("the same run gives the same structure, whatever the order of the unordered", () => {
  const events: TraceEvent[] = [
    { at: "ann", kind: "sends", text: "a\n" },
    { at: "bob", kind: "sends", text: "b\n" },
    { at: "server", kind: "reads", peer: "ann", text: "a\n", from: 0 },
    { at: "server", kind: "reads", peer: "bob", text: "b\n", from: 1 },
  ];
  const [annSends, bobSends, annsRead, bobsRead] = events;
  if (!annSends || !bobSends || !annsRead || !bobsRead) throw new Error("four");
  const of = (list: readonly TraceEvent[]) =>
    structureOf({ server: "x", actions: [], clients: ["ann", "bob"], events: list });
  expect(of([annSends, bobSends, bobsRead, annsRead])).toEqual(of(events));
  expect(of([annSends, bobSends, annsRead])).not.toEqual(of(events));
  const other = { ...bobsRead, from: 0 } as TraceEvent;
  expect(of([annSends, bobSends, annsRead, other])).not.toEqual(of(events));
});

describe("traces that are kept", () => {
  const page = join(folder, "docs-page.md");
  const kept = join(folder, "traces");
  const fence = (says: string) =>
    `\`\`\`session 04-lines diagram
ann connects
ann > ${says}
ann < ${says} ❤️
\`\`\`
`;
  const update = () =>
    updateTraces([page], { folder: kept, tell: () => {}, built: inject("built") });
  const drawn = () => drawnIn(page, readFileSync(page, "utf8"));

  test("are written once, found by what is typed, and removed when stale", async () => {
    writeFileSync(page, fence("one") + fence("two"));
    expect(await update()).toHaveLength(2);
    expect(await update()).toEqual([]);
    const [one, two] = drawn();
    if (!one || !two) throw new Error("two sessions");
    expect(tell(traceOf(two, kept))).toContain('ann sends "two\\n"');
    writeFileSync(page, fence("three"));
    expect(() => traceOf(drawn()[0] ?? one, kept)).toThrow(/has no trace .*docs update/);
    expect(await update()).toHaveLength(2);
    expect(readdirSync(kept)).toHaveLength(1);
    expect(() => traceOf(one, kept)).toThrow("Cannot draw");
  });
});

describe.concurrent("of the pages", () => {
  const pages = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md"))
    .map((path) => `docs/${path.replaceAll("\\", "/")}`);
  const sessions = pages.flatMap((page) =>
    drawnIn(page, readFileSync(join(ROOT, page), "utf8")),
  );

  test("there are some", () => expect(sessions).not.toEqual([]));
  for (const session of sessions) {
    test(`${session.file}:${session.line} goes as its trace says`, async () => {
      const trace = await recordTrace(session, { built: inject("built") });
      expect(structureOf(trace)).toEqual(structureOf(traceOf(session)));
    });
  }
});

describe.runIf(ALL)("a traced server behaves as ever", () => {
  const outs: string[] = [];
  // Of each kind one: 16 bytes at a time, line by line, by its own reader; with rooms, limits.
  for (const step of [2, 8, 18]) {
    const slug = STEPS.find(({ number }) => number === step)?.slug ?? "";
    holdStep(slug, {
      step,
      command: () => {
        const out = join(folder, `${slug}-${outs.length}`);
        outs.push(out);
        const server = join(inject("built"), slug, "server.js");
        return [process.execPath, "--import", tracer(out), server];
      },
      alone: false,
      // 750,000 reads, and three lines of trace for each: nobody records that.
      leaveOut: ({ title }) =>
        title.startsWith("gives 12 MB back") ? "it is too much to trace" : undefined,
    });
  }

  test("and there is a trace of it", () => {
    expect(outs.length).toBeGreaterThan(2);
    for (const out of outs) {
      expect(readRawEvents(out).some(({ kind }) => kind === "listens")).toBe(true);
    }
  });
});
