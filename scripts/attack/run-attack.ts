// Runs an attack against a server next to a healthy client, and reports what the client
// saw.
import { setTimeout as sleep } from "node:timers/promises";
import type { Server } from "../../behaviours/server.ts";
import { usageOf } from "../bench/usage.ts";
import { printable } from "../printable.ts";
import type { Attack } from "./attacks.ts";
import { type Sight, Witness } from "./witness.ts";

/** How long the witness runs alone before and after the attack, in milliseconds. */
const CALM_MS = 1_000;
/** How often the server's memory is sampled, in milliseconds. */
const LOOK_MS = 100;
/** How many unsafe lines, and how many kinds of log lines, are shown. */
const [MOST_UNSAFE, MOST_KINDS] = [3, 6];

/**
 * Runs an attack. Takes some seconds, depending on the attack.
 *
 * @returns The report, line by line.
 * @throws {Error} When the witness cannot join.
 */
export async function runAttack(attack: Attack, server: Server): Promise<string[]> {
  const witness = await Witness.join(server);
  const memory = new Memory(server.process?.pid);
  try {
    const before = await witness.watch(CALM_MS);
    const doing = attack.run(server);
    const during = await witness.watch(doing);
    const did = await doing;
    const after = await witness.watch(CALM_MS);
    await sleep(LOOK_MS);
    const log = server.process?.output();
    return [
      ...rows("the attack", did),
      ...rows("the witness", [
        `before ${said(before)}`,
        `during ${said(during)}`,
        `after  ${said(after)}`,
        ...seen(during),
      ]),
      ...rows("the server", [
        witness.end === undefined ? "is alive" : "has disconnected the witness",
        ...memory.report(),
      ]),
      ...(log === undefined ? [] : rows("its log", kindsIn(log))),
    ];
  } finally {
    memory.stop();
    witness.destroy();
  }
}

/** The memory of a process, sampled continuously. */
class Memory {
  readonly #pid: number | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  #first = 0;
  #most = 0;
  #last = 0;

  constructor(pid: number | undefined) {
    this.#pid = pid;
    this.#look();
    this.#first = this.#last;
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  report(): string[] {
    if (this.#pid === undefined) return [];
    this.#look();
    const [first, most, last] = [this.#first, this.#most, this.#last].map((bytes) =>
      Math.round(bytes / 1e6),
    );
    return [`used ${first} MB before, ${most} at peak, ${last} after`];
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    if (this.#pid === undefined) return;
    try {
      this.#last = usageOf(this.#pid).memory;
    } catch {
      // The process has ended.
    }
    this.#most = Math.max(this.#most, this.#last);
  }
}

function said({ delays, lost }: Sight): string {
  const sorted = delays.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor((sorted.length - 1) * part)] ?? 0;
  const missing = lost > 0 ? `, ${lost} not back` : "";
  if (sorted.length === 0) return `none of its words came back${missing}`;
  const count = sorted.length === 1 ? "1 word" : `${sorted.length} words`;
  const words = `${count} back in ${ms(at(0.5))}, ${ms(at(1))} at most`;
  return words + missing;
}

function seen({ others, unsafe, missed }: Sight): string[] {
  const lines = [`saw ${others} lines of others, ${unsafe.length} of them unsafe`];
  for (const line of unsafe.slice(0, MOST_UNSAFE)) {
    lines.push(`    ${visible(line)}`);
  }
  return missed > 0 ? [...lines, `${missed} messages were reported missed`] : lines;
}

/** A line with its unsafe characters as string escapes. */
function visible(line: string): string {
  const coded = line.replace(/[^\x20-\x7e]/g, (char) => {
    const code = char.charCodeAt(0).toString(16);
    return code.length > 2
      ? `\\u${code.padStart(4, "0")}`
      : `\\x${code.padStart(2, "0")}`;
  });
  return coded.slice(0, 70);
}

/** How many log lines there are of each kind. The kind of a JSON line is its message. */
function kindsIn(log: string): string[] {
  const counts = new Map<string, number>();
  for (const line of log.split("\n")) {
    if (line.trim() === "" || line.startsWith("listening on ")) continue;
    const kind = messageOf(line);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const kinds = [...counts].sort(([, a], [, b]) => b - a);
  const lines = kinds.slice(0, MOST_KINDS).map(([kind, times]) => `${times} × ${kind}`);
  const more = kinds.length - lines.length;
  if (more > 0) lines.push(`and ${more} other kinds`);
  return lines.length > 0 ? lines : ["is empty"];
}

function messageOf(line: string): string {
  try {
    const { msg } = JSON.parse(line) as { msg?: unknown };
    if (typeof msg === "string") return printable(msg);
  } catch {
    // Not JSON.
  }
  return printable(line).slice(0, 60);
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

/** A title, with lines to the right of it. */
function rows(title: string, lines: readonly string[]): string[] {
  return lines.map((line, at) => `${(at === 0 ? title : "").padEnd(13)}${line}`);
}
