// Traps: commands of the names of what tests may not start unasked, first on the path. Each
// only writes down that it was started.
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Commands that no test may start when not all is run. */
export const MORE_THAN_NODE = [
  ...["cc", "gcc", "clang", "c99", "make"],
  ...["chromium", "chromium-browser", "google-chrome", "firefox"],
  ...[
    "tmux",
    "screen",
    "wine",
    "wine64",
    "wineserver",
    "qemu-aarch64-static",
    "nats-server",
    "stunnel",
    "systemd-analyze",
  ],
  ...["python", "python3", "patch", "curl", "telnet", "nc"],
];

/** Commands that must not be started, and what was started after all. */
export class Traps {
  /** A path with the traps first. */
  readonly path: string;
  readonly #record: string;

  /**
   * @param folder Where they are put; made if it is not there.
   * @param names What they are called. There is always one that is called just: it is found,
   * so that commands call themselves so, and never started.
   */
  constructor(folder: string, names: readonly string[] = MORE_THAN_NODE) {
    mkdirSync(folder, { recursive: true });
    this.path = `${folder}${delimiter}${process.env.PATH}`;
    this.#record = join(folder, "sprung.txt");
    // On Windows nothing runs such files; there it is enough that they are there.
    if (process.platform === "win32") writeFileSync(join(folder, "just.cmd"), "");
    for (const name of ["just", ...names]) {
      const file = join(folder, name);
      writeFileSync(file, `#!/bin/sh\necho "${name} $*" >>"${this.#record}"\nexit 127\n`);
      chmodSync(file, 0o755);
    }
  }

  /** The commands that were started, with their arguments. */
  sprung(): string[] {
    if (!existsSync(this.#record)) return [];
    return readFileSync(this.#record, "utf8").trim().split("\n");
  }
}
