// How the user called us: with just, or through npx or npm. The commands that we suggest have the
// same form, because that is the one that works there.
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

type Form = "just" | "npx -y rust-just" | "npm run";

/**
 * The form of the call.
 *
 * @param env npm sets `npm_command` for what it starts: `exec` for npx, `run-script` or `test`
 * for npm itself. Without it, the form is just if that is on the `PATH`, else npx.
 */
export function formOfCall(env: NodeJS.ProcessEnv = process.env): Form {
  // This must come first, because npx puts its own just on the path.
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
/** The names of all commands; `start` exists only for npm. */
const COMMANDS = Object.keys(scripts).filter((name) => name !== "start");
/** A call such as `just test 6`: captures the command, and whether an argument follows. */
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

/** The same for a help text: realigns its columns, and rewraps its prose. */
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
