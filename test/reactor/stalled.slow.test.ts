// Clients that stop reading their answers. Every server of HTTP from r5 on resets them: a plain
// close would leave megabytes with the kernel, which keeps offering them to that client.
import { readFileSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { get } from "../../behaviours/http/behaviour.ts";
import { TcpStream } from "../../examples/shared/poll/net.ts";
import {
  dialTo,
  folderWith,
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
/** What the servers let the kernel take in advance, in bytes. */
const UNSENT = 512 << 10;

/** Starts a server with a large file, and asks for that file. */
async function fileServer(subject: Subject, args: readonly string[]) {
  const root = folderWith({ "large.bin": Buffer.alloc(PLENTY, "0123456789abcdef\n") });
  const server = await startStep(subject, { root, args });
  return { server, at: server, asked: get("/large.bin") };
}

/** Starts the chat, whose page is small: asks for it many times. */
async function pageServer(args: readonly string[]) {
  const subject = { title: "r9", step: "r9-chat", flags: [] };
  const server = await startStep(subject, { args });
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
  ].map((subject) => ({
    title: subject.title,
    start: (args: readonly string[]) => fileServer(subject, args),
  })),
  { title: "r9", start: pageServer },
];

describe.runIf(process.platform === "linux")("a reader that has stopped", () => {
  test.each(STARTS)("is reset by $title", async ({ start }) => {
    const { server, at, asked } = await start(TIMEOUT);
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

  // The kernel would take megabytes at once, and a steady but slow reader needs longer for
  // these than the send timeout.
  const withLimit = STARTS.filter(({ title }) => title !== "r9");
  test.each(withLimit)(
    "is sent half a megabyte in advance by $title",
    async ({ start }) => {
      const { at, asked } = await start([]);
      const stalled = TcpStream.connect(at.host, at.port);
      onTestFinished(() => stalled.close());
      await until(() => stalled.write(Buffer.from(asked)) === asked.length);
      const queued = () => queueOf(at.port, stalled.localAddress().port);
      const other = await dialTo(at);
      for (let same = 0, last = 0; same < 20; ) {
        await other.send(get("/small"));
        await other.answer();
        const now = queued();
        // On a busy machine it may take a while until the file has been read that far.
        same = now > UNSENT / 2 && now === last ? same + 1 : 0;
        last = now;
      }
      expect(queued()).toBeLessThan(2 * UNSENT);
    },
  );
});

/** The bytes that the kernel has for a client and that it has not acknowledged. */
function queueOf(server: number, client: number): number {
  const ends = [server, client].map((port) => port.toString(16).padStart(4, "0"));
  const line = new RegExp(`:${ends[0]} \\w+:${ends[1]} \\w+ (\\w+):`, "i");
  return Number.parseInt(
    line.exec(readFileSync("/proc/net/tcp", "utf8"))?.[1] ?? "0",
    16,
  );
}
