// The room of r9: its members receive exactly what was said, in order.
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Member, Room } from "../../../examples/r9-chat/room.ts";
import { CHUNK, type Outbox } from "../../../examples/shared/runtime/outbox.ts";

const MOST = 30;

/** A member whose kernel takes as many bytes as the test allows. */
function member(name: string, isReady: () => boolean) {
  let text = "";
  const out = {
    get ready() {
      return isReady();
    },
    write(bytes: Uint8Array) {
      text += Buffer.from(bytes).toString("latin1");
    },
  } as unknown as Outbox;
  const one: Member = { out, from: "127.0.0.1", name, cursor: 0, missed: 0 };
  return { one, text: () => text };
}

/** A room that is flushed manually. */
function room(): Room {
  return new Room("main", { soon() {}, later() {}, missed() {} });
}

/** The room's output for a line; undefined when it leaves the line to others. */
function plain(line: string): string | undefined {
  if (line.startsWith("/") || line.length > MOST || !/^[ -~]*$/.test(line)) return;
  return line.trim() === "" ? "" : `ann: ${line}\n`;
}

test("takes plain lines from the bytes, and leaves other lines as they are", () => {
  const text = fc.stringMatching(/^[ -~\t/]{0,35}$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(text, fc.constantFrom("\n", "\r\n"))), (lines) => {
      const main = room();
      const ann = member("ann", () => true);
      main.join(ann.one);
      let expected = "";
      for (const [line, end] of lines) {
        const bytes = Buffer.from(`xx${line}${end}yy`);
        const next = main.say(ann.one, bytes, 2, bytes.length - 2, MOST);
        const said = plain(line);
        expect(next).toBe(said === undefined ? -1 : bytes.length - 2);
        // An incomplete line is not a line.
        expect(main.say(ann.one, bytes, 2, bytes.length - 3, MOST)).toBe(-1);
        expected += said ?? "";
      }
      main.flush();
      expect(ann.text()).toBe(expected);
    }),
  );
});

test("each member, however slow, gets all in order, or the number of missing lines", () => {
  const step = fc.oneof(
    fc.record({ is: fc.constant("say" as const), times: fc.constantFrom(1, 3, 700) }),
    fc.constant({ is: "flush" as const }),
    fc.record({ is: fc.constant("turn" as const), who: fc.nat(2) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const main = room();
      const ready = [true, true, true];
      const members = ready.map((_, at) => member(`m${at}`, () => ready[at] ?? true));
      for (const { one } of members) main.join(one);
      main.flush();
      const joined = members.map(({ text }) => text());
      const said: string[] = [];
      for (const one of steps) {
        if (one.is === "flush") main.flush();
        else if (one.is === "turn") {
          ready[one.who] = !ready[one.who];
          const slow = members[one.who];
          if (slow) main.deliver(slow.one);
        } else {
          for (let time = 0; time < one.times; time += 1) {
            said.push(`number ${said.length}`);
            main.send(said.at(-1) ?? "");
          }
        }
      }
      ready.fill(true);
      main.flush();
      for (const [at, { one, text }] of members.entries()) {
        main.deliver(one);
        const lines = text().slice(joined[at]?.length).split("\n").slice(0, -1);
        let next = 0;
        for (const line of lines) {
          const missed = /dropped (\d+) messages/.exec(line)?.[1];
          if (missed === undefined) expect(line).toBe(said[next]);
          next += missed === undefined ? 1 : Number(missed);
        }
        expect(next).toBe(said.length);
      }
    }),
    { numRuns: 60 },
  );
});

test("a flush waits for members that are still sending, but not forever", () => {
  const main = room();
  const ann = member("ann", () => true);
  main.join(ann.one);
  main.flush();
  const before = ann.text();
  main.send("one");
  expect(main.settle()).toBe(false);
  main.send("two");
  expect(main.settle()).toBe(false);
  expect(ann.text()).toBe(before);
  expect(main.settle()).toBe(true);
  expect(ann.text()).toBe(`${before}one\ntwo\n`);
  let turns = 0;
  do {
    main.send("more");
    turns += 1;
  } while (!main.settle());
  expect(turns).toBeLessThan(10);
  expect(ann.text()).toBe(`${before}one\ntwo\n${"more\n".repeat(turns)}`);
});

test("with 100,000 bytes in one turn, each write has complete lines and is not too long", () => {
  const main = room();
  const sizes: number[] = [];
  const ann = member("ann", () => true);
  const { write } = ann.one.out;
  ann.one.out.write = (bytes: Uint8Array) => {
    sizes.push(bytes.length);
    expect(bytes.at(-1)).toBe(10);
    write.call(ann.one.out, bytes);
  };
  main.join(ann.one);
  main.flush();
  sizes.length = 0;
  const before = ann.text();
  const lines = Array.from(
    { length: 1000 },
    (_, at) => `${at} ${"x".repeat(at % 300)}\n`,
  );
  for (const line of lines) main.send(line.slice(0, -1));
  main.flush();
  expect(ann.text()).toBe(before + lines.join(""));
  expect(Math.max(...sizes)).toBeLessThanOrEqual(CHUNK);
  // Two of them would fit into one write.
  for (const [at, size] of sizes.slice(1).entries()) {
    expect(size + (sizes[at] ?? 0)).toBeGreaterThan(CHUNK);
  }
});
