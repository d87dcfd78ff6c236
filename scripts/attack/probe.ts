// Measures one of our servers from inside: a module that is loaded before it, and the lines
// that the module prints.

/** Measurements taken at one moment. */
export interface Sample {
  /** Since the server started, in seconds. */
  readonly time: number;
  /** The heap in use after a garbage collection, in bytes. */
  readonly heap: number;
  /** Resident memory, in bytes. */
  readonly rss: number;
  /** Open file descriptors; 0 on systems that do not report them. */
  readonly descriptors: number;
  readonly timers: number;
}

const MARK = "probe: ";

/**
 * The Node options that make a server measure itself.
 *
 * @param period The time between two samples, in seconds.
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

/** The samples in a server's output. */
export function samplesIn(output: string): Sample[] {
  return output
    .split("\n")
    .slice(0, -1)
    .filter((line) => line.startsWith(MARK))
    .map((line) => JSON.parse(line.slice(MARK.length)) as Sample);
}
