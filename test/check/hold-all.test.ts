// When a check stops early, and when it must not.
import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { behaves } from "../../behaviours/behaviour.ts";
import { HttpClient } from "../../behaviours/http/client.ts";
import { holdAll } from "../../scripts/check/hold-all.ts";
import type { Target } from "../../scripts/check/target.ts";
import { serving } from "./bad-servers.ts";

/** Answers only a client that asks for it, and in the wrong words. */
const taciturn = (socket: Socket) =>
  socket.on("data", (line) => `${line}` === "speak\n" && socket.write("no\n"));

const sends = (line: string) =>
  behaves(`answers ${line}`, { from: "01-echo" }, async ({ connect }) => {
    const ann = await connect("ann");
    ann.send(line);
    await ann.sees("yes");
  });

const runningAt = (host: string, port: number): Target => {
  return { kind: "running", name: "mine", host, port, words: "" };
};

test.each([
  [["hush", "speak", "hush"], undefined, 3],
  [["speak", "hush", "hush"], undefined, 3],
  [["hush", "hush", "speak"], "mute", 2],
] as const)(
  "%j: only a server that has sent nothing is mute",
  async (lines, stop, runs) => {
    let run = 0;
    const ended = await serving(taciturn, ({ host, port }) =>
      holdAll(lines.map(sends), {
        target: runningAt(host, port),
        step: 1,
        patience: 200,
        onResult: ({ outcome }) => {
          if (outcome) run += 1;
          return false;
        },
      }),
    );
    expect([ended, run]).toEqual([stop, runs]);
  },
);

test("what an HTTP server sends stands in the transcript without its controls", async () => {
  const hostile = (socket: Socket) =>
    socket.end('HTTP/1.1 204 \x1b[2J\r\nServer: \x9b31m"a"\r\n\r\n', "latin1");
  const transcript = await serving(hostile, async ({ host, port }) => {
    const client = await HttpClient.connect(host, port, 2_000);
    await client.answer();
    return client.transcript;
  });
  expect(transcript).toEqual(["< HTTP/1.1 204 \\u001b[2J", '< Server: \\u009b31m"a"']);
});
