// What a process has used so far: CPU time and memory.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

interface Usage {
  /** User and system time, in seconds. Linux counts it in hundredths. */
  readonly cpu: number;
  /** Resident memory, in bytes. */
  readonly memory: number;
}

/**
 * The usage of a process. On Linux it includes the processes that it has started, because a
 * server may consist of several.
 *
 * @param pid A running process.
 * @throws {Error} When it does not run, or its usage cannot be read.
 */
export function usageOf(pid: number): Usage {
  if (process.platform === "linux") return fromProc(pid);
  const args = ["-o", "time=", "-o", "rss=", "-p", `${pid}`];
  const [time = "", rss = ""] = execFileSync("ps", args, { encoding: "utf8" })
    .trim()
    .split(/\s+/);
  const cpu = time.split(/[:-]/).reduce((sum, part) => sum * 60 + Number(part), 0);
  return { cpu, memory: Number(rss) * 1024 };
}

/** Fields 14, 15 and 24 of /proc/PID/stat (proc(5)), counted from after the name in brackets. */
function fromProc(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  const own = { cpu: ticks / 100, memory: Number(fields[21]) * 4096 };
  return childrenOf(pid)
    .map(fromProc)
    .reduce((sum, { cpu, memory }) => {
      return { cpu: sum.cpu + cpu, memory: sum.memory + memory };
    }, own);
}

/** The child processes. Linux keeps a list of them for each thread. */
function childrenOf(pid: number): number[] {
  const threads = readdirSync(`/proc/${pid}/task`);
  const lists = threads.map((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8"),
  );
  return lists.flatMap((list) => (list.match(/\d+/g) ?? []).map(Number));
}
