// One of the two servers of a duel: its machine, and what each of its clients saw per move.
import { CALM } from "../../../../simulate/kernel/weather.ts";
import type { Move, Report } from "../../../../simulate/page/orders.ts";
import type { PlayedStep } from "./step.ts";
import { Thread } from "./thread.ts";
import { type Row, Timeline } from "./timeline.ts";

/** How far each move advances the machine's clock, in milliseconds. */
const LEAP = 1_000;

/** Something seen during a move: by a client, or in the server's output. */
export interface Seen {
  readonly who: string;
  readonly kind: Row["kind"];
  readonly text: string;
}

/** A client's move, sent to both servers of the duel. */
export interface Play {
  readonly who: string;
  readonly move: Move;
  /** The line, if the move sends one. */
  readonly text: string;
}

export class Side {
  readonly step: PlayedStep;
  readonly #thread: Thread;
  readonly #timeline = new Timeline();
  /** How many rows of each client there were before the move. */
  readonly #known = new Map<string, number>();
  #actsKnown = 0;
  #settle: (() => void) | undefined;
  /** Why it was stopped, other than by its own program. */
  #failure: string | undefined;

  constructor(step: PlayedStep) {
    this.step = step;
    this.#thread = new Thread(
      (report) => this.#take(report),
      () => this.#fail("the server's loop does not end: it was stopped"),
    );
    const { number, text, files } = step;
    this.#thread.ask({ do: "files", files });
    const subject = { step: number, text };
    this.#thread.ask({ do: "run", subject, seed: 1, weather: CALM, leap: LEAP });
  }

  /** Makes a move. @returns everything that was seen since the previous move. */
  async play(play: Play): Promise<readonly Seen[]> {
    if (this.#failure === undefined) {
      await new Promise<void>((resolve) => {
        this.#settle = resolve;
        this.#thread.ask({ do: "move", ...play });
      });
    }
    const seen = this.#fresh();
    if (this.#failure !== undefined) {
      return [...seen, { who: "server", kind: "note", text: this.#failure }];
    }
    // Typed lines are the same for both servers, and shown as the move itself.
    return seen.filter(({ kind }) => kind !== "types");
  }

  end(): void {
    this.#thread.end();
  }

  #take(report: Report): void {
    if (report.of === "act") this.#timeline.acts.push(report.act);
    if (report.of === "label") this.#timeline.labels.set(report.port, report.label);
    if (report.of === "failure") this.#fail(report.message);
    if (report.of === "moved") this.#settle?.();
  }

  #fail(message: string): void {
    this.#failure = message;
    this.#settle?.();
  }

  #fresh(): Seen[] {
    const { acts, columns } = this.#timeline;
    this.#timeline.show(acts.length);
    const seen = [...columns].flatMap(([who, rows]) => {
      const known = this.#known.get(who) ?? 0;
      this.#known.set(who, rows.length);
      return rows.slice(known).map(({ kind, text }) => ({ who, kind, text }));
    });
    const ends = acts
      .slice(this.#actsKnown)
      .filter(({ what }) => what === "ends")
      .map(
        ({ data }) => ({ who: "server", kind: "note", text: `ended: ${data}` }) as const,
      );
    this.#actsKnown = acts.length;
    return [...seen, ...ends];
  }
}
