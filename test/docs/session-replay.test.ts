// Sessions against real servers: what holds, what does not, and what is recorded.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, inject, test } from "vitest";
import { Mismatch } from "../../scripts/docs/session/mismatch.ts";
import { parseSession } from "../../scripts/docs/session/parse-session.ts";
import { replay } from "../../scripts/docs/session/replay.ts";
import { updateSessions } from "../../scripts/docs/session/update.ts";

/** The session stands from line 1 of its page on, behind its fence. */
function play(server: string, text: string, patience = 15_000): Promise<string[]> {
  const info = `session ${server}`;
  const session = parseSession({ file: "page.md", line: 0, info, text });
  return replay(session, { built: inject("built"), patience });
}

/** Waits in vain no longer than this. */
const SHORT = 5_000;

const HOLD: Record<string, [server: string, session: string]> = {
  "one client, then the end": [
    "01-echo",
    `server | listening on 127.0.0.1:42069
ann connects
bob is refused
ann >| half
ann < half
ann sees nothing
ann > and this is a line of more than sixteen bytes
ann < and this is a line of more than sixteen bytes
ann leaves
ann is closed
server ends`,
  ],
  "a second client that waits": [
    "02-serial",
    `ann connects
ann > hello
ann < hello
bob connects
bob > hello?
bob sees nothing
ann leaves
bob < hello?`,
  ],
  "reads of sixteen bytes": [
    "03-modify",
    `ann connects
ann > this is the best day ever!
ann < this is the best ❤️
ann <  day ever! ❤️
ann >| one\\ntwo\\n
ann < one
ann < two ❤️
ann >| \\xe2\\x9d
ann < \ufffd ❤️`,
  ],
  "lines, whole and without end": [
    "04-lines",
    `ann connects
ann >| this is
ann sees nothing
ann >  a line
ann < this is a line ❤️
ann >| no end
ann leaves
ann < no end ❤️`,
  ],
  "a reset that ends the server": [
    "05-commands",
    `ann connects
ann < ...
ann resets
server ends with 1`,
  ],
  "a reset that does not": [
    "06-concurrent",
    `ann connects
ann < Server commands
ann <   /help - prints this message
ann <   /quit - quits server
bob connects
bob < ...
bob > /quit
bob is closed
ann resets
server | lost a user: read ECONNRESET
bob connects
bob < ...
bob > back
bob < back ❤️`,
  ],
  "one speaks, all hear": [
    "08-chat",
    `ann connects
ann < ...
bob connects
bob < ...
ann > hello
bob < hello ❤️
ann < hello ❤️
bob sees nothing`,
  ],
  "names and rooms": [
    "13-join",
    `ann connects
ann < ...
ann < You are Otter
ann < Otter joined main
bob connects
bob < ...
bob < You are Yak
bob < Yak joined main
ann < Yak joined main
bob > /join attic
ann < Yak left main
bob < Yak joined attic
ann > Yak?
ann < Otter: Yak?
bob sees nothing
bob leaves`,
  ],
  "an orderly end": [
    "18-final",
    `ann connects
ann < ...
ann < You joined main
server gets Ctrl-C
ann < Server is shutting down, goodbye!
ann is closed
server ends`,
  ],
};

describe.concurrent("holds", () => {
  for (const [title, [server, session]] of Object.entries(HOLD)) {
    // Windows has no SIGINT to send.
    test.skipIf(process.platform === "win32" && session.includes("Ctrl-C"))(
      `${server}: ${title}`,
      async ({ expect }) => {
        const transcript = await play(server, session);
        expect(transcript.length).toBeGreaterThanOrEqual(session.split("\n").length / 2);
      },
    );
  }
});

const CHAT = "ann connects\nann < ...\nbob connects\nbob < ...\nann > hello\n";

