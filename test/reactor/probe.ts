// What a file server of the reactor chapter holds, seen from inside. Its loop leaves no room for
// timers, so it is asked as anything is: the answer to GET /probe is the sample.
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What is measured after a garbage collection, in bytes. */
export interface Sample {
  /** What the heap holds, and what stands outside of it that objects hold. */
  readonly heap: number;
  /** Resident memory: what is allocated without JavaScript, too. */
  readonly rss: number;
}

/** Runs in the server, before it: an open of `probe` opens a new sample in its place. */
const MODULE = `import fs from "node:fs";
  import { syncBuiltinESMExports } from "node:module";
  const sample = process.env.PROBE + process.pid;
  const { openSync } = fs;
  globalThis.kept = [];
  fs.openSync = (path, ...flags) => {
    if (process.env.LEAK) kept.push({ path });
    if (!path.endsWith("/probe")) return openSync(path, ...flags);
    gc();
    const { heapUsed, external, rss } = process.memoryUsage();
    fs.writeFileSync(sample, JSON.stringify({ heap: heapUsed + external, rss }));
    const fd = openSync(sample, ...flags);
    fs.unlinkSync(sample);
    return fd;
  };
  syncBuiltinESMExports();`;

/** The options of Node, and the environment, that let a server answer `GET /probe`. */
export const PROBED = {
  flags: ["--expose-gc", `--import=data:text/javascript,${encodeURIComponent(MODULE)}`],
  env: { PROBE: join(tmpdir(), "probe-") },
};

/** Asks the server that listens there. @throws {Error} When it is not probed. */
export async function probe(port: number): Promise<Sample> {
  const response = await fetch(`http://127.0.0.1:${port}/probe`);
  return (await response.json()) as Sample;
}
