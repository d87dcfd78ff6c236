// The playground: a step's server, its clients, and what happens between them.
import type { Found, Move, Report } from "../../../../simulate/page/orders.ts";
import { load } from "../on-demand.ts";
import { Column } from "./column.ts";
import { button, el } from "./dom.ts";
import { Editor } from "./editor.ts";
import { readLink, writeLink } from "./link.ts";
import { Results } from "./results.ts";
import type { PlayedStep } from "./step.ts";
import { Thread } from "./thread.ts";
import { describe, Timeline } from "./timeline.ts";

const CLIENTS = ["ann", "bob", "eve"];
/** As scripts/simulate/kernel/weather.ts names them. */
const WEATHERS = ["calm", "jitter", "slow", "crumbs", "narrow", "busy"];
const SEEDS = 500;
/** The build puts an address here: see ../../play.ts. */
const CHECKS = "CHECKS";

export class Panel {
  readonly element: HTMLDialogElement;
  readonly #step: PlayedStep;
  readonly #editor: Editor;
  readonly #results = new Results();
  readonly #clients = el("div", { class: "play-clients" });
  readonly #output = el("pre", {
    role: "log",
    tabindex: "0",
    "aria-label": "What the server prints",
  });
  readonly #slider = el("input", { type: "range", min: "0", max: "0", value: "0" });
  readonly #moment = el("output", { class: "play-moment" });
  readonly #state = el("p", { class: "play-state", role: "status" });
  readonly #weather = el("select", {}, ...WEATHERS.map((one) => el("option", {}, one)));
  #columns: Column[] = [];
  #timeline = new Timeline();
  #live: Thread | undefined;
  #task: Thread | undefined;
  /** What a thread that was ended left to say. */
  #lastWords = "";
  /** The seeds of a search that has found nothing yet. */
  #searched: { readonly first: number; readonly last: number } | undefined;
  #isDrawing = false;

  constructor(step: PlayedStep) {
    this.#step = step;
    this.#editor = new Editor(step.text, `examples/${step.slug}/server.ts`, () => {
      this.#say(this.#editor.isEdited ? "Edited: Run starts it as it is now." : "");
    });
    const close = button("Close", () => this.element.close());
    const weather = el("label", {}, "Weather ", this.#weather);
    this.#weather.addEventListener("change", () => this.run());
    this.element = el(
      "dialog",
      { class: "play", "aria-label": `${step.title}, in this page` },
      el("header", {}, el("h2", {}, step.title), close),
      el(
        "p",
        { class: "play-tools" },
        button("Run", () => this.run()),
        button("Stop", () => this.stop()),
        button("Check", () => void this.check()),
        button("Find a race", () => this.explore(1, SEEDS)),
        button("Back to the step", () => {
          this.#editor.reset();
          this.run();
        }),
        weather,
      ),
      this.#state,
      el(
        "div",
        { class: "play-parts" },
        el(
          "div",
          { class: "play-seen" },
          this.#clients,
          el("h3", {}, "The server prints"),
          this.#output,
          this.#results.element,
        ),
        this.#editor.element,
      ),
      el(
        "footer",
        {},
        el("label", {}, el("span", {}, "Time"), this.#slider),
        this.#moment,
      ),
    );
    this.#slider.addEventListener("input", () => this.#draw());
    this.element.addEventListener("close", () => this.#end());
    document.body.append(this.element);
  }

  /** Opens it, and runs the step; or what the address of the page says. */
  async open(): Promise<void> {
    if (this.element.open) return;
    const { seed, text } = await readLink();
    this.element.showModal();
    if (text !== undefined) this.#editor.text = text;
    this.run();
    if (seed !== undefined) this.explore(seed, 1);
  }

  /** Starts the server as it is now, with clients. */
  run(): void {
    this.#end();
    this.#use(new Timeline(), CLIENTS, true);
    this.#say("");
    const subject = this.#subject;
    this.#live = this.#thread(() => {
      this.#lastWords = "The server's loop does not end: it was stopped.";
    });
    const weather = this.#weather.value;
    this.#live.ask({ do: "run", subject, seed: 1, weather });
    for (const who of CLIENTS) {
      this.#live.ask({ do: "move", who, move: "connect", text: "" });
    }
    this.#columns[0]?.focus();
  }

  stop(): void {
    this.#end();
    this.#say("Stopped.");
  }

  /** Holds the behaviours of the step against the server as it is now. */
  async check(): Promise<void> {
    this.#task?.end();
    this.#searched = undefined;
    this.#results.begin("Checking …");
    const { root = "" } = document.documentElement.dataset;
    await load(root + CHECKS);
    this.#task = this.#thread(() =>
      this.#results.say("The server's loop does not end: the check was stopped."),
    );
    this.#task.ask({ do: "check", subject: this.#subject });
  }

  /** Looks for a seed that breaks a rule. */
  explore(from: number, count: number): void {
    this.#task?.end();
    this.#results.begin("Looking …");
    this.#task = this.#thread(() =>
      this.#results.say("The server's loop does not end: the search was stopped."),
    );
    this.#task.ask({ do: "explore", subject: this.#subject, from, count });
    this.#searched = { first: from, last: from + count - 1 };
  }

  get #subject() {
    return { step: this.#step.number, text: this.#editor.text };
  }

  #say(text: string): void {
    this.#state.textContent = text;
  }

  #thread(stuck: () => void): Thread {
    const thread = new Thread(
      (report) => this.#take(report),
      () => {
        stuck();
        this.#draw();
      },
    );
    thread.ask({ do: "files", files: this.#step.files });
    return thread;
  }

  #end(): void {
    this.#live?.end();
    this.#task?.end();
    this.#live = undefined;
    this.#task = undefined;
    this.#lastWords = "";
  }

  /** Shows another session. @param isLive Whether its clients can be typed into. */
  #use(timeline: Timeline, names: readonly string[], isLive: boolean): void {
    this.#timeline = timeline;
    this.#columns = names.map((who, index) => {
      const moves = (move: Move, text: string) => {
        this.#live?.ask({ do: "move", who, move, text });
      };
      return new Column(who, (index % 6) + 1, isLive ? moves : undefined);
    });
    this.#clients.replaceChildren(...this.#columns.map(({ element }) => element));
    this.#slider.max = "0";
    this.#slider.value = "0";
    this.#draw();
  }

  #take(report: Report): void {
    if (report.of === "act") this.#timeline.acts.push(report.act);
    if (report.of === "label") this.#timeline.labels.set(report.port, report.label);
    if (report.of === "act" || report.of === "label") this.#draw();
    if (report.of === "failure") this.#say(report.message);
    if (report.of === "held") this.#results.add(report);
    if (report.of === "seed") {
      this.#results.say(`Seed ${report.seed}: nothing is broken …`);
    }
    if (report.of === "shrinking") {
      this.#results.say(`Seed ${report.seed} breaks a rule: making its session short …`);
    }
    if (report.of === "found") this.#found(report.found);
    if (report.of === "done") this.#done();
  }

  #done(): void {
    this.#task?.end();
    this.#task = undefined;
    if (this.#searched === undefined) return;
    const { first, last } = this.#searched;
    const seeds = first === last ? `Seed ${first}` : `Seeds ${first} to ${last}`;
    this.#results.say(`${seeds}: nothing is broken.`);
    this.#searched = undefined;
  }

  #found(found: Found): void {
    this.#searched = undefined;
    const { seed } = found;
    const text = this.#editor.isEdited ? this.#editor.text : undefined;
    const share = button("Share this seed", async () => {
      await writeLink({ seed, text });
      await navigator.clipboard?.writeText(location.href).catch(() => {});
      share.textContent = "The page's address leads to it now";
    });
    const replay = button("Show it again", () => this.#replay(found));
    this.#results.found(found, this.#step.number, [replay, share]);
    this.#replay(found);
  }

  #replay({ acts, labels }: Found): void {
    this.#live?.end();
    this.#live = undefined;
    const timeline = new Timeline();
    timeline.acts.push(...acts);
    for (const [port, label] of Object.entries(labels)) {
      timeline.labels.set(Number(port), label);
    }
    this.#use(timeline, [...new Set(Object.values(labels))], false);
    this.#slider.focus();
  }

  /** Draws what there is, once a frame. */
  #draw(): void {
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
    this.#output.textContent = this.#timeline.output + this.#lastWords;
    this.#output.scrollTop = this.#output.scrollHeight;
    const last = acts[count - 1];
    const line = this.#timeline.lineAt(count);
    this.#editor.light(line);
    const at = last ? `${last.at.toFixed(2)} ms` : "";
    const where = last?.line === undefined ? "" : `, line ${last.line}`;
    const what = last
      ? `${at} · ${describe(last, this.#timeline.who(last))}${where}`
      : "";
    this.#moment.textContent = what;
    this.#slider.setAttribute("aria-valuetext", what || "the start");
  }
}
