// The exercises of 05 · Commands.
import { type Client, Unmet } from "../client.ts";
import { type Exercise, exercise } from "./exercise.ts";

/** Expects the help, with all three commands in any order. */
async function seesCommands(client: Client): Promise<void> {
  await client.sees("Server commands");
  const listed: string[] = [];
  for (let i = 0; i < 3; i += 1) {
    const line = await client.sees(/^ {2}\/\w+ - \S/);
    listed.push(line.replace(/ - .*/, "").trim());
  }
  const commands = listed.sort().join(", ");
  if (commands !== "/count, /help, /quit") {
    throw new Unmet("/count, /help, /quit", commands);
  }
}

export const EXERCISES_05: readonly Exercise[] = [
  exercise("5.1", "sends //quit as the message /quit", async (world) => {
    const ann = await world.join("ann");
    for (const [typed, said] of [
      ["//quit", "/quit"],
      ["///", "//"],
      ["1 // 2", "1 // 2"],
      ["/helpful", "/helpful"],
    ]) {
      ann.send(`${typed}`);
      await ann.sees(`${said} ❤️`);
    }
    ann.send("/quit");
    await ann.seesEnd();
  }),

  exercise(
    "5.2",
    "answers in capitals from /shout to /calm, for each client separately",
    async (world) => {
      const ann = await world.join("ann");
      await ann.talks("hello");
      ann.send("/shout");
      await ann.sees("You shout");
      ann.send("hello, naïve straße");
      await ann.sees("HELLO, NAÏVE STRASSE ❤️");
      ann.send("/calm");
      await ann.sees("You are calm");
      await ann.talks("hello");
      ann.send("/shout");
      await ann.sees("You shout");
      await ann.leaves();
      const bob = await world.join("bob");
      await bob.talks("hello");
    },
  ),

  exercise("5.3", "lists every command it has, and no other", async (world) => {
    const ann = await world.connect("ann");
    await seesCommands(ann);
    // A property that every object inherits is not a command.
    for (const text of [
      "hello",
      "/helpful",
      "constructor",
      "/constructor",
      "__proto__",
    ]) {
      ann.send(text);
      await ann.sees(`${text} ❤️`);
    }
    ann.send("/count");
    await ann.sees("Lines: 5");
    ann.send("/help");
    await seesCommands(ann);
    ann.send("/quit");
    await ann.seesEnd();
  }),
];
