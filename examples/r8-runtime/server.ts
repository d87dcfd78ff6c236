// r8-runtime: the states of r5 in a straight line again, on a runtime of our own.
// Page: docs/r8-runtime.md
// Known limit: one thread; r9 is the chat on the same runtime.
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { HeadReader } from "../shared/http-head.ts";
import { TextAnswers } from "../shared/http-text.ts";
import { openPoll } from "../shared/poll/readiness/pollers.ts";
import { coroutine, type Steps, wait } from "../shared/runtime/coroutine.ts";
import { FileReplies } from "../shared/runtime/file-replies.ts";
import type { Future } from "../shared/runtime/future.ts";
import type { AsyncStream } from "../shared/runtime/net.ts";
import { race } from "../shared/runtime/race.ts";
import { Runtime } from "../shared/runtime/runtime.ts";
import { CancellationToken } from "../shared/runtime/token.ts";
import { serve as serveAsync } from "./async.ts";
import { ChatRooms } from "./chat-rooms.ts";
import { Connection, READ, type Service } from "./connection.ts";
import { Serve } from "./futures.ts";
import { serve as serveSteps } from "./generators.ts";

const PORT = Number(process.env.PORT ?? 42069);
const PUBLIC = fileURLToPath(new URL("../shared/public/", import.meta.url));
const ROOT = process.env.ROOT ?? PUBLIC;
/** When out of descriptors, retry after this many milliseconds, or when a client leaves. */
const RETRY_DELAY = 1000;
const FLAGS = {
  "head-limit": 16384,
  "target-limit": 8000,
  "body-limit": 1048576,
  "head-timeout": 10000,
  "idle-timeout": 5000,
  "body-timeout": 30000,
  "send-timeout": 30000,
  workers: 2,
};
const STYLES = ["async", "generators", "futures"] as const;

const { runtime, listener, files, options, style, chat } = await open();
console.log(`listening on 127.0.0.1:${listener.port}`);

const stopping = new CancellationToken();
/** Cancelled and replaced each time a client leaves. */
let leaving = new CancellationToken();
let clients = 0;
runtime.onWake(() => files.deliver());
const rooms = chat && new ChatRooms(runtime, chat.host, chat.port);
const service: Service = {
  timers: runtime.timers,
  files,
  texts: new TextAnswers(),
  stopping,
  head: new HeadReader({ head: options["head-limit"], target: options["target-limit"] }),
  input: Buffer.alloc(options["head-limit"] + READ),
  bodyLimit: options["body-limit"],
  timeouts: {
    idle: options["idle-timeout"],
    head: options["head-timeout"],
    body: options["body-timeout"],
    send: options["send-timeout"],
  },
  rooms: rooms && (() => rooms.list()),
  left,
};

runtime.spawn(coroutine(main()));
if (process.platform === "win32") runtime.runAlone();
else {
  process.once("SIGINT", stop).once("SIGTERM", stop);
  await runtime.runAsGuest();
}
files.end();

// #region accept
/** Accepts clients until the server stops, then waits for the remaining ones to leave. */
function* main(): Steps<void> {
  for (;;) {
    const got = yield* wait(listener.accept());
    if (got === "closed") break;
    if (got === "full") {
      // One of our descriptors may be freed, or another process may free one.
      const left = leaving.cancelled();
      yield* wait(race({ left, late: runtime.timers.sleep(RETRY_DELAY) }));
    } else spawnClient(got);
  }
  const end = runtime.timers.sleep(options["send-timeout"]);
  while (clients > 0) {
    const { from } = yield* wait(race({ left: leaving.cancelled(), end: byRef(end) }));
    if (from === "end") break;
  }
  end.drop();
  rooms?.close();
  runtime.end();
}
// #endregion accept

// #region spawnClient
/** Starts a task for a client, in the requested style. */
function spawnClient(stream: AsyncStream): void {
  const connection = new Connection(stream, service);
  clients += 1;
  if (style === "async") runtime.spawnAsync((scope) => serveAsync(scope, connection));
  else if (style === "generators") runtime.spawn(coroutine(serveSteps(connection)));
  else runtime.spawn(new Serve(connection));
}
// #endregion spawnClient

/** Called when a client has left: wakes the tasks that wait for that. */
function left(): void {
  clients -= 1;
  const token = leaving;
  leaving = new CancellationToken();
  token.cancel();
}

/** The same future, but not dropped when it loses a race. */
function byRef<Value>(future: Future<Value>): Future<Value> {
  return { poll: (waker) => future.poll(waker), drop() {} };
}

/** Stops accepting clients, and lets requests in progress finish until a deadline. */
function stop(): void {
  stopping.cancel();
  listener.close();
}

/** Opens what depends on flags and environment; on failure, prints one line and exits. */
async function open() {
  try {
    const names = Object.keys(FLAGS) as (keyof typeof FLAGS)[];
    const flags = names.map((name) => [name, { type: "string" }] as const);
    const { values } = parseArgs({
      options: {
        poller: { type: "string" },
        style: { type: "string" },
        chat: { type: "string" },
        ...Object.fromEntries(flags),
      },
    });
    const given: Record<string, string | boolean | undefined> = values;
    const options = { ...FLAGS };
    for (const name of names) {
      const value = given[name] ?? `${FLAGS[name]}`;
      options[name] = Number(value);
      if (/^[1-9]\d{0,8}$/.test(`${value}`)) continue;
      throw new Error(`Cannot use --${name} ${value}: it must be a positive integer`);
    }
    const style = styleOf(given["style"]?.toString());
    const chat = addressOf(given["chat"]?.toString());
    if (!statSync(ROOT, { throwIfNoEntry: false })?.isDirectory()) {
      throw new Error(`Cannot serve ${ROOT}: it is not a folder`);
    }
    const poll = openPoll({ poller: given["poller"]?.toString() });
    const runtime = new Runtime(poll, (error) => console.error("lost a client:", error));
    const listener = runtime.listen("127.0.0.1", PORT);
    const files = new FileReplies(ROOT, options.workers, runtime.waker);
    await files.start();
    return { runtime, listener, files, options, style, chat };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

/** @throws {Error} When the style does not exist, or not on this platform. */
function styleOf(name: string | undefined): (typeof STYLES)[number] {
  const isAlone = process.platform === "win32";
  const style = STYLES.find(
    (one) => one === (name ?? (isAlone ? "generators" : "async")),
  );
  if (style === undefined) {
    throw new Error(`Cannot use --style ${name}: must be one of ${STYLES.join(", ")}`);
  }
  if (style === "async" && isAlone) {
    throw new Error(
      "Cannot use --style async: on Windows our loop cannot be a guest of Node's",
    );
  }
  return style;
}

/** Parses `HOST:PORT`, with an IPv4 address. @throws {Error} When it is anything else. */
function addressOf(text: string | undefined) {
  if (text === undefined) return undefined;
  const [, host, port] = /^(\d+\.\d+\.\d+\.\d+):(\d{1,5})$/.exec(text) ?? [];
  if (host !== undefined && Number(port) <= 65535) return { host, port: Number(port) };
  throw new Error(`Cannot ask the chat at ${text}: it must be like 127.0.0.1:42069`);
}
