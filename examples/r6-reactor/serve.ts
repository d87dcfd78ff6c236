// r6-reactor: one loop, with all its handlers.
import { TcpListener } from "../shared/poll/net.ts";
import { openPoll } from "../shared/poll/readiness/pollers.ts";
import { EventLoop } from "./event-loop.ts";
import { Files } from "./files.ts";
import { Listener } from "./listener.ts";
import type { Options } from "./options.ts";
import { Reactor } from "./reactor.ts";
import { Service } from "./service.ts";
import { Stop, type StopWord } from "./stop.ts";

/** How many events a wait may bring. */
export const EVENTS = 256;

/**
 * Opens all that a loop needs; it has not begun to run.
 *
 * @param port 0 for any that is free.
 * @throws {Error} When there is no such poller. @throws {SysError} EADDRINUSE and the like.
 */
export function openLoop(options: Options, port: number, word: StopWord) {
  const poll = openPoll({ poller: options.poller });
  const listener =
    options.threads > 1
      ? TcpListener.listenBeside("127.0.0.1", port)
      : TcpListener.listen("127.0.0.1", port);
  const reactor = new Reactor(poll);
  const loop = new EventLoop(reactor);
  const files = new Files(reactor, options.root, options.workers);
  const service = new Service(loop, files, options);
  new Stop(service, new Listener(service, listener), word);
  return { poll, loop, files, service, port: listener.localAddress().port };
}
