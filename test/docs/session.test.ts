// Sessions as text: what parses, what does not, what is written back, what is drawn.
import { expect, test } from "vitest";
import { Failure } from "../../scripts/cli.ts";
import { fencesIn, replaceFences } from "../../scripts/docs/session/fences.ts";
import { formatEvent } from "../../scripts/docs/session/format.ts";
import { Names } from "../../scripts/docs/session/names.ts";
import { parseSession } from "../../scripts/docs/session/parse-session.ts";
import { renderSession } from "../../scripts/docs/session/session-figure.ts";
import { bytesOf } from "../../scripts/docs/session/typed.ts";

const ALL_FORMS = `server | listening on 127.0.0.1:42069
server |
server | ...
ann connects
bob is refused
bob connects
ann > hello
ann >
ann >| half a\\n
ann < hello ❤️
ann <  a blank before
ann <
ann < ...
bob sees nothing
ann leaves
ann < bye
bob resets
bob connects
bob is closed
ann connects to A
server B is killed
server B is cut off
server B is connected again
server gets Ctrl-C
server ends
server ends with 1
`;

const parse = (text: string, info = "session 08-chat") =>
  parseSession({ file: "docs/page.md", line: 10, info, text });

test("every form of a line is written as it was read", () => {
  const { events } = parse(ALL_FORMS);
  expect(events.map((event) => `${formatEvent(event)}\n`).join("")).toBe(ALL_FORMS);
});

test("knows its server, its clients, and where each line stands", () => {
  const session = parse(
    "# not shown\nann connects\n\nbob connects\n",
    "session 06.2 diagram",
  );
  expect(session).toMatchObject({
    server: "06.2",
    flags: [],
    diagram: true,
    clients: ["ann", "bob"],
    events: [
      { line: 12, client: "ann", kind: "connects" },
      { line: 14, client: "bob", kind: "connects" },
    ],
  });
});

test.each([
  ["ann connects\nann says hello", 12, 'there is "ann says hello", but a line is'],
  ["Ann connects", 11, 'there is "Ann connects"'],
  ["ann connects\nann <hello", 12, 'there is "ann <hello"'],
  ["ann > hello", 11, "ann is not connected"],
  ["ann connects\nann connects", 12, "ann is connected already"],
  ["ann connects\nann leaves\nann > hello", 13, "ann is not connected"],
  ["ann connects\nann resets\nann < hello", 13, "ann is not connected"],
  ["ann connects\nann is closed\nann leaves", 13, "ann is not connected"],
  ["server explodes", 11, 'there is "server explodes"'],
  ["# nobody", 10, "nothing happens in it"],
])("cannot read %j", (text, line, problem) => {
  expect(() => parse(text)).toThrow(Failure);
  expect(() => parse(text)).toThrow(
    `docs/page.md:${line}: Cannot read the session: ${problem}`,
  );
});

test("starts its server with flags", () => {
  const info = "session 18-final diagram --rate 0 --limit-loopback";
  const session = parse("ann connects", info);
  expect(session).toMatchObject({ server: "18-final", diagram: true });
  expect(session.flags).toEqual(["--rate", "0", "--limit-loopback"]);
});

test.each([
  ["session", "name its server"],
  ["session 08-chat digram", '"digram" is no option of it'],
])("cannot read the fence %j", (info, problem) => {
  expect(() => parse("ann connects", info)).toThrow(
    `docs/page.md:10: Cannot read the session: ${problem}`,
  );
});

test("types bytes as they are written", () => {
  expect(bytesOf("a\\n", false).toString()).toBe("a\\n\n");
  expect(bytesOf("a\\r\\nb\\t\\\\n\\xe2\\x9d ❤️", true)).toEqual(
    Buffer.concat([Buffer.from("a\r\nb\t\\n"), Buffer.of(0xe2, 0x9d), Buffer.from(" ❤️")]),
  );
});

test("a name stands for the one that the server gave", () => {
  const names = new Names();
  expect(names.matches("You are Otter", "You joined main")).toBe(false);
  expect(names.matches("You are Otter", "You are BraveOtter")).toBe(true);
  expect(names.matches("Otter: my Otters", "BraveOtter: my Otters")).toBe(true);
  expect(names.matches("You are Otter", "You are OtherOtter")).toBe(false);
  expect(names.matches("You are Yak", "You are Otter")).toBe(true);
  // What was put in is not replaced again.
  expect(names.toReal("Yak, Otter")).toBe("Otter, BraveOtter");
  expect(names.toWords("Otter, BraveOtter")).toBe("Yak, Otter");
});

const PAGE = `# A page

\`\`\`ts sketch
no session
\`\`\`

<details><summary>Solution</summary>

- in a list

  \`\`\`session 08-chat
  ann connects
  \`\`\`

</details>

\`\`\`output just example eager
one
\`\`\`
`;

test("finds the fences of a page, and where they stand", () => {
  const fences = fencesIn("docs/page.md", PAGE);
  expect(fences).toMatchObject([
    { kind: "session", line: 11, text: "ann connects\n", file: "docs/page.md" },
    { kind: "output", line: 17, text: "one\n", info: "output just example eager" },
  ]);
});

test("replaces what stands in fences, and nothing else", () => {
  const [session, output] = fencesIn("docs/page.md", PAGE);
  if (!session || !output) throw new Error("no fences");
  const page = replaceFences(PAGE, [
    { fence: session, text: "ann connects\nann leaves\n" },
    { fence: output, text: "two\n\nthree\n" },
  ]);
  expect(page).toBe(
    PAGE.replace("connects\n", "connects\n  ann leaves\n").replace(
      "one\n",
      "two\n\nthree\n",
    ),
  );
});

test("draws a row for each event, in the column of its client", () => {
  const drawn = renderSession(
    parse(
      "ann connects\nbob connects\nann > <b>\nbob < <b> ❤️\nbob < ...\nann >| & half\nserver ends\n",
    ),
  );
  expect(drawn).toContain('style="--clients: 2"');
  expect(drawn).toContain('data-copy="&lt;b&gt;\n&amp; half"');
  const rows = [
    ...drawn.matchAll(/<li class="session-row" data-client="(\w+)" data-kind="(\w+)">/g),
  ];
  expect(rows.map(([, column, kind]) => `${column} ${kind}`)).toEqual([
    "1 action",
    "2 action",
    "1 types",
    "2 sees",
    "2 skips",
    "1 types",
    "server action",
  ]);
  // As it is read aloud: who, what, and the text, row by row.
  const text = drawn.replace(/<div.*?<\/div>/s, "").replaceAll(/<[^>]*>/g, "");
  expect(text).toMatch(/bob sees: &lt;b&gt; ❤️\nbob sees …\nann types: &amp; half\n/);
});
