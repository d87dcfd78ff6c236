// All bots together: they connect, talk, wait for their last echoes, and quit.
import { setTimeout as sleep } from "node:timers/promises";
import { type Address, type Bot, ConnectError, connectBot } from "./bot.ts";
import { crewOf, TALKATIVENESS } from "./crew.ts";
import type { Totals } from "./report.ts";
import { pick } from "./sentences.ts";

/** How many bots connect or quit at the same time. In steps 12 to 16 everyone is notified of
 * each, and a client with more than 32 unread lines is cut off. */
const AT_ONCE = 8;
/** How often it checks what is due, in milliseconds. */
const TICK = 10;
/** Messages overdue by more than this are skipped, in milliseconds. */
const MOST_BEHIND = 250;

/** How long something may take: a number of milliseconds, and until the signal aborts. */
interface Limit {
  readonly ms?: number | undefined;
  readonly signal: AbortSignal;
}

/** The bots. Call `fill`, `talk`, `settle` and `quit` one after the other. */
export class Fleet {
  readonly #address: Address;
  readonly #patience: number;
  readonly #bots: Bot[] = [];
  /** Connections that were accepted but not greeted. */
  #ungreeted = 0;
  #talkedFrom = 0;
  #talkedTo: number | undefined = 0;

  /** @param patience The limit for a connection and its greeting, in milliseconds. */
  constructor(address: Address, patience: number) {
    this.#address = address;
    this.#patience = patience;
  }

  /** The totals so far. */
  get totals(): Totals {
    const bots = this.#bots;
    const sum = (of: (bot: Bot) => number) => bots.reduce((all, bot) => all + of(bot), 0);
    const echoes = sum((bot) => bot.echoes);
    return {
      connected: bots.length + this.#ungreeted,
      here: sum((bot) => Number(!bot.gone)),
      lost: sum((bot) => Number(bot.gone && !bot.quitting)) + this.#ungreeted,
      seconds: ((this.#talkedTo ?? performance.now()) - this.#talkedFrom) / 1_000,
      sent: sum((bot) => bot.sent),
      echoes,
      received: echoes + sum((bot) => bot.others),
      dropped: sum((bot) => bot.dropped),
      moves: sum((bot) => bot.moves),
      bytes: sum((bot) => bot.bytes),
    };
  }

  /**
   * Connects the given number of bots: one to find out what is there, then the others, a
   * few at a time. Returns early when the signal aborts. A bot that is accepted but then
   * disconnected counts as lost.
   *
   * @throws {ConnectError} When the first bot is not greeted, or another is not accepted.
   */
  async fill(count: number, signal: AbortSignal): Promise<void> {
    for (let size = 1; this.#bots.length + this.#ungreeted < count; size = AT_ONCE) {
      const left = count - this.#bots.length - this.#ungreeted;
      const few = Array.from({ length: Math.min(size, left) }, () =>
        this.#connect(signal),
      );
      const failed = (await Promise.allSettled(few)).find(
        (one) => one.status === "rejected",
      );
      if (signal.aborted) break;
      if (failed !== undefined) throw failed.reason;
    }
    const crew = crewOf(count, this.#bots[0]?.hasRooms ?? false);
    for (const [index, bot] of this.#bots.entries()) bot.kind = crew[index] ?? "crowd";
  }

  /**
   * Lets the bots talk until the limit is reached, or none is left.
   *
   * @param rate Messages per second of all bots together: more than 0.
   */
  async talk(rate: number, limit: Limit): Promise<void> {
    this.#talkedFrom = performance.now();
    this.#talkedTo = undefined;
    const turns = this.#bots.flatMap((bot) =>
      Array<Bot>(TALKATIVENESS[bot.kind]).fill(bot),
    );
    // When the next message is due. The turn of a disconnected bot passes without one.
    let next = this.#talkedFrom;
    await until(() => {
      const now = performance.now();
      next = Math.max(next, now - MOST_BEHIND);
      for (; next <= now && turns.length > 0; next += 1_000 / rate)
        pick(turns).takeTurn();
      return this.#bots.every((bot) => bot.gone);
    }, limit);
    this.#talkedTo = performance.now();
  }

  /** Waits until every message has come back to the bot that sent it, if it still can. */
  settle(limit: Limit): Promise<void> {
    return until(
      () => this.#bots.every((bot) => bot.gone || bot.sent === bot.echoes),
      limit,
    );
  }

  /** Quits, reads what is still in flight, and destroys what is left at the limit. */
  async quit({ ms = Number.POSITIVE_INFINITY, signal }: Limit): Promise<void> {
    const end = performance.now() + ms;
    for (let index = 0; index < this.#bots.length; index += AT_ONCE) {
      const few = this.#bots.slice(index, index + AT_ONCE);
      for (const bot of few) bot.quit();
      await until(() => few.every((bot) => bot.gone), {
        ms: end - performance.now(),
        signal,
      });
    }
    for (const bot of this.#bots) bot.destroy();
  }

  async #connect(signal: AbortSignal): Promise<void> {
    // Not AbortSignal.any with a timeout: on Node 20 that may be collected as garbage.
    const limit = new AbortController();
    const abort = () => limit.abort();
    const timer = setTimeout(abort, this.#patience);
    signal.addEventListener("abort", abort);
    try {
      this.#bots.push(await connectBot(this.#address, limit.signal));
    } catch (error) {
      const accepted = error instanceof ConnectError && error.accepted;
      if (!accepted || this.#bots.length === 0) throw error;
      if (!signal.aborted) this.#ungreeted += 1;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    }
  }
}

/** Polls until done, up to the limit. */
async function until(done: () => boolean, { ms, signal }: Limit): Promise<void> {
  const end = performance.now() + (ms ?? Number.POSITIVE_INFINITY);
  while (!done() && !signal.aborted && performance.now() < end) await sleep(TICK);
}
