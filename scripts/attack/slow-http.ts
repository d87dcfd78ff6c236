// Hundreds of slow HTTP clients at a time, run by slowhttptest; and how well the server
// serves a normal client during the attack.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { FILES, makeFile, pathOfFile } from "../bench/http/files.ts";
import { parseLoad } from "../bench/load.ts";
import { runLoad, type Subject, startSubject } from "../bench/run-load.ts";
import { Failure } from "../cli.ts";
import { probesOf } from "./probes.ts";

const SMALL = 1024;
const LARGE = 10 * 1024 * 1024;
/** 500 connections, 200 a second; for 16 seconds; a probe fails after 3 seconds. */
const USUAL = "-c 500 -r 200 -l 16 -p 3";
/** The head start of the slow clients, in milliseconds: most have connected by then. */
const BEFORE_MS = 3000;
/** How long the normal client sends requests, in milliseconds. */
const ASKING_MS = 8000;
/** One connection that repeatedly requests a small file. */
const CLIENT = parseLoad("file1-1k");

/** The attacks of slowhttptest, with their flags. */
const KINDS: readonly (readonly [name: string, flags: string])[] = [
  ["slow heads", `-H -i 1 -u ${pathOfFile(SMALL)}`],
  ["slow bodies", `-B -i 1 -s 8192 -t POST -u ${pathOfFile(SMALL)}`],
  ["slow readers", `-X -w 512 -y 1024 -n 1 -z 32 -k 3 -u ${pathOfFile(LARGE)}`],
];

/** The measurements of one attack, or of a run without one. */
interface Slowness {
  readonly name: string;
  /** The flags for slowhttptest; empty without an attack. */
  readonly flags: string;
  /** Whether each of its probes was answered in time. */
  readonly available: boolean | undefined;
  /** Of the normal client: requests per second, and latencies in milliseconds. */
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
}

/**
 * Starts a server, and measures it before, during and after each of three attacks, one
 * after the other. Takes a minute and a half.
 *
 * @param onProgress Called with a line at the start of each run.
 * @throws {Failure} When slowhttptest is not installed, or the server does not answer.
 */
export async function attackSlowly(
  subject: Subject,
  onProgress: (line: string) => void,
): Promise<Slowness[]> {
  if (spawnSync("slowhttptest", ["-h"]).error) {
    throw new Failure(
      "Cannot attack: slowhttptest is not here. Debian has a package of it",
    );
  }
  makeFile(SMALL);
  makeFile(LARGE);
  const server = await startSubject(subject, { ROOT: FILES });
  const { host, port, process } = server;
  const running = { name: subject.name, running: { host, port, pid: process.pid } };
  try {
    const found: Slowness[] = [];
    const runs = [["before", ""] as const, ...KINDS, ["after", ""] as const];
    for (const [name, flags] of runs) {
      onProgress(`${name}: run ${found.length + 1} of ${runs.length} …`);
      const isAttacked = flags !== "";
      const attack = isAttacked
        ? begin(`${USUAL} ${flags}`, `${host}:${port}`)
        : undefined;
      if (isAttacked) await sleep(BEFORE_MS);
      const answer = await runLoad(running, CLIENT, ASKING_MS);
      if ("error" in answer || answer.result.kind !== "file") {
        throw new Failure(
          `Cannot measure the client: ${"error" in answer && answer.error}`,
        );
      }
      const { requests, seconds, latency } = answer.result;
      const available = await attack;
      found.push({ name, flags, available, rate: requests / seconds, ...latency });
    }
    return found;
  } finally {
    process.kill(subject.group ? "SIGTERM" : "SIGKILL");
    await process.ended;
  }
}

/** Runs slowhttptest to its end. @returns whether all of its probes were answered. */
async function begin(flags: string, address: string): Promise<boolean> {
  const args = flags.replace("-u ", `-u http://${address}`).split(" ");
  const attack = spawn("slowhttptest", args, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  attack.stdout.on("data", (text: Buffer) => {
    output += text;
  });
  await once(attack, "close");
  return probesOf(output);
}

/** One row per run, with the flags that repeat it. */
export function slownessTable(name: string, found: readonly Slowness[]): string {
  const rows = found.map(({ name, flags, available, rate, p50, p99 }) => {
    const verdict =
      available === undefined ? "" : available ? "available" : "NOT AVAILABLE";
    const numbers = [p50.toFixed(2), p99.toFixed(1), rate.toFixed(0)];
    return [name, verdict, ...numbers.map((text) => text.padStart(9)), flags];
  });
  const head = ["", "the service is", "p50 ms", "p99 ms", "req/s"].map((word, index) =>
    index > 1 ? word.padStart(9) : word,
  );
  const lines = [head, ...rows].map(([name = "", verdict = "", ...others]) =>
    `${name.padEnd(14)}${verdict.padEnd(16)}${others.join("  ")}`.trimEnd(),
  );
  return [`${name}, under slowhttptest ${USUAL}`, "", ...lines].join("\n");
}
