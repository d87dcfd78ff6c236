// The servers that the bench measures, by the names that the user gives.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ALL_STEPS, EXAMPLES, type Step } from "../../behaviours/steps.ts";
import { NotFound, parseAddress, UsageError } from "../cli.ts";
import { findStep, has, NUMBER } from "../find-step.ts";
import { findRung, sharesLog } from "../programs.ts";
import { compiled, findCompiler } from "./http/compiled.ts";
import type { Load } from "./load.ts";
import type { Subject } from "./run-load.ts";

export const SUBJECT_HELP = `
  16, r3, m1           a step, from 09 on; those of the reactor part over HTTP;
                       18, m1 and m2 with --rate 0, which lifts their limit;
                       m2 with its own broker, which must be installed
  17a … 17f, 18a … 18i a rung on the way to 17 or 18, with one more change each
  naive                a chat with one write for each line and member
  naive-nagle          the same, but the kernel coalesces small writes
  relay                relays bytes, with a write for each, and does no more
  hello, hello-POLLER  r4's hello over HTTP, with the best poller or this one
  node-http            the same with node:http
  node-files           a file server on node:http and fs, with r5's routes
  nginx                the same with nginx, if it is installed
  c-epoll              r4's hello in C, compiled on demand: the yardstick
  r8-generators, r8-futures
                       r8 with generators or futures in place of async functions
  ./mine.ts            a file of yours
  "17 --jitless"       any of these with flags for Node
  "r6 -- --threads 2"  and with its own flags
  "NAME=value 17"      and with a variable in its environment`;

/** From this rung on a chat limits its clients, unless it has these flags. */
const FIRST_WITH_RATE = "18g";
const NO_RATE = ["--rate", "0"];
const C_EPOLL = "c-epoll";
const NGINX = "nginx";
/** Names that stand for several servers. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  chat: ["naive", "16", "17", "relay"],
  http: ["node-http", "hello", C_EPOLL],
  files: ["node-files", "r5", NGINX],
};

const NAIVE = fileURLToPath(new URL("./naive.ts", import.meta.url));
const RELAY = fileURLToPath(new URL("./relay.ts", import.meta.url));
const NODE_HTTP = fileURLToPath(new URL("./http/node-http.ts", import.meta.url));
const NODE_FILES = fileURLToPath(new URL("../check/peers/node-http.ts", import.meta.url));
const NGINX_PEER = fileURLToPath(new URL("../check/peers/nginx.ts", import.meta.url));
const HELLO = join(EXAMPLES, "r4-poll/hello.ts");
const HELLO_C = fileURLToPath(new URL("./http/hello.c", import.meta.url));
/** The absolute URL of tsx, because a server may be started in another folder. */
const TSX = import.meta.resolve("tsx");

/**
 * Finds the servers of these names; without names, those of the chat.
 *
 * @param addr With `pid`: a server that is already running. It comes first.
 * @throws {NotFound} When there is no server of that name. @throws {UsageError} When a name is invalid.
 * @throws {Failure} When a server cannot be compiled.
 */
export function findSubjects(
  names: readonly string[],
  addr?: string,
  pid?: number,
): Subject[] {
  if ((addr === undefined) !== (pid === undefined)) {
    throw new UsageError("Cannot measure a running server without both --addr and --pid");
  }
  if (addr !== undefined && pid !== undefined) {
    const running = { ...parseAddress(addr), pid };
    return [{ name: addr, running }, ...names.flatMap(subjectsOf)];
  }
  return (names.length > 0 ? names : ["chat"]).flatMap(subjectsOf);
}

/** Whether a server understands a load: a chat has no HTTP, and a relay no names. */
export function fits({ talks }: Subject, { kind }: Pick<Load, "kind">): boolean {
  return talks === undefined || talks.includes(kind);
}

const HTTP: readonly Load["kind"][] = ["get", "visit", "keep"];
const FILES: readonly Load["kind"][] = [...HTTP, "file"];
/** The path requested from servers with r5's routes: a file would be read on another thread. */
const GREETING = "/hello/world";
const CHAT: readonly Load["kind"][] = ["talk", "idle", "storm", "churn"];

function subjectsOf(text: string): Subject[] {
  const group = GROUPS[text];
  if (group === undefined) return [subjectOf(text)];
  return group.filter(isHere).map(subjectOf);
}

/** Whether a server can be measured on this machine. If not, prints why. */
function isHere(name: string): boolean {
  const missing =
    name === C_EPOLL && findCompiler() === undefined
      ? "no C compiler (cc)"
      : name === NGINX && spawnSync("nginx", ["-v"]).status !== 0
        ? "no nginx"
        : undefined;
  if (missing) console.error(`NOT MEASURED: ${name}, there is ${missing}`);
  return missing === undefined;
}

