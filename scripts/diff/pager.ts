// A pager: shows a long text a screen at a time.
import { spawn } from "node:child_process";

/** The exit code of a shell that cannot find a command. */
const CANNOT_START = [126, 127];

/**
 * Shows the text in `$PAGER`, or in less if it is installed. Resolves when the user has quit it.
 *
 * @returns Whether the text was shown; if not, the caller must print it.
 */
export function page(text: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const { PAGER } = env;
  if (PAGER !== undefined && PAGER.trim() === "") return Promise.resolve(false);
  const stdio: ["pipe", "inherit", "inherit"] = ["pipe", "inherit", "inherit"];
  // As in git: if $PAGER is less, it shows colours too.
  const options = { stdio, env: { LESS: "RFX", ...env } };
  const pager = PAGER
    ? spawn(PAGER, { ...options, shell: true })
    : spawn("less", ["-RFX"], options);
  // Ctrl-C is for the pager, which stays open. If we ended, the shell would read the keyboard too.
  const ignore = () => {};
  process.on("SIGINT", ignore);
  // A pager that the user quits early closes the pipe, which is not an error.
  pager.stdin.on("error", () => {});
  pager.stdin.end(text);
  return new Promise<boolean>((resolve) => {
    pager.on("error", () => resolve(false));
    pager.on("close", (code) => resolve(!CANNOT_START.includes(code ?? 0)));
  }).finally(() => process.off("SIGINT", ignore));
}
