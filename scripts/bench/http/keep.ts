// The load of connections that send one request and stay open: what one costs in memory.
import { TcpStream } from "../../../examples/shared/poll/net.ts";
import { Events } from "../../../examples/shared/poll/readiness/events.ts";
import { READABLE, WRITABLE } from "../../../examples/shared/poll/readiness/interest.ts";
import { openPoll } from "../../../examples/shared/poll/readiness/pollers.ts";
import type { KeepLoad } from "../load.ts";
import type { KeepResult } from "../result.ts";
import { usageOf } from "../usage.ts";
import { type Options, waitFor } from "./measured.ts";
import { firstResponse, requestFor } from "./request.ts";

/** How many connect at a time: the server's backlog has room for them. */
const AT_ONCE = 200;
/** Connections opened and closed first, so that the server has allocated what all of them share. */
const WARM_UP = 2000;
const INPUT = Buffer.alloc(65536);

export async function keep(load: KeepLoad, options: Options): Promise<KeepResult> {
  const request = requestFor(options.path);
  const { length } = await firstResponse(options.target, request);
  const bytes = Buffer.from(request, "latin1");
  close(connect(WARM_UP, options, bytes, length));
  const before = usageOf(options.pid);
  const began = performance.now();
  const streams = connect(load.clients, options, bytes, length);
  const after = usageOf(options.pid);
  close(streams);
  return {
    kind: "keep",
    clients: load.clients,
    memoryEach: (after.memory - before.memory) / load.clients,
    seconds: (performance.now() - began) / 1000,
    cpu: after.cpu - before.cpu,
  };
}

/** Opens `count` connections, each of which has sent a request and received the response. */
function connect(
  count: number,
  { target }: Options,
  request: Buffer,
  length: number,
): TcpStream[] {
  const poll = openPoll();
  const events = new Events(256);
  const streams: TcpStream[] = [];
  const got: number[] = [];
  try {
    for (let done = 0; done < count; ) {
      while (streams.length < count && streams.length < done + AT_ONCE) {
        const stream = TcpStream.connect(target.host, target.port);
        poll.registry.register(stream, streams.length, WRITABLE, "level");
        streams.push(stream);
        got.push(-1);
      }
      waitFor(poll, events);
      for (let event = 0; event < events.length; event += 1) {
        const at = events.token(event);
        const stream = streams[at];
        if (stream === undefined) continue;
        if (got[at] === -1) {
          if (stream.write(request) !== request.length) throw new Error("it is refused");
          got[at] = 0;
          poll.registry.reregister(stream, at, READABLE, "level");
          continue;
        }
        const read = stream.read(INPUT);
        if (read === "blocked") continue;
        if (typeof read === "string") throw new Error("the server ended a connection");
        got[at] = (got[at] ?? 0) + read;
        if (got[at] === length) {
          done += 1;
          poll.registry.deregister(stream);
        }
      }
    }
    return streams;
  } finally {
    poll.close();
  }
}

function close(streams: readonly TcpStream[]): void {
  for (const stream of streams) stream.close();
}
