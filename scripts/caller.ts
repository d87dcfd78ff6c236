// How the user called us: by just, or through npx or npm. What we tell them to type next
// has the same form, for that is the one that works where they are.
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

type Form = "just" | "npx -y rust-just" | "npm run";

/**
 * The form of a call.
 *
 * @param env npm sets `npm_command` in what it starts: `exec` for npx, `run-script` or `test`
 * for npm itself. Where it is not set, the form is that of just if it is on the `PATH`.
 */
export function formOfCall(env: NodeJS.ProcessEnv = process.env): Form {
  // First of all: npx puts a just of its own on the path.
  if (env["npm_command"] === "exec") return "npx -y rust-just";
  if (env["npm_command"]) return "npm run";
  const folders = (env["PATH"] ?? env["Path"] ?? "").split(delimiter).filter(Boolean);
  const files = process.platform === "win32" ? ["just.exe", "just.cmd"] : ["just"];
  const has = folders.some((path) => files.some((file) => existsSync(join(path, file))));
  return has ? "just" : "npx -y rust-just";
}

const { scripts } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
) as { scripts: Record<string, string> };
/** The names of all commands; `start` is only npm's. */
const COMMANDS = Object.keys(scripts).filter((name) => name !== "start");
/** `just test 6`: with the name of a command, and whether something follows it. */
const CALL = new RegExp(
  String.raw`\bjust (${COMMANDS.join("|")})\b(?!-|\.\w)( (?=[[\w"./-]))?`,
  "g",
);

/** The text with each `just example 6` as the caller types it: `npm run example -- 6`. */
export function asCalled(text: string, form: Form = formOfCall()): string {
  return text.replaceAll(CALL, (_, command: string, space = "") =>
    form === "npm run" && space !== ""
      ? `${form} ${command} -- `
      : `${form} ${command}${space}`,
  );
}

/** A command and what it does, at least two spaces apart. */
const EXAMPLE = /^ {2}(just \S.*?) {2,}(\S.*)$/;

/** The width of the prose of a help text, in columns. */
const WIDTH = 80;

/** The same for a whole help text: aligns its columns and wraps its prose again. */
export function asCalledHelp(text: string, form: Form = formOfCall()): string {
  const [usage = "", ...blocks] = text.split("\n\n");
  return [asCalled(usage, form), ...blocks.map((block) => helpBlock(block, form))].join(
    "\n\n",
  );
}

function helpBlock(block: string, form: Form): string {
  if (/^\S/.test(block) && !block.includes("\n  ")) return wrap(asCalled(block, form));
  const lines = block.split("\n").map((line) => {
    const [, call, does = ""] = EXAMPLE.exec(line) ?? [];
    return call === undefined
      ? asCalled(line, form)
      : { call: asCalled(call, form), does };
  });
  const calls = lines.flatMap((line) => (typeof line === "string" ? [] : [line.call]));
  const width = Math.max(...calls.map((call) => call.length));
  return lines
    .map((line) =>
      typeof line === "string" ? line : `  ${line.call.padEnd(width)}  ${line.does}`,
    )
    .join("\n");
}

function wrap(prose: string): string {
  let line = "";
  const lines: string[] = [];
  for (const word of prose.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}
