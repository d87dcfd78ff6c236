// All bots together: they connect, talk, wait for their last echoes, and quit.
import { type Address, type Bot, ConnectError, connectBot } from "./bot.ts";
import { crewOf, type Kind, TALKATIVENESS } from "./crew.ts";
import { inLanes } from "./lanes.ts";
import type { Random } from "./random.ts";
import type { Totals } from "./report.ts";
import { Schedule } from "./schedule.ts";

/** How many connect, or quit, at the same time. In steps 12 to 16 everyone is told of each
 * that comes or goes, and who has more than 32 such lines to read is cut off. */
const IN_FLIGHT = 8;
/** The longest wait of a timer, in milliseconds: setTimeout cannot wait for weeks. */
const LONGEST_WAIT = 60_000;

export interface FleetOptions {
  readonly address: Address;
  /** How many bots: 1 or more. */
  readonly count: number;
  /** Messages a second of all together, on average: more than 0. */
  readonly rate: number;
  readonly random: Random;
  /** How long a connection and its greeting may take, in milliseconds. */
  readonly patience: number;
}

/** How long something may take: in milliseconds, and until the signal aborts. */
export interface Limit {
  readonly ms?: number | undefined;
  readonly signal: AbortSignal;
}

/** The bots. Call `fill`, `talk`, `settle` and `quit` one after the other. */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #bots: Bot[] = [];
  /** Those that were accepted and not greeted. */
  #ungreeted = 0;
  #gone = 0;
  readonly #watchers = new Set<() => void>();
  #talkedFrom = 0;
  #talkedTo: number | undefined = 0;

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  /** How many bots are connected now. */
  get here(): number {
    return this.#bots.length - this.#gone;
  }

  /** What has come of it so far. */
  get totals(): Totals {
    const bots = this.#bots;
    const sum = (of: (bot: Bot) => number) => bots.reduce((all, bot) => all + of(bot), 0);
    const echoes = sum((bot) => bot.heard.echoes);
    return {
      connected: bots.length + this.#ungreeted,
      here: this.here,
      lost: sum((bot) => (bot.lost ? 1 : 0)) + this.#ungreeted,
      seconds: ((this.#talkedTo ?? performance.now()) - this.#talkedFrom) / 1_000,
      sent: sum((bot) => bot.sent),
      echoes,
      received: echoes + sum((bot) => bot.heard.others),
      dropped: sum((bot) => bot.heard.dropped),
      moves: sum((bot) => bot.moves),
      bytes: sum((bot) => bot.bytes),
    };
  }

  /**
   * Connects them: one to see what is there, then the others, a few at a time. Returns
   * early when the signal aborts, or when all are lost. One that is accepted and hung up
   * on counts as lost.
   *
   * @throws {ConnectError} When the first is not greeted, or another not accepted.
   */
  async fill(signal: AbortSignal): Promise<void> {
    const { count } = this.#options;
    if (!(await this.#connect("talker", signal))) return;
    const rooms = this.#bots[0]?.welcome.rooms ?? false;
    const [, ...crew] = crewOf(count, rooms);
    await inLanes(IN_FLIGHT, crew, async (kind) => {
      return this.here > 0 && (await this.#connect(kind, signal));
    });
  }

  /** Lets them talk until the limit is reached, or none is left. */
  async talk(limit: Limit): Promise<void> {
    this.#talkedFrom = performance.now();
    this.#talkedTo = undefined;
    let timer: NodeJS.Timeout | undefined;
    if (this.here > 0) {
      const { rate, random } = this.#options;
      const weights = this.#bots.map((bot) => TALKATIVENESS[bot.kind]);
      const schedule = new Schedule({ weights, rate, random, start: this.#talkedFrom });
      const tick = () => {
        for (const index of schedule.take(performance.now())) {
          // One that is lost says nothing, and nobody speaks in its stead.
          this.#bots[index]?.takeTurn(random);
        }
        const wait = Math.min(schedule.next - performance.now(), LONGEST_WAIT);
        timer = setTimeout(tick, Math.ceil(Math.max(wait, 0)));
      };
      tick();
    }
    await this.#until(() => this.here === 0, limit);
    clearTimeout(timer);
    this.#talkedTo = performance.now();
  }

  /** Waits until every message has come back to the one who sent it, if it still can. */
  async settle(limit: Limit): Promise<void> {
    await this.#until(
      () => this.#bots.every((bot) => bot.gone || bot.awaited === 0),
      limit,
    );
  }

  /** Quits, reads what was still on its way, and cuts what is left at the limit. */
  async quit(limit: Limit): Promise<void> {
    const { ms, signal } = limit;
    const start = performance.now();
    await inLanes(IN_FLIGHT, this.#bots, async (bot) => {
      const left = ms === undefined ? ms : start + ms - performance.now();
      if (signal.aborted || (left !== undefined && left <= 0)) return false;
      bot.quit();
      await this.#until(() => bot.gone, { ms: left, signal });
      return true;
    });
    for (const bot of this.#bots) bot.destroy();
  }

  /** @returns Whether to go on. */
  async #connect(kind: Kind, signal: AbortSignal): Promise<boolean> {
    const { address, patience } = this.#options;
    const onEcho = () => {
      for (const check of this.#watchers) check();
    };
    const onGone = () => {
      this.#gone += 1;
      onEcho();
    };
    const options = { ...address, kind, patience, signal, onEcho, onGone };
    try {
      const bot = await connectBot(options);
      this.#bots.push(bot);
    } catch (error) {
      if (signal.aborted) return false;
      const accepted = error instanceof ConnectError && error.accepted;
      if (!accepted || this.#bots.length === 0) throw error;
      this.#ungreeted += 1;
    }
    return true;
  }

  /** Waits for `done`, which is asked again whenever a bot hears an echo or is gone. */
  #until(done: () => boolean, { ms, signal }: Limit): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        this.#watchers.delete(check);
        signal.removeEventListener("abort", end);
        clearTimeout(timer);
        resolve();
      };
      const check = () => {
        if (done()) end();
      };
      const timer = ms === undefined ? undefined : setTimeout(end, ms);
      this.#watchers.add(check);
      signal.addEventListener("abort", end);
      if (signal.aborted) end();
      else check();
    });
  }
}
