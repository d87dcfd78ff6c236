// just why: where a line first appears, and which paragraph explains it.
import { describe, expect, test } from "vitest";
import { ALL_STEPS, type Step } from "../../behaviours/steps.ts";
import { NotFound, UsageError } from "../../scripts/cli.ts";
import { linesOf } from "../../scripts/diff/line.ts";
import { findStep } from "../../scripts/find-step.ts";
import { originsOf, serverOf } from "../../scripts/why/origin.ts";
import { passageFor } from "../../scripts/why/passage.ts";
import { findTarget } from "../../scripts/why/target.ts";
import { someOf } from "../requirements.ts";
import { runCommand } from "../run.ts";

/** The number of the first line of a step that begins with this text, whatever its margin. */
function lineWith(slug: string, text: string): number {
  const lines = serverOf(findStep(slug)).split("\n");
  const at = lines.findIndex((line) => line.trim().startsWith(text));
  expect(at, text).toBeGreaterThanOrEqual(0);
  return at + 1;
}

/** Later ones have lines of more steps. */
const LATEST_FIRST = ALL_STEPS.toSorted(
  (one, other) => Number(other.slug === "18-final") - Number(one.slug === "18-final"),
);

const came = (slug: string, text: string) =>
  originsOf(findStep(slug)).get(lineWith(slug, text));

describe("the origin of a line", () => {
  test.each(someOf(LATEST_FIRST))(
    "is known for each of $slug, with the same words",
    (step: Step) => {
      const origins = originsOf(step);
      for (const { number, text } of linesOf(serverOf(step), "hide")) {
        const origin = origins.get(number);
        expect(origin?.text).toBe(text.trim());
        expect(
          serverOf(origin?.step ?? step)
            .split("\n")
            [(origin?.line ?? 0) - 1]?.trim(),
        ).toBe(text.trim());
      }
    },
  );

  test.each([
    ["17", 'await once(server, "listening");', "01-echo"],
    ["18", "names.free(user.name);", "17-performance"],
    ["16", "if (room.size === 0) this.#rooms.delete(room.name);", "15-empty-rooms"],
  ])("of %s, %j is %s", (slug, text, origin) => {
    expect(came(slug, text)?.step.slug).toBe(origin);
  });

  test("is not where it was only moved to the right", () => {
    // 11 puts the whole loop of 10 into a try.
    const text = "const event = await select(";
    const margin = (slug: string) => {
      const line = serverOf(findStep(slug)).split("\n")[lineWith(slug, text) - 1] ?? "";
      return line.search(/\S/);
    };
    expect(margin("11")).toBeGreaterThan(margin("10"));
    expect(came("11", text)?.step.slug).toBe("08-chat");
  });

  test("says what a changed line was before", () => {
    const line = came("04", "await write(socket, ");
    expect(line?.step.slug).toBe("03-modify");
    expect(line?.before?.text).toBe("await write(socket, bytes);");
  });
});

