// The attacks: what each does, and what to look for. Each ends by itself after a given
// number of connections, bytes or seconds, whichever comes first.
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { printable } from "../printable.ts";
import { ask, connection, crowd, ended, greeted, type Place } from "./crowd.ts";

export interface Attack {
  readonly name: string;
  /** A one-line description of the attack. */
  readonly does: string;
  /** What to look for in the report. */
  readonly look: string;
  /** Flags for step 18 and its rungs, where their defaults would take too long. */
  readonly flags?: Readonly<Record<string, string>>;
  /** @returns The outcome, line by line. */
  readonly run: (place: Place) => Promise<string[]>;
}

/** The longest that an attack lasts, in milliseconds. */
const MOST_MS = 10_000;
/** How long a server has to close a connection, in milliseconds. */
const SOON_MS = 2_000;

export const ATTACKS: readonly Attack[] = [
  {
    name: "escapes",
    does: "sends text that controls a terminal: colours, titles, a return, a bidi override",
    look: "no line that the witness sees has a control character in it",
    run: async (place) => {
      const texts = [
        "\x1b[31mred\x1b[0m",
        "\x1b]0;your title\x07",
        "\x1b[2Jclears the screen",
        "\u009b5mblinks",
        "innocent\rsystem: your account is locked",
        "txt.\u202eexe.evil",
        "a\u2028b\u0085c",
      ];
      const socket = await connection(place);
      // The last line comes back after all the others.
      if (socket)
        await ask(socket, `${texts.join("\n")}\nthat is all\n`, /that is all/, MOST_MS);
      socket?.destroy();
      return [`${texts.length} messages sent`];
    },
  },
  {
    name: "flood",
    does: "one client sends 200,000 lines, as fast as they are accepted, for 10 s at most",
    look: "the witness is no slower, and most of the flood waits at its sender",
    run: async (place) => {
      const socket = await connection(place);
      const sent = socket ? await pour(socket, `${"flood ".repeat(20)}\n`, 200_000) : 0;
      socket?.resetAndDestroy();
      return [`${number(sent)} of 200,000 lines were taken by the network`];
    },
  },
  {
    name: "endless",
    does: "one client sends 64 MB without a line end",
    look: "it is cut off early, and the memory of the server grows by far less",
    run: async (place) => {
      const socket = await connection(place);
      const sent = socket ? await pour(socket, "x".repeat(65_536), 1_000) : 0;
      socket?.destroy();
      return [`${number((sent * 65_536) / 1e6)} MB of 64 were taken by the network`];
    },
  },
  {
    name: "deaf",
    does: "20 clients join and never read, while another says 20,000 long lines",
    look: "the deaf clients are closed, the log calls them stuck, and memory stays bounded",
    flags: { rate: "0", "max-stuck": "2" },
    run: async (place) => {
      const deaf = await crowd(place, 20);
      for (const socket of deaf) socket.pause();
      const talker = await connection(place);
      if (talker) await pour(talker, `${"x".repeat(390)}\n`, 20_000);
      const late = sleep(MOST_MS);
      // A paused socket notices the end of its connection only by writing.
      const poke = setInterval(() => {
        for (const socket of deaf) socket.write("\n");
      }, 500);
      await Promise.race([Promise.all(deaf.map(ended)), late]);
      clearInterval(poke);
      const closed = deaf.filter((socket) => socket.closed).length;
      for (const socket of [...deaf, talker]) socket?.destroy();
      return [`${closed} of 20 deaf clients were closed by the server`];
    },
  },
  {
    name: "storm",
    does: "2,000 clients connect at once, and leave at once",
    look: "all get in, the witness is still served; a next storm needs hardly more memory",
    run: async (place) => {
      const began = performance.now();
      const sockets = await crowd(place, 2_000);
      await Promise.race([Promise.all(sockets.map(greeted)), sleep(MOST_MS)]);
      const seconds = (performance.now() - began) / 1000;
      const count = sockets.filter(({ bytesRead }) => bytesRead > 0).length;
      for (const socket of sockets) socket.destroy();
      return [`${number(count)} were greeted in ${seconds.toFixed(1)} s`];
    },
  },
  {
    name: "resets",
    does: "1,000 clients say half a line and reset the connection",
    look: "nobody sees the half lines, and the log counts resets instead of listing them",
    run: async (place) => {
      for (let round = 0; round < 10; round += 1) {
        const sockets = await crowd(place, 100);
        await Promise.race([Promise.all(sockets.map(greeted)), sleep(MOST_MS)]);
        for (const socket of sockets) socket.write("half a li");
        await sleep(20);
        for (const socket of sockets) socket.resetAndDestroy();
      }
      return ["1,000 connections reset"];
    },
  },
  {
    name: "browser",
    does: "sends what a browser sends when a page points it at this port, and a TLS hello",
    look: "both are closed, and the witness sees nothing that they sent",
    run: async (place) => {
      const hello = Buffer.from([22, 3, 1, 0, 5, 1, 0, 0, 10, 65, 10]);
      const post = "POST /chat HTTP/1.1\r\nHost: chat\r\n\r\nbuy pills\r\n";
      const sockets = [await connection(place), await connection(place)];
      sockets[0]?.write(post);
      sockets[1]?.write(hello);
      const all = sockets.map(async (socket) => socket && (await ended(socket)));
      await Promise.race([Promise.all(all), sleep(SOON_MS)]);
      const closed = sockets.filter((socket) => socket?.closed).length;
      for (const socket of sockets) socket?.destroy();
      return [`${closed} of 2 were closed by the server`];
    },
  },
  {
    name: "names",
    does: "asks for names that imitate others: server, You, another user's in capitals",
    look: "all of them are refused",
    run: async (place) => {
      const socket = await connection(place);
      if (socket === undefined) return ["no connection"];
      const other = await connection(place);
      if (other) await ask(other, "/name Ann\n", /is now Ann/, MOST_MS);
      const names = ["server", "SYSTEM", "you", "ann", "ANN", "Ann ", "-ann", "Аnn"];
      const lines = [...names.map((name) => `/name ${name}`), "/nothing"];
      const came = await ask(socket, `${lines.join("\n")}\n`, /\/nothing/, MOST_MS);
      socket.destroy();
      other?.destroy();
      const taken = [...came.matchAll(/ is now (.+)/g)].map(([, name = ""]) => name);
      const others = taken
        .filter((name) => name !== "Ann")
        .map((name) => printable(name));
      return [
        `${others.length} of ${names.length} names given${others.length > 0 ? ":" : ""}`,
        ...others.map((name) => `    ${name}`),
      ];
    },
  },
];

/** Sends a text repeatedly, as fast as it is accepted. @returns how many times. */
async function pour(socket: Socket, text: string, times: number): Promise<number> {
  const batch = Math.max(1, Math.floor(65_536 / text.length));
  const late = AbortSignal.timeout(MOST_MS);
  for (let sent = 0; sent < times && socket.writable && !late.aborted; sent += batch) {
    if (socket.write(text.repeat(Math.min(batch, times - sent)))) continue;
    await new Promise<void>((resolve) => {
      const events = ["drain", "close"];
      const done = () => {
        for (const event of events) socket.off(event, done);
        late.removeEventListener("abort", done);
        resolve();
      };
      for (const event of events) socket.on(event, done);
      late.addEventListener("abort", done);
      if (!socket.writable || late.aborted) done();
    });
  }
  return Math.floor((socket.bytesWritten - socket.writableLength) / text.length);
}

function number(value: number): string {
  return Math.round(value).toLocaleString("en");
}
