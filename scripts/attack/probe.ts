// What goes on inside of a server of ours: a module that is loaded before it, and the lines that
// the module prints.

/** What is measured, each at the same time. */
export interface Sample {
  /** Since the server started, in seconds. */
  readonly time: number;
  /** What the heap holds after a garbage collection, in bytes. */
  readonly heap: number;
  /** Resident memory, in bytes. */
  readonly rss: number;
  /** Open file descriptors; 0 where the system does not say. */
  readonly descriptors: number;
  readonly timers: number;
}

const MARK = "probe: ";

/**
 * The options of Node that measure a server from inside.
 *
 * @param period Between two samples, in seconds.
 */
export function probeFlags(period: number): string[] {
  const module = `import { readdirSync } from "node:fs";
    const count = (path) => { try { return readdirSync(path).length } catch { return 0 } };
    const look = () => {
      gc();
      const { heapUsed: heap, rss } = process.memoryUsage();
      const timers = process.getActiveResourcesInfo().filter((one) => one === "Timeout").length;
      const descriptors = count("/proc/self/fd");
      const sample = { time: process.uptime(), heap, rss, descriptors, timers };
      console.log(${JSON.stringify(MARK)} + JSON.stringify(sample));
    };
    setInterval(look, ${1000 * period}).unref();`;
  return ["--expose-gc", `--import=data:text/javascript,${encodeURIComponent(module)}`];
}

/** The samples in what a server has printed. */
export function samplesIn(output: string): Sample[] {
  return output
    .split("\n")
    .slice(0, -1)
    .filter((line) => line.startsWith(MARK))
    .map((line) => JSON.parse(line.slice(MARK.length)) as Sample);
}
