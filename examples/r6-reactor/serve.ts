// r6-reactor: one loop, with all its handlers.
import { newOpenFiles, type OpenFilesMemory } from "../shared/open-files.ts";
import { TcpListener } from "../shared/poll/net.ts";
import { openPoll } from "../shared/poll/readiness/pollers.ts";
import { EventLoop } from "./event-loop.ts";
import { Files } from "./files.ts";
import { Listener } from "./listener.ts";
import type { Options } from "./options.ts";
import { Reactor } from "./reactor.ts";
import { Service } from "./service.ts";
import { Stop, type StopWord } from "./stop.ts";

/** The most events that one wait returns. */
export const EVENTS = 256;

/** What the threads of the program share. */
export interface Shared {
  readonly word: StopWord;
  readonly openFiles: OpenFilesMemory;
}

/** Allocates what the threads share. Call it once per program. */
export function newShared(): Shared {
  const word = new Int32Array(new SharedArrayBuffer(4));
  return { word, openFiles: newOpenFiles() };
}

/**
 * Opens everything that a loop needs, but does not run it.
 *
 * @param port 0 for any free port.
 * @throws {Error} If there is no such poller. @throws {SysError} EADDRINUSE, for example.
 */
export function openLoop(options: Options, port: number, shared: Shared) {
  const poll = openPoll({ poller: options.poller });
  const listener =
    options.threads > 1
      ? TcpListener.listenReusePort("127.0.0.1", port)
      : TcpListener.listen("127.0.0.1", port);
  const reactor = new Reactor(poll);
  const loop = new EventLoop(reactor);
  const files = new Files(reactor, options.root, options.workers, shared.openFiles);
  const service = new Service(loop, files, options);
  new Stop(service, new Listener(service, listener), shared.word);
  return { poll, loop, files, service, port: listener.localAddress().port };
}
