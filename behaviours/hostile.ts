// Step 18: input from clients that are hostile or broken.
import { type Behaviour, behaves } from "./behaviour.ts";
import { Unmet } from "./client.ts";
import { left } from "./wire.ts";

/** What the finished chat does, and the rung that adds it. Without a rung, 17 does it too. */
const FINAL = { from: "18-final" };
const WORDS = { ...FINAL, rung: "18c" };
const WHOLE_LINES = { ...FINAL, rung: "18e" };
const SAFE_TEXT = { ...FINAL, rung: "18f" };
const QUEUES = { ...FINAL, rung: "18h", flags: ["--rate", "0"] };
const MISSED = /^Server is very busy and dropped (\d+) messages, sorry!$/;
const [SE, NOP, INTERRUPT, SB, WILL, IAC] = [240, 241, 244, 250, 251, 255];

/** Messages, and how they must be delivered. */
const TEXTS: Record<string, readonly (readonly [string, string])[]> = {
  "removes terminal escapes from a message": [
    ["\x1b[31mred\x1b[0m", "[31mred[0m"],
    ["\x1b]0;title\x07text", "]0;titletext"],
    ["\u009b31mred", "31mred"],
    ["a\0b\bc\x7fd", "abcd"],
  ],
  "turns tabs and other line ends into spaces": [
    ["a\tb\vc\fd", "a b c d"],
    ["a\rb", "a b"],
    ["a\u0085b\u2028c\u2029d", "a b c d"],
  ],
  "removes bidi overrides and isolates": [
    ["a\u202eb\u202cc", "abc"],
    ["a\u2066b\u2067c\u2068d\u2069e", "abcde"],
  ],
  "keeps joiners, direction marks and flags": [
    ["👩‍👩‍👧‍👦 👍🏽 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👩‍👩‍👧‍👦 👍🏽 🏴󠁧󠁢󠁥󠁮󠁧󠁿"],
    ["a\u200eb\u200fc", "a\u200eb\u200fc"],
    ["می‌خواهم", "می‌خواهم"],
  ],
};

