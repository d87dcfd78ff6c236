// What some tests need beside Node: a terminal multiplexer, a browser, a C compiler, a broker, wine.
//
// `just test` starts none of these, not even where they are: it has to pass, and to test the
// same, on a machine that has only Node, git and a shell. `just test --all` looks for them,
// says loudly what it does not run where one is missing and, with REQUIRE_ALL, fails instead.
import { spawnSync } from "node:child_process";

/** Whether all is to be run: `just test --all`, or a slow test that was named. */
export const ALL = process.env.TEST_ALL === "1";

/**
 * May it be used, and is it here? If not, it says what is not run for that.
 *
 * @param there What has been looked for and found; undefined when it is not here.
 * @param what What is not run then: `the chat in a terminal`.
 * @param name What is missing: `tmux`.
 * @throws {Error} When it is not here and REQUIRE_ALL is set, as in our CI.
 */
export function needs(
  there: string | undefined,
  what: string,
  name: string,
): there is string {
  // `just test` says at its end that such things were not run.
  if (!ALL) return false;
  if (there !== undefined) return true;
  if (process.env.REQUIRE_ALL)
    throw new Error(`Cannot test ${what}: there is no ${name}`);
  console.warn(`\n*** NOT RUN here: ${what}, as there is no ${name} ***\n`);
  return false;
}

/** A command that is on the path. Where not all is to be run, it is not even looked for. */
export function commandNamed(
  name: string,
  versionFlag = "--version",
  PATH = process.env.PATH,
): string | undefined {
  const env = { ...process.env, PATH };
  return ALL && spawnSync(name, [versionFlag], { env }).status === 0 ? name : undefined;
}

/** All of them where all is to be run, else the first: for what is much the same with each. */
export function someOf<Item>(items: readonly Item[]): readonly Item[] {
  return ALL ? items : items.slice(0, 1);
}
