// The mistakes that "Break it" makes in nine of the steps. Each is an edit of the server, and
// the search of the playground finds a session in which it does harm.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are texts of a program

export interface Mistake {
  readonly name: string;
  /** Texts of the server, each once in it, and what they become. */
  readonly edits: readonly (readonly [from: string, to: string])[];
}

/** By the number of the step. */
export const MISTAKES: ReadonlyMap<number, Mistake> = new Map([
  [
    2,
    {
      name: "an exit where a return was",
      edits: [["if (bytes === null) return;", "if (bytes === null) process.exit();"]],
    },
  ],
  [
    6,
    {
      name: "an await too many",
      edits: [["  handleUser(socket)\n", "  await handleUser(socket)\n"]],
    },
  ],
  [
    7,
    {
      name: "a task that nobody catches",
      edits: [
        [
          "handleUser(socket)\n    .then(() => finish(socket))\n    .catch((error: Error) => {\n" +
            "      console.error(`lost a user: ${error.message}`);\n" +
            "      socket.destroy();\n    });",
          "handleUser(socket).then(() => finish(socket));",
        ],
      ],
    },
  ],
  [
    8,
    {
      name: "race instead of select",
      edits: [
        [
          "    const event = await select({ user: lines, peer: inbox });\n",
          "    const event = await Promise.race([\n" +
            '      lines.next().then((one) => ({ from: "user", ...one }) as const),\n' +
            '      inbox.next().then((one) => ({ from: "peer", ...one }) as const),\n' +
            "    ]);\n",
        ],
      ],
    },
  ],
  [
    10,
    {
      name: "an await between look and take",
      edits: [
        [
          "  /** Takes a random name",
          "  isFree(name: string): boolean {\n    return !this.#taken.has(name);\n  }\n\n" +
            "  /** Takes a random name",
        ],
        [
          "      if (names.take(argument)) {\n",
          "      if (names.isFree(argument)) {\n" +
            "        // Answers later, as a database would.\n" +
            "        await new Promise((resolve) => setTimeout(resolve));\n" +
            "        names.take(argument);\n",
        ],
      ],
    },
  ],
  [
    11,
    {
      name: "gives the name back at /quit only",
      edits: [
        ["        return;\n", "        names.free(name);\n        return;\n"],
        ["    inbox.close();\n    names.free(name);\n", "    inbox.close();\n"],
      ],
    },
  ],
  [
    13,
    {
      name: "two lines in the wrong order",
      edits: [
        [
          "          room.leave(name, inbox);\n          room = rooms.open(argument);\n",
          "          room = rooms.open(argument);\n          room.leave(name, inbox);\n",
        ],
      ],
    },
  ],
  [
    15,
    {
      name: "removes the room while others are still in it",
      edits: [
        [
          "    room.leave(user, inbox);\n    if (room.size === 0) this.#rooms.delete(room.name);\n",
          "    room.leave(user, inbox);\n    this.#rooms.delete(room.name);\n",
        ],
      ],
    },
  ],
  [
    17,
    {
      name: "a user leaves before its last lines are written",
      edits: [
        [
          "    this.deliver(user);\n    this.#users.delete(user);",
          "    this.#users.delete(user);",
        ],
      ],
    },
  ],
]);