function subjectOf(text: string): Subject {
  const [front = "", ...behind] = text.split(/ --(?= |$)/);
  const args = behind
    .join(" --")
    .split(" ")
    .filter((word) => word !== "");
  const words = front.split(" ").filter((word) => word !== "");
  const settings = words.filter((word) => /^\w+=/.test(word));
  const flags = words.filter((word) => word.startsWith("-"));
  const [name = "", ...others] = words.filter(
    (word) => !settings.includes(word) && !flags.includes(word),
  );
  if (others.length > 0) {
    throw new UsageError(
      `Cannot measure "${text}": it names ${others.length + 1} servers`,
    );
  }
  const { label, file, program, talks, path, group } = serverOf(name);
  const env = settings.length > 0 ? ["env", ...settings] : [];
  if (program && flags.length > 0) {
    throw new UsageError(`Cannot measure "${text}": ${label} is not run by Node`);
  }
  const node = [process.execPath, ...flags, "--import", TSX];
  const start = program ? [program] : [...node, ...(file ?? [])];
  const command = [...env, ...start, ...args];
  const found = { name: [...settings, label, ...flags, ...args].join(" "), command };
  const shares = file?.[0] !== undefined && sharesLog({ file: file[0] });
  return {
    ...found,
    ...(shares && { sharesLog: true }),
    ...(talks && { talks }),
    ...(path && { path }),
    ...(group && { group }),
  };
}

/** A server that the user named. */
interface Named {
  readonly label: string;
  /** The file that Node runs, followed by its arguments. */
  readonly file?: readonly string[];
  /** An executable, in place of `file`. */
  readonly program?: string;
  readonly talks?: readonly Load["kind"][];
  readonly path?: string;
  readonly group?: boolean;
}

function serverOf(name: string): Named {
  if (name === "naive") return { label: name, file: [NAIVE], talks: CHAT };
  if (name === "naive-nagle") return { label: name, file: [NAIVE, "nagle"], talks: CHAT };
  if (name === "relay") return { label: name, file: [RELAY], talks: ["talk"] };
  if (name === "node-http") return { label: name, file: [NODE_HTTP], talks: HTTP };
  if (name === "node-files") {
    return { label: name, file: [NODE_FILES], talks: FILES, path: GREETING };
  }
  if (name === NGINX) {
    const common = { talks: FILES, path: GREETING, group: true };
    return { label: name, file: [NGINX_PEER], ...common };
  }
  if (name === C_EPOLL) {
    return { label: name, program: compiled(HELLO_C), talks: HTTP };
  }
  const style = /^r8-(generators|futures)$/.exec(name)?.[1];
  if (style) {
    const { file = [], ...others } = serverOf("r8");
    return { ...others, label: name, file: [...file, "--style", style] };
  }
  const hello = /^hello(?:-(\w+))?$/.exec(name);
  if (hello) {
    const poller = hello[1] === undefined ? [] : ["--poller", hello[1]];
    return { label: name, file: [HELLO, ...poller], talks: HTTP };
  }
  const rung = findRung(name);
  if (rung) {
    const flags = rung.slug >= FIRST_WITH_RATE ? NO_RATE : [];
    return { label: rung.slug, file: [rung.file, ...flags], talks: CHAT };
  }
  const isFile = existsSync(name) && statSync(name).isFile();
  if (isFile || /[/\\]|\.[mc]?[jt]s$/.test(name)) return fileNamed(name);
  const { slug, folder, part, speaks, number } = stepOf(name);
  if (speaks === "http" && number >= 5) {
    const file = [join(folder, "server.ts")];
    return { label: slug, file, talks: FILES, path: GREETING };
  }
  if (speaks === "http")
    return { label: slug, file: [join(folder, "server.ts")], talks: ["visit"] };
  if (speaks !== "chat")
    throw new UsageError(`Cannot measure ${slug}: it has no names yet, take 09 or later`);
  const isLimited = slug === "18-final" || slug === "r9-chat" || part === "machines";
  const flags = isLimited ? NO_RATE : [];
  return { label: slug, file: [join(folder, "server.ts"), ...flags], talks: CHAT };
}

/** A file of the user's. @throws {UsageError} When Node cannot run it. */
function fileNamed(name: string): Named {
  if (!existsSync(name))
    throw new UsageError(`Cannot measure ${name}: there is no such file`);
  if (statSync(name).isFile() && /\.[mc]?[jt]s$/.test(name))
    return { label: basename(name), file: [resolve(name)] };
  throw new UsageError(
    `Cannot measure ${name}: it must be TypeScript or JavaScript. Start it yourself, ` +
      "then: just bench --addr HOST:PORT --pid PID",
  );
}

/** @throws {NotFound} When there is no such step; lists the other names of servers. */
function stepOf(name: string): Step {
  if (NUMBER.test(name) || ALL_STEPS.some(({ slug }) => has(slug, name))) {
    return findStep(name, ALL_STEPS);
  }
  const kinds = [
    ...["naive", "naive-nagle", "relay", "hello"],
    ...["node-http", "node-files", NGINX, C_EPOLL],
  ];
  const names = [...Object.keys(GROUPS), ...kinds, ...ALL_STEPS.map(({ slug }) => slug)];
  const problem = `Cannot measure "${name}": it is no step, no file, and none of ${kinds.join(" ")}`;
  throw new NotFound(problem, name, names, "just bench --help");
}
