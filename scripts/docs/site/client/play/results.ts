// The results of a check or a search so far.
import type { Found, Report } from "../../../../simulate/page/orders.ts";
import { button, el } from "./dom.ts";

type Held = Extract<Report, { of: "held" }>;
type Known = Extract<Report, { of: "known" }>;

/** Relative to the pages of the steps. */
const HELP = "asides/simulation.html";

export class Results {
  readonly element = el("section", {
    class: "play-results",
    "aria-label": "Results",
    tabindex: "-1",
    hidden: "",
  });
  readonly #status = el("p", { role: "status" });
  readonly #list = el("ul");
  readonly #step: number;
  readonly #show: (seed: number) => void;
  #held = 0;
  #failed = 0;
  #picture: HTMLElement | undefined;
  #said = "";
  #isOld = false;

  /**
   * @param step The number of the step, from 1.
   * @param show Shows what a seed breaks.
   */
  constructor(step: number, show: (seed: number) => void) {
    this.#step = step;
    this.#show = show;
    this.element.append(this.#status, this.#list);
  }

  /** Whether the results are of a text that the reader has since changed. */
  set isOld(isOld: boolean) {
    this.#isOld = isOld;
    this.say(this.#said);
  }

  /** Clears the results, and shows what is in progress. */
  begin(text: string): void {
    this.element.hidden = false;
    this.#held = 0;
    this.#failed = 0;
    this.#isOld = false;
    this.#list.replaceChildren();
    this.#picture?.remove();
    this.say(text);
    // In a narrow window they are below its end.
    this.element.scrollIntoView();
  }

  say(text: string): void {
    this.#said = text;
    this.#status.textContent = this.#isOld ? `Of an earlier version: ${text}` : text;
  }

  /** Adds a defect that every version of the step has. */
  known({ seed, rule, since }: Known): void {
    const text = `Seed ${seed} breaks a rule that holds only from step ${since} on: ${rule} `;
    this.#list.append(
      el(
        "li",
        {},
        text,
        button("Show it", () => this.#show(seed)),
      ),
    );
  }

  /** Reports that the seeds broke no rule that holds in the step. */
  whole(seeds: string): void {
    const other = this.#list.children.length > 0 ? "other " : "";
    this.say(`${seeds}: no ${other}rule is broken.`);
  }

  /** Reports a seed that broke a rule. Its session is being shrunk. */
  shrinking(seed: number): void {
    this.say(`Seed ${seed} breaks a rule: shrinking its session …`);
  }

  /** Adds a behaviour that was checked. */
  add({ title, unmet, transcript, left }: Held): void {
    if (unmet === undefined) this.#held += 1;
    else {
      this.#failed += 1;
      const lines = el("pre", { tabindex: "0" }, transcript.slice(-30).join("\n"));
      const details = el(
        "details",
        {},
        el("summary", {}, `✗ ${title}`),
        el("p", {}, unmet),
        lines,
      );
      this.#list.append(el("li", {}, details));
    }
    const all = this.#held + this.#failed + left;
    this.say(
      left > 0
        ? `Checking: ${this.#held + this.#failed} of ${all} behaviours …`
        : `${this.#held} of ${all} behaviours hold${this.#failed > 0 ? `, ${this.#failed} fail` : ""}.`,
    );
    if (left === 0 && this.#failed > 0) {
      const command = el("code", {}, `just check ${this.#step}.1 FILE`);
      this.#list.append(el("li", {}, "If it solves exercise 1: ", command));
    }
  }

  /** Shows a seed that broke a rule. @param more Buttons for it. */
  found(found: Found, more: readonly HTMLElement[]): void {
    const { seed, rule, how, since, weather, session, digest } = found;
    const known = since > this.#step ? ` A known defect: step ${since} fixes it.` : "";
    this.say(`Seed ${seed} breaks a rule: ${rule}.${known}`);
    this.#list.replaceChildren(
      el("li", {}, how),
      el(
        "li",
        {},
        `The shortest session that shows it, in the weather “${weather}”:`,
        el("ul", {}, ...session.map((line) => el("li", {}, line))),
      ),
      el("li", {}, "Digest of the seed: ", el("code", {}, digest)),
      el("li", {}, el("a", { href: HELP }, "How the search works")),
      el("li", { class: "play-moves" }, ...more),
    );
  }

  /** Adds the diagram of the session, as SVG. */
  draw(svg: string): void {
    const picture = el("div", {
      class: "play-diagram",
      tabindex: "0",
      role: "group",
      "aria-label": "Diagram",
    });
    picture.innerHTML = svg;
    this.#list.after(picture);
    this.#picture = picture;
  }
}
