// What happened, up to the moment on the slider: the clients' columns and the output.
import type { Move, Shown } from "../../../../simulate/page/orders.ts";
import { Column } from "./column.ts";
import { el } from "./dom.ts";
import { describe, Timeline } from "./timeline.ts";

export class Screen {
  readonly clients = el("div", { class: "play-clients" });
  readonly output = el("pre", {
    role: "log",
    tabindex: "0",
    "aria-label": "What the server prints",
  });
  readonly time: HTMLElement;
  /** The last output of a thread that was terminated. */
  lastWords = "";
  readonly #slider = el("input", { type: "range", min: "0", max: "0", value: "0" });
  readonly #moment = el("output", { class: "play-moment" });
  readonly #light: (line: number | undefined) => void;
  #columns: Column[] = [];
  #timeline = new Timeline();
  #isDrawing = false;

  /** @param light Called with the line of the server that acted last. */
  constructor(light: (line: number | undefined) => void) {
    this.#light = light;
    this.time = el(
      "footer",
      {},
      el("label", {}, el("span", {}, "Time"), this.#slider),
      this.#moment,
    );
    this.#slider.addEventListener("input", () => this.draw());
  }

  /** Starts over. @param moves Makes the move of a client; without it, nobody can type. */
  begin(
    names: readonly string[],
    moves?: (who: string, move: Move, text: string) => void,
  ) {
    this.#timeline = new Timeline();
    this.lastWords = "";
    this.#columns = names.map((who, index) => {
      const own =
        moves &&
        ((move: Move, text: string) => {
          // What it does is seen only at the end of the time.
          this.#slider.value = this.#slider.max;
          this.draw();
          moves(who, move, text);
        });
      return new Column(who, (index % 6) + 1, own);
    });
    this.clients.replaceChildren(...this.#columns.map(({ element }) => element));
    this.#slider.max = "0";
    this.#slider.value = "0";
    this.draw();
  }

  /** Nobody can type until it starts over. */
  stop(): void {
    const controls = this.clients.querySelectorAll<HTMLInputElement>("input, button");
    for (const control of controls) control.disabled = true;
  }

  add(...acts: readonly Shown[]): void {
    this.#timeline.acts.push(...acts);
    for (const act of acts) {
      if (act.by === "server") continue;
      const who = this.#timeline.who(act);
      this.#columns.find((column) => column.who === who)?.follow(act.what);
    }
    this.draw();
  }

  /** Sets the name of a client from now on. */
  name(port: number, label: string): void {
    this.#timeline.labels.set(port, label);
    this.draw();
  }

  focusClient(): void {
    this.#columns[0]?.focus();
  }

  focusTime(): void {
    this.#slider.focus();
  }

  /** Draws the current state, at most once per frame. */
  draw(): void {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    requestAnimationFrame(() => {
      this.#isDrawing = false;
      this.#drawNow();
    });
  }

  #drawNow(): void {
    const { acts } = this.#timeline;
    const isAtEnd = this.#slider.value === this.#slider.max;
    this.#slider.max = `${acts.length}`;
    if (isAtEnd) this.#slider.value = this.#slider.max;
    const count = Number(this.#slider.value);
    this.#timeline.show(count);
    for (const column of this.#columns) {
      column.show(this.#timeline.columns.get(column.who) ?? []);
    }
    this.output.textContent = this.#timeline.output + this.lastWords;
    this.output.scrollTop = this.output.scrollHeight;
    this.#light(this.#timeline.lineAt(count));
    const last = acts[count - 1];
    const text = last === undefined ? "" : momentOf(last, this.#timeline.who(last));
    this.#moment.textContent = text;
    this.#slider.setAttribute("aria-valuetext", text || "the start");
  }
}

/** The time of an act, the act, and the line that did it. */
function momentOf(act: Shown, who: string): string {
  const where = act.line === undefined ? "" : `, line ${act.line}`;
  return `${act.at.toFixed(2)} ms · ${describe(act, who)}${where}`;
}
