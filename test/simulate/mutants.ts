// Step 18 with a mistake in it: each an edit of its text.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are texts of a program
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { EXAMPLES } from "../../behaviours/steps.ts";

interface Mutant {
  readonly name: string;
  /** The rule that it breaks. */
  readonly rule: string;
  readonly edits: readonly (readonly [from: string, to: string])[];
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: "an await too many, between look and take",
    rule: "no two users have the same name",
    edits: [
      [
        "function rename(user: User, name: string): string[] {",
        "async function rename(user: User, name: string): Promise<string[]> {",
      ],
      ["...answer(user, argument)", "...(await answer(user, argument))"],
      [
        "if (!isSame && !names.take(name)) return [`${name} is already taken`];",
        "if (!isSame && names.has(name)) return [`${name} is already taken`];\n" +
          "  await new Promise((resolve) => setImmediate(resolve));\n  names.take(name);",
      ],
      [
        "  takeRandom(): string {",
        "  has(name: string): boolean {\n    const key = name.toLowerCase();\n" +
          "    return RESERVED.has(key) || this.#taken.has(key);\n  }\n\n" +
          "  takeRandom(): string {",
      ],
    ],
  },
  {
    name: "a name that is not freed",
    rule: "a name is free again when its user is gone",
    edits: [["    names.free(user.name);\n    log.info", "    log.info"]],
  },
  {
    name: "a lost wake",
    rule: "every client is served",
    // Messages after the first flush wait for one that nobody asks for.
    edits: [["    this.#flushing = false;\n    if", "    if"]],
  },
  {
    name: "a leave without its message",
    rule: "a departure is announced",
    edits: [["    this.#announce(`${user.name} left`);\n", ""]],
  },
  {
    name: "a cursor off by one",
    rule: "all in a room see the same, in the same order",
    edits: [
      [
        "this.#users.add(user);\n    user.cursor = this.#end;",
        "this.#users.add(user);\n    user.cursor = this.#end - 1;",
      ],
    ],
  },
];

/** The text of a mutant. @throws {Error} When step 18 has changed, and the edit no longer fits. */
export function textOf({ name, edits }: Mutant): string {
  let text = readFileSync(join(EXAMPLES, "18-final", "server.ts"), "utf8");
  for (const [from, to] of edits) {
    if (!text.includes(from)) throw new Error(`${name}: there is no "${from}" in 18`);
    text = text.replace(from, to);
  }
  return text;
}
