// A client's column: what it has typed and seen, and its input.
import type { Move } from "../../../../simulate/page/orders.ts";
import { button, el } from "./dom.ts";
import type { Row } from "./timeline.ts";

export class Column {
  readonly element: HTMLElement;
  readonly who: string;
  readonly #log: HTMLElement;
  readonly #input = el("input", {
    type: "text",
    autocomplete: "off",
    enterkeyhint: "send",
  });
  readonly #reading: HTMLButtonElement;
  #isReading = true;

  /** @param moves Called with the user's moves; without it, nobody can type. */
  constructor(
    who: string,
    hue: number,
    moves: ((move: Move, text: string) => void) | undefined,
  ) {
    this.who = who;
    // A log announces new lines. Only the log of the client in use does.
    this.#log = el("div", {
      class: "play-log",
      role: "log",
      "aria-live": "off",
      "aria-label": `What ${who} types and sees`,
      tabindex: "0",
    });
    const move = (one: Move, text = "") => moves?.(one, text);
    this.#reading = button("Stop reading", () => {
      move(this.#isReading ? "stop reading" : "read on");
    });
    const form = el(
      "form",
      {},
      el("label", {}, el("span", { class: "unseen" }, `${who} types`), this.#input),
      el("button", { type: "submit" }, "Send"),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      move("line", this.#input.value);
      this.#input.value = "";
    });
    const buttons = el(
      "p",
      { class: "play-moves" },
      button("Connect", () => move("connect")),
      button("End", () => move("finish")),
      button("Reset", () => move("reset")),
      this.#reading,
    );
    this.element = el(
      "section",
      { class: "play-client", "aria-label": who, style: `--hue:var(--client-${hue})` },
      el("h3", {}, who),
      this.#log,
      ...(moves ? [form, buttons] : []),
    );
    form.addEventListener("focusin", () => {
      this.#log.setAttribute("aria-live", "polite");
    });
    form.addEventListener("focusout", () => {
      this.#log.setAttribute("aria-live", "off");
    });
  }

  focus(): void {
    this.#input.focus();
  }

  /** Follows an act of the client: whether it is reading now. */
  follow(what: string): void {
    if (what === "stops reading") this.#isReading = false;
    // A new connection reads.
    else if (["connects", "closes", "resumes reading"].includes(what))
      this.#isReading = true;
    else return;
    this.#reading.textContent = this.#isReading ? "Stop reading" : "Resume reading";
  }

  /** Shows exactly these lines. */
  show(rows: readonly Row[]): void {
    const log = this.#log;
    const isAtEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 4;
    while (log.children.length > rows.length) log.lastElementChild?.remove();
    for (const [index, row] of rows.entries()) {
      const known = log.children[index];
      const text = row.kind === "types" ? `› ${row.text}` : row.text;
      if (known?.textContent === text && known.className === row.kind) continue;
      const item = el("div", { class: row.kind }, text);
      if (known) known.replaceWith(item);
      else log.append(item);
    }
    if (isAtEnd) log.scrollTop = log.scrollHeight;
  }
}
