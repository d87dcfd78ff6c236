// Reads an output fence: the command that stands in its info string, and what it prints.
import { Failure, UsageError } from "../../cli.ts";
import { findProgram, type Program } from "../../programs.ts";
import type { Source } from "../session/parse-session.ts";

export interface Output {
  readonly file: string;
  readonly line: number;
  /** As a reader types it: `just example promise-race`. */
  readonly command: string;
  readonly program: Program;
  /** What the page says that it prints. */
  readonly text: string;
}

/**
 * Reads an output.
 *
 * @throws {Failure} `docs/page.md:12: Cannot read the output: …`, when its command is not
 * `just example` and the name of an aside or a solution.
 */
export function parseOutput({ file, line, info, text }: Source): Output {
  const fail = (problem: string): never => {
    throw new Failure(`${file}:${line}: Cannot read the output: ${problem}`);
  };
  const command = info.trim().replace(/^output\s*/, "");
  const name = /^just example ([\w.-]+)$/.exec(command)?.[1];
  if (name === undefined) {
    return fail(`"${command}" must be \`just example\` and the name of an aside`);
  }
  try {
    const program = findProgram(name);
    if (program.kind === "step") fail(`${program.slug} is a server: write a session`);
    return { file, line, command, program, text };
  } catch (error) {
    if (error instanceof UsageError) return fail(error.message);
    throw error;
  }
}