export const HOSTILE: readonly Behaviour[] = [
  ...Object.entries(TEXTS).map(([title, texts]) =>
    behaves(title, title.startsWith("keeps") ? FINAL : SAFE_TEXT, async (world) => {
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      for (const [sent, expected] of texts) {
        ann.send(sent);
        await ann.sees(ann.says(expected));
        await bob.sees(ann.says(expected));
      }
    }),
  ),

  behaves("answers a line of invalid UTF-8 with one error", SAFE_TEXT, async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    for (const bytes of [[0xc3, 0x28], [0x61, 0xe9, 0x62], [0xed, 0xa0, 0x80], [0xf5]]) {
      ann.sendBytes(Uint8Array.from([...bytes, 10]));
      await ann.sees(/UTF-8/);
    }
    await ann.talks("hello");
    await bob.sees(ann.says("hello"));
  }),

  behaves("does not deliver a blank line", SAFE_TEXT, async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    for (const blank of ["", "   ", "\t", "\u00a0", "\u200b\u200d\ufeff", "\x1b", "\r"]) {
      ann.send(blank);
    }
    await ann.talks("hello");
    await bob.sees(ann.says("hello"));
  }),

  behaves("does not deliver a line that a close cuts off", WHOLE_LINES, async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    ann.sendBytes("whole\nhal");
    await ann.sees(ann.says("whole"));
    await ann.leaves();
    await bob.sees(ann.says("whole"));
    await bob.seesNothing();
  }),

  behaves("does not deliver a line that a reset cuts off", FINAL, async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    ann.sendBytes("whole\nhal");
    await ann.sees(ann.says("whole"));
    await ann.resets();
    await bob.sees(ann.says("whole"));
    await bob.sees(left(world.step, ann.name, "main"));
    await bob.seesNothing();
  }),

  behaves("understands the same byte by byte", SAFE_TEXT, async (world) => {
    const ann = await world.join("ann");
    await ann.dribbles("naïve 👩‍🚀\x1b[0m\r\n/nope\r\n\u00a0\r\n\u202eend\r\n");
    await ann.seesAll([
      ann.says("naïve 👩‍🚀[0m"),
      "Unrecognized command /nope, try /help",
      ann.says("end"),
    ]);
    await ann.seesNothing();
  }),

  behaves("answers the lines behind a message that is too long", WORDS, async (world) => {
    const ann = await world.join("ann");
    const long = "x".repeat(401);
    ann.sendBytes(`${long}\nhello\n${long}\n/users\n`);
    await ann.sees("Messages can only be 400 chars long");
    await ann.sees(ann.says("hello"));
    await ann.sees("Messages can only be 400 chars long");
    await ann.sees(/^Users - /);
  }),

  behaves("counts what is left of a message", SAFE_TEXT, async (world) => {
    const ann = await world.join("ann");
    ann.send(`${"x".repeat(400)}${"\x07".repeat(100)}\r`);
    await ann.sees(ann.says("x".repeat(400)));
  }),

  behaves("takes out the options of telnet", SAFE_TEXT, async (world) => {
    const ann = await world.join("ann");
    const size = [IAC, SB, 31, 0, 80, 0, 24, IAC, SE];
    const bytes = [IAC, WILL, 31, ...size, 104, IAC, NOP, 105, 13, 10];
    ann.sendBytes(Uint8Array.from(bytes));
    await ann.sees(ann.says("hi"));
    for (const byte of bytes) ann.sendBytes(Uint8Array.of(byte));
    await ann.sees(ann.says("hi"));
    // IAC IAC is the byte FF, which is never valid in UTF-8.
    ann.sendBytes(Uint8Array.from([97, IAC, IAC, 98, 10]));
    await ann.sees(/UTF-8/);
  }),

  behaves("closes on Ctrl-C in telnet", SAFE_TEXT, async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    ann.sendBytes(Uint8Array.from([104, 105, 10, 110, 111, IAC, INTERRUPT, 10]));
    await ann.sees(ann.says("hi"));
    await ann.seesEnd();
    await bob.sees(ann.says("hi"));
    await bob.renamesSoon(ann.name);
    await bob.seesNothing();
  }),

  behaves("closes on a telnet option without an end", SAFE_TEXT, async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    ann.sendBytes(Uint8Array.from([IAC, SB, ...Array(300).fill(65), 10]));
    await ann.seesEnd();
    await bob.seesNothing();
  }),

  behaves(
    "closes on an HTTP request, and delivers none of it",
    WHOLE_LINES,
    async (world) => {
      const bob = await world.join("bob");
      const whole = await world.connect("a browser");
      whole.sendBytes("POST /chat HTTP/1.1\r\nHost: localhost\r\n\r\nspam\r\n");
      await whole.seesEndSomeTime();
      const split = await world.connect("another");
      await split.dribbles("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
      await split.seesEndSomeTime();
      // A method is a token (RFC 9110, 5.6.2). People write lower case too, so that is text.
      for (const method of ["M-SEARCH", "VERSION-CONTROL", "X_Y", "G1"]) {
        const odd = await world.connect(method);
        odd.sendBytes(`${method} * HTTP/1.1\r\nHost: localhost\r\n\r\n`);
        await odd.seesEndSomeTime();
      }
      await bob.seesNothing();
    },
  ),

  behaves(
    "closes on a TLS hello, and delivers none of it",
    WHOLE_LINES,
    async (world) => {
      const bob = await world.join("bob");
      const ann = await world.connect("ann");
      ann.sendBytes(Uint8Array.from([22, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3, 10, 65, 10]));
      await ann.seesEndSomeTime();
      await bob.seesNothing();
    },
  ),

  behaves("compares names without regard to case", WORDS, async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    for (const name of [ann.name.toLowerCase(), ann.name.toUpperCase()]) {
      bob.send(`/name ${name}`);
      await bob.sees(`${name} is already taken`);
    }
    await ann.renames(ann.name.toUpperCase());
    await bob.sees(/ is now /);
    bob.send(`/name ${ann.name}`);
    await bob.sees(`${ann.name} is already taken`);
  }),

  behaves("announces no change to the name that a user has", FINAL, async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    ann.send(`/name ${ann.name}`);
    await ann.line();
    await ann.talks("hello");
    await bob.sees(ann.says("hello"));
  }),

  behaves("gives nobody a name that is reserved", WORDS, async (world) => {
    const ann = await world.join("ann");
    for (const name of ["server", "System", "ADMIN", "you", "main"]) {
      ann.send(`/name ${name}`);
      await ann.sees(`${name} is already taken`);
    }
    await ann.talks("hello");
  }),

  behaves("refuses names that begin with a sign", WORDS, async (world) => {
    const ann = await world.join("ann");
    for (const word of ["-ann", "_ann", "__proto__"]) {
      ann.send(`/name ${word}`);
      await ann.sees("Name must be 2 - 20 alphanumeric chars");
      ann.send(`/join ${word}`);
      await ann.sees("Room must be 2 - 20 alphanumeric chars");
    }
  }),

  behaves("accepts constructor as a name and as a room", FINAL, async (world) => {
    const ann = await world.join("ann");
    let from = "main";
    for (const word of ["constructor", "hasOwnProperty", "toString"]) {
      await ann.renamesSoon(word);
      await ann.joins(word, from);
      await ann.talks("hello");
      from = word;
    }
  }),

  behaves("compares rooms without regard to case", WORDS, async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    ann.send("/join MAIN");
    await ann.sees("You are in main");
    const room = world.unique("Attic");
    await ann.joins(room);
    await bob.sees(left(world.step, ann.name, "main"));
    bob.send(`/join ${room.toUpperCase()}`);
    await bob.sees("You left main");
    await bob.sees(`You joined ${room}`);
    await bob.talks("hello");
    await ann.sees(bob.says("hello"));
  }),

  behaves(
    "calls the first room main, however it is written",
    // On a shared server the room may have others, and keeps its name.
    { ...WORDS, own: true },
    async (world) => {
      const ann = await world.join("ann");
      await ann.joins(world.unique("attic"));
      ann.send("/join MAIN");
      await ann.sees(/^You left attic/);
      await ann.sees("You joined main");
      await world.join("bob");
    },
  ),

  behaves(
    "repeats at most 32 characters of an unknown command",
    SAFE_TEXT,
    async (world) => {
      const ann = await world.join("ann");
      ann.send(`/${"x".repeat(1000)} ${"y".repeat(1000)}`);
      await ann.sees(`Unrecognized command /${"x".repeat(31)}, try /help`);
      ann.send("/a\x1b[31mb\u202ec");
      await ann.sees("Unrecognized command /a[31mbc, try /help");
    },
  ),

  // The flood consists of blank lines, which are delivered before 18f.
  behaves("frees the name of a flooder after a reset", SAFE_TEXT, async (world) => {
    const ann = await world.join("ann");
    const bob = await world.join("bob");
    // Blank, so that nothing is written to her and no write can fail after the reset. And more
    // than one read takes: a server that had handled all of it would read on, and see the reset.
    ann.sendBytes("\n".repeat(500_000));
    await bob.talks("hello");
    await ann.resets();
    await bob.renamesSoon(ann.name);
  }),

  ...(["finishes sending", "changes rooms and finishes"] as const).map((title) =>
    behaves(
      `accounts for every message to a slow client that ${title}`,
      { ...QUEUES, hostile: true },
      async (world) => {
        const ann = await world.join("ann");
        const bob = await world.join("bob");
        ann.pauses();
        const sent = await bob.floods(16_000_000);
        if (title !== "finishes sending") ann.send(`/join ${world.unique("attic")}`);
        ann.finishes();
        await bob.sees(left(world.step, ann.name, "main"));
        await bob.talks("not for Ann");
        ann.resumes();
        isAccounted(await ann.seesEndSomeTime(), bob.name, sent);
      },
    ),
  ),

  behaves(
    "accounts for every message to twenty clients that read late",
    { ...QUEUES, hostile: true },
    async (world) => {
      const labels = Array.from({ length: 20 }, (_, i) => `late ${i}`);
      const late = await Promise.all(labels.map(world.join));
      const bob = await world.join("bob");
      for (const client of late) client.pauses();
      const sent = await bob.floods(16_000_000);
      for (const client of late) {
        client.finishes();
        client.resumes();
      }
      for (const client of late) {
        isAccounted(await client.seesEndSomeTime(), bob.name, sent);
      }
    },
  ),

  behaves(
    "reads a flood slowly, and delivers all of it",
    { ...FINAL, rung: "18g", own: true, hostile: true },
    async (world) => {
      const ann = await world.join("ann");
      const bob = await world.join("bob");
      const texts = Array.from({ length: 50 }, (_, i) => `number ${i}`);
      ann.send(texts.join("\n"));
      await bob.sees(ann.says("number 0"));
      bob.send("a word");
      const seen: string[] = [];
      while (seen.at(-1) !== ann.says("number 49")) seen.push(await ann.line());
      const place = seen.indexOf(bob.says("a word"));
      if (place < 1 || place > 49) throw new Unmet("Bob's word in between", `${place}`);
      seen.splice(place, 1);
      const expected = texts.map((text) => ann.says(text));
      if (seen.join() !== expected.join()) throw new Unmet(expected.join(), seen.join());
    },
  ),
];

/** Checks that every message of `name` came or was reported missed, and that some were missed. */
function isAccounted(lines: readonly string[], name: string, sent: number): void {
  const said = lines.filter((line) => line.startsWith(`${name}: `)).length;
  const missed = lines.reduce(
    (sum, line) => sum + Number(MISSED.exec(line)?.[1] ?? 0),
    0,
  );
  if (missed === 0) throw new Unmet("a notice", `all ${said} messages`);
  if (said + missed !== sent) {
    throw new Unmet(`seen + missed to be ${sent}`, `${said} + ${missed}`);
  }
}
