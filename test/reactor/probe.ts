// The memory of a file server of the reactor chapter, seen from inside. Its loop leaves no
// room for timers, so a sample is requested like a file: GET /probe.
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Measured after a garbage collection, in bytes. */
export interface Sample {
  /** The used heap, and memory outside it that objects hold. */
  readonly heap: number;
  /** Resident memory, including what native code allocates. */
  readonly rss: number;
}

/** Runs in the server, before its program: opening `probe` opens a new sample instead. */
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

/** Node options and environment that let a server answer `GET /probe`. */
export const PROBED = {
  flags: ["--expose-gc", `--import=data:text/javascript,${encodeURIComponent(MODULE)}`],
  env: { PROBE: join(tmpdir(), "probe-") },
};

/** Requests a sample from the server on `port`. @throws {Error} When it is not probed. */
export async function probe(port: number): Promise<Sample> {
  const response = await fetch(`http://127.0.0.1:${port}/probe`);
  return (await response.json()) as Sample;
}
