// The server's text: a plain textarea next to its line numbers. Tab leaves it, as any
// field.
import { load } from "../on-demand.ts";
import type { DiffOfTexts } from "./diff.ts";
import { el } from "./dom.ts";

/** The build replaces this with an address: see ../../play.ts. */
const DIFF = "DIFF";

export class Editor {
  readonly element: HTMLElement;
  readonly #area: HTMLTextAreaElement;
  readonly #numbers = el("div", { class: "play-numbers", "aria-hidden": "true" });
  readonly #changes = el("pre", { tabindex: "0" });
  readonly #diff = el(
    "details",
    { hidden: "" },
    el("summary", {}, "Your edit as a diff"),
    this.#changes,
  );
  readonly #original: string;

  /** @param changed Called after each edit. */
  constructor(text: string, label: string, changed: () => void) {
    this.#original = text;
    this.#area = el("textarea", {
      "aria-label": label,
      spellcheck: "false",
      autocapitalize: "off",
      autocomplete: "off",
      wrap: "off",
    });
    this.#area.value = text;
    const code = el("div", { class: "play-code" }, this.#numbers, this.#area);
    this.#diff.addEventListener("toggle", () => void this.#compare());
    this.element = el("div", { class: "play-editor" }, code, this.#diff);
    this.#area.addEventListener("input", () => {
      this.#number();
      changed();
    });
    this.#area.addEventListener("scroll", () => {
      this.#numbers.scrollTop = this.#area.scrollTop;
    });
    this.#area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.ctrlKey && !event.isComposing)
        this.#indent(event);
    });
    this.#number();
  }

  get text(): string {
    return this.#area.value;
  }

  set text(text: string) {
    this.#area.value = text;
    this.#number();
  }

  get isEdited(): boolean {
    return this.text !== this.#original;
  }

  reset(): void {
    this.text = this.#original;
  }

  /** Highlights a line and scrolls it into view; none if there is no such line. */
  light(line: number | undefined): void {
    for (const lit of this.#numbers.querySelectorAll(".lit")) lit.classList.remove("lit");
    const number = line === undefined ? undefined : this.#numbers.children[line - 1];
    if (!(number instanceof HTMLElement)) return;
    number.classList.add("lit");
    const { clientHeight, scrollTop } = this.#area;
    const top = number.offsetTop;
    if (top < scrollTop || top > scrollTop + clientHeight - number.offsetHeight) {
      this.#area.scrollTop = top - clientHeight / 3;
    }
  }

  /** Numbers the lines, and marks those that differ from the step's. */
  #number(): void {
    const known = new Set(this.#original.split("\n"));
    const rows = this.text
      .split("\n")
      .map((line, index) =>
        el("span", known.has(line) ? {} : { class: "edited" }, `${index + 1}`),
      );
    this.#numbers.replaceChildren(...rows);
    this.#numbers.scrollTop = this.#area.scrollTop;
    this.#diff.hidden = !this.isEdited;
    void this.#compare();
  }

  /** Shows the lines that differ from the step's, while the diff is open. */
  async #compare(): Promise<void> {
    if (!this.#diff.open) return;
    const { root = "" } = document.documentElement.dataset;
    await load(root + DIFF);
    const { changedLines } = globalThis as unknown as DiffOfTexts;
    this.#changes.replaceChildren(...changedLines(this.#original, this.text));
  }

  /** Indents a new line like the previous one. */
  #indent(event: KeyboardEvent): void {
    const { selectionStart, value } = this.#area;
    const line = value.slice(
      value.lastIndexOf("\n", selectionStart - 1) + 1,
      selectionStart,
    );
    const indent = /^ */.exec(line)?.[0] ?? "";
    if (indent === "") return;
    event.preventDefault();
    // Inserted as if typed, so that it can be undone.
    document.execCommand("insertText", false, `\n${indent}`);
  }
}