const FAIL: Record<string, [server: string, session: string, message: string]> = {
  "another line": [
    "08-chat",
    `${CHAT}ann < Hello ❤️`,
    '6: Cannot replay the session: expected ann to see "Hello ❤️", got "hello ❤️"',
  ],
  "no line": [
    "06-concurrent",
    `${CHAT}bob < hello ❤️`,
    '6: Cannot replay the session: expected bob to see "hello ❤️", got "  /quit - quits server" and nothing within 5 s',
  ],
  "a line that nobody told of": [
    "08-chat",
    `${CHAT}ann < hello ❤️`,
    "6: Cannot replay the session: expected that nothing more comes, got bob < hello ❤️",
  ],
  "a line where there was to be nothing": [
    "08-chat",
    `${CHAT}ann < hello ❤️\nbob sees nothing\nbob < hello ❤️`,
    "7: Cannot replay the session: expected bob to see nothing, got bob < hello ❤️",
  ],
  "part of a line": [
    "01-echo",
    "ann connects\nann > hello\nann < hell",
    '3: Cannot replay the session: expected ann to see "hell", got "hello"',
  ],
  "the end of a connection": [
    "05-commands",
    "ann connects\nann < ...\nann > /quit\nann < bye",
    '4: Cannot replay the session: expected ann to see "bye", got the end of the connection',
  ],
  "an end that nobody told of": [
    "06-concurrent",
    "ann connects\nann < ...\nann > /quit",
    "3: Cannot replay the session: expected that nothing more comes, got ann is closed",
  ],
  "a connection that does not end": [
    "06-concurrent",
    "ann connects\nann < ...\nann is closed",
    "3: Cannot replay the session: expected ann to see the connection end, got nothing within 5 s",
  ],
  "a server that runs on": [
    "02-serial",
    "ann connects\nann leaves\nserver ends",
    "3: Cannot replay the session: expected the server to end with 0, got that it runs on",
  ],
  "another code": [
    "05-commands",
    "ann connects\nann < ...\nann resets\nserver ends",
    "4: Cannot replay the session: expected the server to end with 0, got an end with 1",
  ],
  "a line that the server prints": [
    "06-concurrent",
    "server | listening on 127.0.0.1:42069\nann connects\nann < ...\nann resets\nbob connects\nbob < ...",
    '6: Cannot replay the session: expected the server to print nothing more, got "lost a user: read ECONNRESET"',
  ],
  "a connection that is not refused": [
    "02-serial",
    "ann is refused",
    "1: Cannot replay the session: expected ann to be refused, got a connection",
  ],
};

describe.concurrent("does not hold", () => {
  for (const [title, [server, session, message]] of Object.entries(FAIL)) {
    test(`${server}: ${title}`, async ({ expect }) => {
      const played = await play(server, session, SHORT).catch((error: unknown) => error);
      expect(played).toBeInstanceOf(Mismatch);
      expect(`${played}`).toContain(`page.md:${message}`);
      expect(`${played}`).toContain("What was played so far:\n  server | listening");
    });
  }

  test("a server that there is not", async ({ expect }) => {
    await expect(play("19-more", "ann connects")).rejects.toThrow("Cannot find");
  });
});

const folders = mkdtempSync(join(tmpdir(), "sessions-"));
afterAll(() => rmSync(folders, { recursive: true }));

describe.concurrent("an update", () => {
  async function update(page: string): Promise<{ page: string; told: string }> {
    const folder = mkdtempSync(join(folders, "page-"));
    const file = join(folder, "page.md");
    writeFileSync(file, page);
    const told: string[] = [];
    const tell = (line: string) => void told.push(line);
    const changed = await updateSessions([file], { built: inject("built"), tell });
    if (changed.length === 0) told.push("no page changed");
    return {
      page: readFileSync(file, "utf8"),
      told: told.join("\n").replaceAll(file, "page.md"),
    };
  }

  const RIGHT = `# Page

\`\`\`session 13-join
ann connects
ann < ...
# the first
ann < You are Otter
ann < Otter joined main
bob connects
bob < ...
bob < You are EminentBear
bob < EminentBear joined main
ann < EminentBear joined main
ann > hello
ann < Otter: hello
bob < Otter: hello
bob > /quit
bob is closed
ann < EminentBear left main
\`\`\`
`;

  test("leaves alone what holds", async ({ expect }) => {
    const { page, told } = await update(RIGHT);
    expect(page).toBe(RIGHT);
    expect(told).toBe("page.md:3: as written\nno page changed");
  });

  test("makes right what is wrong, missing, or too much, and shows it", async ({
    expect,
  }) => {
    const wrong = RIGHT.replace("Otter: hello", "Otter says hello")
      .replace("bob < EminentBear joined main\n", "")
      .replace("bob is closed\n", "")
      .replace("ann > hello\n", "ann > hello\nbob sees nothing\nbob < what?\n")
      .replace("\nbob < Otter: hello", "");
    const { page, told } = await update(wrong);
    // What was not there before stands where it came, which may differ between the clients.
    const ofEach = (text: string) =>
      ["ann", "bob"].map((who) =>
        text.split("\n").filter((line) => line.startsWith(`${who} `)),
      );
    expect(ofEach(page)).toEqual(ofEach(RIGHT));
    expect(page.split("\n").sort()).toEqual(RIGHT.split("\n").sort());
    expect(told).toContain("\n  -ann < Otter says hello\n");
    expect(told).toMatch(/\n {2}\+(ann|bob) < Otter: hello\n/);
  });
});
