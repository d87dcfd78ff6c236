// Where a case of abuse takes place: a server, or several one after the other, and clients. All of
// it ends with the case.
import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { Unmet } from "../../behaviours/client.ts";
import type { Member } from "../../behaviours/member.ts";
import { type Server, startServer } from "../../behaviours/server.ts";
import { World } from "../../behaviours/world.ts";

export const GOODBYE = "Server is shutting down, goodbye!";
const MISSED = /^Server is very busy and dropped (\d+) messages, sorry!$/;

/** What a process can show of a server of step 18, beside what comes over the wire. */
export interface AbuseCase {
  readonly title: string;
  /** It needs signals, /proc, or devices of Linux. */
  readonly linux?: boolean;
  /** It takes more than about a second. */
  readonly slow?: boolean;
  /** @throws When the server falls short of it. */
  readonly run: (site: Site) => Promise<void>;
}

/** A case: its title is a sentence without its subject. */
export function abuse(
  title: string,
  run: AbuseCase["run"],
  options: { linux?: boolean; slow?: boolean } = {},
): AbuseCase {
  return { title, run, ...options };
}

export interface Running extends World {
  readonly server: Required<Server>;
  /** Emits "more" when the server has written more. */
  readonly news: EventEmitter;
}

interface SiteOptions {
  /** The server: a file of JavaScript that takes the flags of step 18. */
  readonly program: string;
  /** Whose lines it speaks. */
  readonly step?: number;
  /** How long to wait for what must come, in milliseconds. */
  readonly patience?: number;
}

export class Site {
  readonly program: string;
  readonly step: number;
  readonly patience: number;
  readonly #ends: (() => unknown)[] = [];

  constructor({ program, step = 18, patience = 15_000 }: SiteOptions) {
    this.program = program;
    this.step = step;
    this.patience = patience;
  }

  /**
   * A server, and a world around it.
   *
   * @param options.node Options of Node, such as a module to be loaded before.
   * @param options.limits What a shell does before: `ulimit -n 64`.
   */
  async start(
    flags: readonly string[] = [],
    options: {
      env?: Record<string, string>;
      node?: readonly string[];
      limits?: string;
    } = {},
  ): Promise<Running> {
    const { env = {}, node = [], limits } = options;
    const words = [process.execPath, ...node, this.program, ...flags];
    const shell = limits !== undefined;
    const command = shell ? [`${limits}; exec ${words.join(" ")}`] : words;
    const news = new EventEmitter();
    const onOutput = () => void news.emit("more");
    const server = await startServer({ command, env, shell, onOutput });
    this.#ends.push(async () => {
      server.process.kill("SIGKILL");
      await server.process.ended;
    });
    return Object.assign(this.#world(server), { server, news });
  }

  /** What a server says that does not come to listen. */
  async refusal(flags: readonly string[]): Promise<string> {
    try {
      await this.start(flags);
    } catch (error) {
      return (error as Error).message;
    }
    throw new Unmet("it to end", "it listens");
  }

  /** A server whose error output is given, and that logs all there is. */
  async startWith(stderr: number | "pipe") {
    const child = spawn(process.execPath, [this.program, "--rate", "0"], {
      env: { ...process.env, PORT: "0", LOG_LEVEL: "debug" },
      stdio: ["ignore", "pipe", stderr],
    });
    this.#ends.push(() => child.kill("SIGKILL"));
    const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
    let output = "";
    for await (const text of child.stdout as AsyncIterable<Buffer>) {
      output += text;
      if (output.includes("\n")) break;
    }
    const port = Number(/:(\d+)\n/.exec(output)?.[1]);
    return { child, world: this.#world({ host: "127.0.0.1", port }), ended };
  }

  /** Ends all that runs here. */
  async close(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end();
  }

  #world(server: Server): World {
    const world = new World({ server, step: this.step, patience: this.patience });
    this.#ends.push(() => world.close());
    return world;
  }
}

/** The options of Node that run a module before the server, to put a fault into it. */
export function fault(module: string): string[] {
  return ["--import", `data:text/javascript,${encodeURIComponent(module)}`];
}

/** Waits until the server has logged something. */
export async function logged(
  { server, news, patience }: Running,
  pattern: RegExp,
): Promise<string> {
  const signal = AbortSignal.timeout(patience);
  for (;;) {
    const match = pattern.exec(server.process.output());
    if (match) return match[0];
    await once(news, "more", { signal }).catch(() => {
      throw new Unmet(`${pattern} in the log`, "nothing such");
    });
  }
}

/** Connects until there is a place. */
export async function getsIn(world: World, label: string): Promise<void> {
  const deadline = Date.now() + world.patience;
  for (;;) {
    const client = await world.connect(label);
    const line = await client.line().catch(() => "");
    if (line === "Server commands") return;
    if (Date.now() > deadline) throw new Unmet(`${label} to get in`, line);
    await client.seesEndSomeTime();
  }
}

/** How many messages of somebody's there are in some lines, and how many were reported missed. */
export function accountOf(lines: readonly string[], { name }: Member) {
  return {
    said: lines.filter((line) => line.startsWith(`${name}: `)).length,
    missed: lines.reduce((sum, line) => sum + Number(MISSED.exec(line)?.[1] ?? 0), 0),
  };
}