describe("what the user asks about", () => {
  test.each([
    ["13:join", "Room.join", "12-main-room"],
    ["13:Rooms.open", "Rooms.open", "13-join"],
    ["17:#flush", "Room.#flush", "17-performance"],
    ["final:closeStuck", "closeStuck", "18-final"],
    ["13:inbox", "inbox", "08-chat"],
    ["16:/users", "/users", "16-users"],
    ["examples/08-chat/server.ts:1:3", "line 1", "08-chat"],
    ["r3-epoll/server.ts:1", "line 1", "r3-epoll"],
  ])("is found: %s", (text, name, slug) => {
    const target = findTarget(text);
    expect([target.name, target.came.step.slug]).toEqual([name, slug]);
  });

  test("by a bracket is what it closes, and by an empty line the next", () => {
    const lines = serverOf(findStep("15")).split("\n");
    const end = lines.lastIndexOf("}");
    const head = lines.findLastIndex((line) => line.startsWith("async function"));
    expect(findTarget(`15:${end + 1}`).lines).toEqual([head + 1]);
    const empty = lines.indexOf("");
    expect(findTarget(`15:${empty + 1}`).lines).toEqual([empty + 2]);
  });

  test("by a comment is what the comment is about", () => {
    const handOver = lineWith("18", "handOver(user: User)");
    const above = serverOf(findStep("18")).split("\n").slice(0, handOver);
    const begin = above.findLastIndex((line) => line.trim() === "/**") + 1;
    for (let line = begin; line <= handOver; line += 1)
      expect(findTarget(`18:${line}`).lines).toEqual([handOver]);
    const spawned = lineWith("6", "handleUser(socket)");
    expect(findTarget(`6:${spawned - 1}`).lines).toEqual([spawned]);
    expect(findTarget("6:2").lines).toEqual([2]);
  });

  test("lists the steps that changed a method", () => {
    const changed = findTarget("18:Room.leave").changed.map(({ slug }) => slug);
    expect(changed).toContain("17-performance");
    expect(changed).not.toContain("12-main-room");
  });

  test.each([
    ["18", UsageError, /name a step and a line/],
    ["18:0", UsageError, /it has \d+ lines/],
    ["18:-1", UsageError, /Cannot explain line -1 of 18-final: it has \d+ lines/],
    ["18:9999", UsageError, /it has \d+ lines/],
    ["18:leave", UsageError, /could be Room.leave or Rooms.leave/],
    ["18:handelUser", NotFound, /Did you mean handleUser\?/],
    ["20:1", NotFound, /there are 1 to 18/],
  ])("is not: %s", (text, kind, message) => {
    expect(() => findTarget(text)).toThrow(kind);
    expect(() => findTarget(text)).toThrow(message);
  });
});

describe("the paragraph", () => {
  test.each([
    ["18:stop", "docs/18-final.md", "18d: Ctrl-C cuts everybody off", /grace/],
    ["18:Room.leave", "docs/12-main-room.md", "Two orders", /^leave closes the inbox/],
    ["13:Rooms.open", "docs/13-join.md", "The table", /no await/],
    ["3:PORT", "docs/01-echo.md", "At the door", /PORT=0/],
  ])("for %s is in %s, under %s", (text, file, heading, words) => {
    const { came } = findTarget(text);
    const passage = passageFor(came.step, came.lines);
    expect(passage).toMatchObject({ file, heading });
    expect(passage?.text).toMatch(words);
  });

  test.each([
    ["1", "const [socket] = await once", "At the door", /waits for the first client/],
    ["1", "const bytes = await read", "read and write", /^read returns up to 16 bytes/],
    [
      "1",
      "if (bytes === null)",
      "Losing nothing",
      /^null means that the client has finished/,
    ],
    ["1", "await write(socket, bytes)", "read and write", /^write is simpler/],
    ["6", "handleUser(socket)", "The idea", /^So we call handleUser\(socket\)/],
    ["6", ".catch(", "Who handles an error", /that is our \.catch/],
    ["6", 'socket.on("error"', "Errors that come when nobody waits", /^A socket reports/],
    ["12", "const inbox = main.join(name)", "In the user's loop", /^main\.join\(name\)/],
  ])(
    "of %s for %s is under %s, which quotes or names it",
    (slug, text, heading, words) => {
      const passage = passageFor(findStep(slug), [lineWith(slug, text)]);
      expect(passage).toMatchObject({ heading });
      expect(passage?.text).toMatch(words);
    },
  );

  test.each(someOf(LATEST_FIRST))("is there for every line of $slug", (step) => {
    for (const [line, origin] of originsOf(step)) {
      if (origin.step !== step) continue;
      const passage = passageFor(step, [line]);
      expect(passage?.href).toMatch(new RegExp(`^${step.slug}\\.html(#|$)`));
    }
  });
});

test("the command prints all of it, with commands as the caller types them", async () => {
  const { code, stdout } = await runCommand(["why", "18:Room.leave"], {
    npm_command: "run-script",
  });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^18-final, Room\.leave: examples\/18-final\/server\.ts:\d+\n/);
  expect(stdout).toMatch(/^It came in 12-main-room: /m);
  expect(stdout).toMatch(/^It changed in 16, 17, 18\.$/m);
  expect(stdout).toMatch(/^ {2}docs\/12-main-room\.md:\d+, "Two orders"$/m);
  expect(stdout).toMatch(
    /With npm run docs: http:\/\/127.0.0.1:4200\/12-main-room.html#two-orders$/m,
  );
  for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(90);
});
