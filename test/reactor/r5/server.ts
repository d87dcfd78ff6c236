// r5, r6 and r7 as the tests start them: with a temporary folder, and with short deadlines
// where a test waits for one.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inject, onTestFinished } from "vitest";
import { get } from "../../../behaviours/http/behaviour.ts";
import { type Answer, HttpClient } from "../../../behaviours/http/client.ts";
import { type Server, startServer } from "../../../behaviours/server.ts";

/** Milliseconds, far more than any answer takes: only a failing test waits this long. */
const PATIENCE = 20_000;
/** A temporary folder with these files, removed after the test. */
export function folderWith(
  files: Readonly<Record<string, string | Buffer>> = {},
): string {
  const folder = mkdtempSync(join(tmpdir(), "r5-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** The servers that the tests run on, including r6 with two threads. */
export const SUBJECTS: readonly Subject[] = [
  { title: "r5", step: "r5-state-machine", flags: [] },
  { title: "r6", step: "r6-reactor", flags: [] },
  ...(process.platform === "linux"
    ? [{ title: "r6 on two threads", step: "r6-reactor", flags: ["--threads", "2"] }]
    : []),
  { title: "r7", step: "r7-ioserver", flags: [] },
];

/** The servers with one loop, where it is known which thread does what. */
export const ONE_LOOP = SUBJECTS.filter(({ flags }) => flags.length === 0);
/** The servers that make the system calls that the tests let fail. */
export const CALLING = ONE_LOOP.filter(({ title }) => title !== "r7");

export interface Subject {
  readonly title: string;
  readonly step: string;
  readonly flags: readonly string[];
}

export interface Options {
  readonly root?: string;
  readonly args?: readonly string[];
  /** Words before the command, such as a shell that sets limits. */
  readonly before?: readonly string[];
  /** A module in test/reactor that the server loads first. */
  readonly preload?: string;
  readonly env?: Record<string, string>;
}

export async function startStep(
  { step, flags: usual }: Subject,
  options: Options = {},
): Promise<Required<Server>> {
  const { root, args = [], before = [], preload, env = {} } = options;
  const module = preload && fileURLToPath(new URL(`../${preload}`, import.meta.url));
  const flags = module ? ["--import", module] : [];
  const program = join(inject("built"), step, "server.js");
  const server = await startServer({
    command: [...before, process.execPath, ...flags, program, ...usual, ...args],
    env: root === undefined ? env : { ...env, ROOT: root },
  });
  onTestFinished(async () => {
    server.process.kill("SIGKILL");
    await server.process.ended;
  });
  return server;
}

/** Connects a client, which is closed after the test. */
export async function dialTo({ host, port }: Server): Promise<HttpClient> {
  const client = await HttpClient.connect(host, port, PATIENCE);
  onTestFinished(() => client.close());
  return client;
}

/** Requests a target on a new connection. */
export async function ask(
  server: Server,
  target: string,
  ...fields: string[]
): Promise<Answer> {
  const client = await dialTo(server);
  await client.send(get(target, ...fields, "Connection: close"));
  const answer = await client.answer();
  client.close();
  return answer;
}

/** The number of open sockets of a process, on Linux. */
export function socketsOf(pid: number): number {
  const found = spawnSync("ls", ["-l", `/proc/${pid}/fd`]).stdout.toString();
  return found.match(/-> socket:/g)?.length ?? 0;
}
