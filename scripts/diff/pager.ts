// A pager: shows a long text a screen at a time.
import { spawn } from "node:child_process";

/** What a shell ends with when it cannot start a command. */
const CANNOT_START = [126, 127];

/**
 * Shows the text in `$PAGER`, or in less if there is one. Resolves when the reader is done
 * with it.
 *
 * @returns Whether the text was shown; if not, it is for the caller to print.
 */
export function page(text: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const { PAGER } = env;
  if (PAGER !== undefined && PAGER.trim() === "") return Promise.resolve(false);
  const stdio: ["pipe", "inherit", "inherit"] = ["pipe", "inherit", "inherit"];
  // As git does it: a less of the reader's own choice shows colours too.
  const options = { stdio, env: { LESS: "RFX", ...env } };
  const pager = PAGER
    ? spawn(PAGER, { ...options, shell: true })
    : spawn("less", ["-RFX"], options);
  // Ctrl-C is for the pager, which stays: if we ended, two would read the keyboard.
  const ignore = () => {};
  process.on("SIGINT", ignore);
  // A pager that is quit early reads no more, which is what its reader wanted.
  pager.stdin.on("error", () => {});
  pager.stdin.end(text);
  return new Promise<boolean>((resolve) => {
    pager.on("error", () => resolve(false));
    pager.on("close", (code) => resolve(!CANNOT_START.includes(code ?? 0)));
  }).finally(() => process.off("SIGINT", ignore));
}
