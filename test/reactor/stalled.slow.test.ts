// Every server of HTTP from r5 on resets a client that stops reading its answer: a plain close
// would leave megabytes with the kernel, which keeps offering them to that client.
import { describe, expect, onTestFinished, test } from "vitest";
import { get } from "../../behaviours/http/behaviour.ts";
import { TcpStream } from "../../examples/shared/poll/net.ts";
import {
  folderWith,
  type Options,
  SUBJECTS,
  type Subject,
  socketsOf,
  startStep,
} from "./r5/server.ts";
import { STYLES } from "./r8/server.ts";
import { pageOf, serverAt } from "./r9/tab.ts";
import { until } from "./servers.ts";

/** More bytes than the kernel buffers of both sides hold. */
const PLENTY = 16 << 20;
const TIMEOUT = ["--send-timeout", "300"];

/** Starts a server with a large file, and asks for that file. */
async function fileServer(subject: Subject, options: Options = {}) {
  const root = folderWith({ "large.bin": Buffer.alloc(PLENTY, "0123456789abcdef\n") });
  const server = await startStep(subject, { ...options, root, args: TIMEOUT });
  return { server, at: server, asked: get("/large.bin") };
}

/** Starts the chat, whose page is small: asks for it many times. */
async function pageServer() {
  const subject = { title: "r9", step: "r9-chat", flags: [] };
  const server = await startStep(subject, { args: TIMEOUT });
  const at = serverAt(pageOf(server));
  return { server, at, asked: get("/page.js").repeat(PLENTY / 4096) };
}

const STARTS = [
  ...[
    ...SUBJECTS,
    { title: "r7 on epoll", step: "r7-ioserver", flags: ["--poller", "epoll"] },
    ...STYLES.map((style) => {
      return { title: `r8, ${style}`, step: "r8-runtime", flags: ["--style", style] };
    }),
  ].map((subject) => ({ title: subject.title, start: () => fileServer(subject) })),
  { title: "r9", start: pageServer },
];

describe.runIf(process.platform === "linux")("a reader that has stopped", () => {
  test.each(STARTS)("is reset by $title", async ({ start }) => {
    const { server, at, asked } = await start();
    const { pid } = server.process;
    const none = socketsOf(pid);
    // Not of node:net, which reports some resets as an ordinary end.
    const stalled = TcpStream.connect(at.host, at.port);
    onTestFinished(() => stalled.close());
    let left = Buffer.from(asked);
    const into = Buffer.alloc(1 << 16);
    let count = 0;
    const reads = () => {
      const got = stalled.read(into);
      if (typeof got === "number") count += got;
      return got;
    };
    await until(() => {
      const wrote = stalled.write(left);
      if (typeof wrote === "number") left = left.subarray(wrote);
      return left.length === 0 || wrote === "reset";
    });
    await until(() => typeof reads() === "number");
    await until(() => socketsOf(pid) === none);
    let last = reads();
    await until(() => {
      while (typeof last === "number") last = reads();
      if (last === "blocked") last = reads();
      return last === "end" || last === "reset";
    });
    expect(last).toBe("reset");
    expect(count).toBeLessThan(PLENTY);
  });
});
