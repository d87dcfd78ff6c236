// The exercises of 06 · Concurrent.
import { EXERCISES_06 } from "../../behaviours/exercises/06.ts";
import { catches, holdsAll, named } from "./solve.ts";

holdsAll(EXERCISES_06);

const TYPEWRITER = named("6.1", EXERCISES_06);
const PAUSE = "await setTimeout(PAUSE_MS);";

catches(TYPEWRITER, "does not pause", {
  begin: "6.1",
  edits: [[PAUSE, ""]],
  got: / letters in \d+ ms$|^"🦦/,
});

catches(TYPEWRITER, "computes during the pause", {
  begin: "6.1",
  edits: [[PAUSE, "const end = Date.now() + PAUSE_MS; while (Date.now() < end);"]],
  got: /^his answers after/,
});

catches(TYPEWRITER, "pauses once, before the whole line", {
  begin: "6.1",
  edits: [
    ['for (const letter of line.slice("/slow ".length)) {', "{\n"],
    ["await write(socket, letter);", "const text = line.slice(6);"],
    [PAUSE, "await setTimeout([...text].length * PAUSE_MS); await write(socket, text);"],
  ],
  got: /^"🦦/,
});

catches(TYPEWRITER, "answers one client after the other", {
  begin: "6.1",
  edits: [
    ["for await", "let turn = Promise.resolve();\nfor await"],
    [
      "for (const letter of",
      `const before = turn;
      let end;
      turn = new Promise((resolve) => { end = resolve; });
      await before;
      for (const letter of`,
    ],
    ['await write(socket, " ❤️\\n");', 'await write(socket, " ❤️\\n"); end();'],
  ],
  got: /^his answers after/,
});
