// Starts a reader's server. If it does not take its port from PORT, the error says so.

import { dial } from "../../behaviours/line-client.ts";
import {
  NotStarted,
  type Server,
  type StartOptions,
  startServer,
} from "../../behaviours/server.ts";
import { Failure } from "../cli.ts";
import { checkPort } from "../ports.ts";
import { saidBy } from "../server-error.ts";

/** The default port of the steps. */
const USUAL_PORT = 42069;
/** How often to check on a server that is starting, in milliseconds. */
const LOOK_MS = 500;

const ON_USUAL_PORT = `it listens on port ${USUAL_PORT}, though PORT is 0`;
const TAKE_PORT =
  "It must listen on the port in the environment variable PORT, where 0 means any free port, " +
  "because several servers are started at a time.";

/**
 * Starts the server.
 *
 * @param waiting Called every half second with the seconds that it has taken so far.
 * @throws {Failure} When it does not start, with what to do; also when it listens on the
 * default port although PORT is 0, twice.
 */
export async function start(
  options: StartOptions,
  waiting: (seconds: number) => void = () => {},
): Promise<Required<Server>> {
  try {
    return await startOnce(options, waiting);
  } catch (error) {
    if (!(error instanceof Failure && error.message.includes(ON_USUAL_PORT))) throw error;
    // By chance the kernel may have chosen that port, or another program opened it meanwhile.
    return startOnce(options, waiting);
  }
}

async function startOnce(
  options: StartOptions,
  waiting: (seconds: number) => void,
): Promise<Required<Server>> {
  const stop = new AbortController();
  const began = performance.now();
  const taken = isTaken(USUAL_PORT);
  let said = "";
  let open = 0;
  const onOutput = (output: string) => {
    said = output;
  };
  const look = async () => {
    waiting((performance.now() - began) / 1000);
    const port = portIn(said);
    if (port !== undefined && (await listensAt(port))) open += 1;
    // The first time, the line may still be on its way.
    if (open > 1) {
      stop.abort(new Error(`no line "listening on HOST:PORT", but port ${port} is open`));
    }
    if (!(await taken) && (await listensAt(USUAL_PORT))) {
      stop.abort(new Error(ON_USUAL_PORT));
    }
  };
  const timer = setInterval(() => void look(), LOOK_MS);
  let server: Required<Server>;
  try {
    server = await startServer({ ...options, onOutput, signal: stop.signal });
  } catch (error) {
    if (!(error instanceof NotStarted)) throw error;
    throw new Failure(explain(options.command, error));
  } finally {
    clearInterval(timer);
  }
  if (server.port !== USUAL_PORT || options.env?.["PORT"] !== undefined) return server;
  server.process.kill("SIGKILL");
  await server.process.ended;
  const problem = `Cannot check ${options.command.join(" ")}: ${ON_USUAL_PORT}`;
  throw new Failure(`${problem}.\n${TAKE_PORT}`);
}

function explain(command: readonly string[], { state, output }: NotStarted): string {
  const problem = `Cannot start ${command.join(" ")}: ${state}`;
  const said = saidBy(output);
  if (state === ON_USUAL_PORT) return `${problem}.\n${TAKE_PORT}`;
  if (
    /EADDRINUSE|address (is )?already in use|Address in use|WSAEADDRINUSE/i.test(output)
  )
    return `${problem}${said}\n${TAKE_PORT}`;
  if (!state.startsWith("no ")) return problem + said;
  const port = portIn(output);
  const hint = port
    ? `It must say so in this form: listening on 127.0.0.1:${port}`
    : "Once it listens, it must print the line: listening on 127.0.0.1:PORT\n" +
      "A program that writes to a pipe may have to flush that line.";
  return `${problem}${said}\n${hint}`;
}

/** A port mentioned in the output, in any form. */
function portIn(output: string): number | undefined {
  const match = /\bport\D{0,3}(\d{2,5})\b|:(\d{2,5})\b/i.exec(output);
  const port = Number(match?.[1] ?? match?.[2]);
  return port > 0 && port <= 65535 ? port : undefined;
}

/** Does not connect, because another server of step 01 running there would end after that. */
function isTaken(port: number): Promise<boolean> {
  return checkPort(port, "").then(
    () => false,
    () => true,
  );
}

/** Connects: what listens there now is the server that we have started. */
async function listensAt(port: number): Promise<boolean> {
  try {
    (await dial("127.0.0.1", port, LOOK_MS)).destroy();
    return true;
  } catch {
    return false;
  }
}
