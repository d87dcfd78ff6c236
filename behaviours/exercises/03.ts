// The exercises of 03 · Modify.
import { type Exercise, exercise } from "./exercise.ts";

export const EXERCISES_03: readonly Exercise[] = [
  exercise("3.1", "reports the length of a line in two ways", async (world) => {
    const ann = await world.connect("ann");
    for (const [text, bytes, characters] of [
      ["hello", 5, 5],
      ["é", 2, 1],
      ["e\u{301}", 3, 1],
      ["🦦", 4, 1],
      ["❤️", 6, 1],
      // A waving hand and a skin tone.
      ["👋🏽", 8, 1],
    ] as const) {
      ann.send(text);
      await ann.sees(`${text} ❤️ (bytes: ${bytes}, characters: ${characters})`);
    }
  }),

  exercise("3.2", "garbles no character", async (world) => {
    const ann = await world.connect("ann");
    ann.send("fifteen letters\u{e9}");
    await ann.sees("fifteen letters ❤️");
    await ann.sees("\u{e9} ❤️");
    // The read ends after two of the character's four bytes.
    const otter = Buffer.from("🦦");
    ann.sendBytes(Buffer.concat([Buffer.from("fourteen bytes"), otter.subarray(0, 2)]));
    await ann.sees("fourteen bytes ❤️");
    ann.sendBytes(Buffer.concat([otter.subarray(2), Buffer.from("\n")]));
    await ann.sees("🦦 ❤️");
    // What Ann leaves unfinished is none of Bob's.
    ann.sendBytes(Buffer.concat([Buffer.from("fourteen bytes"), otter.subarray(0, 2)]));
    await ann.sees("fourteen bytes ❤️");
    await ann.leaves();
    const bob = await world.connect("bob");
    bob.send("hello");
    await bob.sees("hello ❤️");
  }),

  exercise("3.3", "shows the bytes of each read", async (world) => {
    const ann = await world.connect("ann");
    ann.sendBytes("hello\r\n");
    await ann.sees(
      "00000000  68 65 6c 6c 6f 0d 0a                              |hello..|",
    );
    ann.sendBytes("sixteen bytes é|A");
    await ann.sees(
      "00000007  73 69 78 74 65 65 6e 20  62 79 74 65 73 20 c3 a9  |sixteen bytes ..|",
    );
    await ann.sees("00000017  7c 41                                             ||A|");
  }),
];
