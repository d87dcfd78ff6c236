// Ends what a run of the tests leaves when it is killed: node test/watchdog.mjs FOLDER
//
// It runs beside the tests until its input ends, which it does with the run, however that
// ends. A run that comes to its own end has removed its folder by then; of one that was
// killed the processes are still there, and a server that never sleeps would use a core.
//
// Plain JavaScript: it is started for every run, and needs no loader.
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The name of the run in the environment of each process that it starts. */
export const RUN = "TEST_RUN";

/**
 * The processes of a run, zombies aside. On Linux only: elsewhere nothing lists the
 * environments of others, and there are none.
 *
 * @param {string} folder Of the run: what `TEST_RUN` is in the processes.
 * @returns {{ pid: number, parent: number, command: string }[]}
 */
export function processesOf(folder) {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const read = (file) => readFileSync(`/proc/${name}/${file}`, "utf8");
        if (!read("environ").split("\0").includes(`${RUN}=${folder}`)) return [];
        const [, parent] = /^PPid:\s+(\d+)$/m.exec(read("status")) ?? [];
        const command = read("cmdline").replaceAll("\0", " ").trim();
        return { pid: Number(name), parent: Number(parent), command };
      } catch {
        // It ended meanwhile, or belongs to another user.
        return [];
      }
    });
}

async function watch(folder) {
  for await (const _ of process.stdin);
  if (!existsSync(folder)) return;
  // What is killed last may have started another.
  for (let left = processesOf(folder); left.length > 0; left = processesOf(folder)) {
    for (const { pid } of left) kill(pid);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  rmSync(folder, { recursive: true, force: true });
}

function kill(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended between the look and the signal.
  }
}

const [, program = "", folder] = process.argv;
if (folder && program === fileURLToPath(import.meta.url)) await watch(folder);
