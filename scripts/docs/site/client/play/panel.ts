// The playground: a step's server, its clients, and what happens between them.
import type { Found, Report } from "../../../../simulate/page/orders.ts";
import { load } from "../on-demand.ts";
import type { DiagramOfRun } from "./diagram.ts";
import { button, el } from "./dom.ts";
import { Editor } from "./editor.ts";
import { keepText, keptText } from "./kept.ts";
import { readLink, shareButton } from "./link.ts";
import { Results } from "./results.ts";
import { Screen } from "./screen.ts";
import { Sky } from "./sky.ts";
import type { PlayedStep } from "./step.ts";
import { Thread } from "./thread.ts";

const CLIENTS = ["ann", "bob", "eve"];
const SEEDS = 500;
/** The build replaces these with addresses: see ../../play.ts. */
const CHECKS = "CHECKS";
const DIAGRAM = "DIAGRAM";

export class Panel {
  readonly element: HTMLDialogElement;
  readonly #step: PlayedStep;
  readonly #editor: Editor;
  readonly #results: Results;
  /** Makes the prepared mistake, if the step has one. */
  readonly #breakIt: HTMLElement | undefined;
  readonly #screen = new Screen((line) => this.#editor.light(line));
  readonly #sky = new Sky((weather) => this.#live?.ask({ do: "weather", weather }));
  readonly #state = el("p", { class: "play-state", role: "status" });
  #live: Thread | undefined;
  #task: Thread | undefined;
  /** The text that the results are of. */
  #judged: string | undefined;
  /** The seeds of a search that has not found anything yet. */
  #searched: { readonly first: number; readonly last: number } | undefined;

  constructor(step: PlayedStep) {
    this.#step = step;
    this.#results = new Results(step.number, (seed) => this.explore(seed, 1));
    this.#breakIt = step.mistake && button("Break it", () => this.#break());
    this.#editor = new Editor(step.text, `examples/${step.slug}/server.ts`, () => {
      this.#keep();
      this.#say(this.#editor.isEdited ? "Edited: Run starts it as it is now." : "");
    });
    this.#editor.text = keptText(step.slug) ?? step.text;
    this.element = el(
      "dialog",
      { class: "play", "aria-label": `${step.title}, in this page` },
      el(
        "header",
        {},
        el("h2", {}, step.title),
        button("Close", () => this.element.close()),
      ),
      el(
        "p",
        { class: "play-tools" },
        button("Run", () => this.run()),
        button("Stop", () => {
          this.#end();
          this.#screen.stop();
          this.#say("Stopped: Run starts it again.");
        }),
        button("Check", () => void this.check()),
        this.#breakIt,
        button("Find a race", () => this.explore(1, SEEDS)),
        button("Back to the step", () => {
          this.#editor.reset();
          this.#keep();
          this.run();
        }),
      ),
      el("p", { class: "play-tools" }, ...this.#sky.elements),
      this.#state,
      el(
        "div",
        { class: "play-parts" },
        el(
          "div",
          { class: "play-seen" },
          this.#screen.clients,
          el("h3", {}, "The server prints"),
          this.#screen.output,
          this.#results.element,
        ),
        this.#editor.element,
      ),
      this.#screen.time,
    );
    this.element.addEventListener("close", () => this.#end());
    document.body.append(this.element);
  }

  /** Opens the panel, and runs the step as it is edited, or as a new address says. */
  async open(): Promise<void> {
    if (this.element.open) return;
    const { seed, text } = await readLink();
    this.element.showModal();
    if (text !== undefined) {
      this.#editor.text = text;
      this.#keep();
    }
    this.run();
    if (this.#editor.isEdited) {
      this.#say("Edited: “Back to the step” restores the step's own text.");
    }
    if (seed !== undefined) this.explore(seed, 1);
  }

  /** Starts the edited server, with clients. */
  run(): void {
    this.#end();
    this.#say("");
    this.#sky.isHidden = false;
    this.#screen.begin(CLIENTS, (who, move, text) =>
      this.#live?.ask({ do: "move", who, move, text }),
    );
    this.#live = this.#thread(() => {
      this.#screen.lastWords = "The server's loop does not end: it was stopped.";
      this.#screen.stop();
    });
    const { weather } = this.#sky;
    this.#live.ask({ do: "run", subject: this.#subject, seed: 1, weather });
    // The first step serves one client: the others would be reset before they are seen.
    for (const who of this.#step.number === 1 ? CLIENTS.slice(0, 1) : CLIENTS) {
      this.#live.ask({ do: "move", who, move: "connect", text: "" });
    }
    this.#screen.focusClient();
  }

  /** Checks the edited server against the behaviours of the step. */
  async check(): Promise<void> {
    this.#task?.end();
    this.#searched = undefined;
    this.#judged = this.#editor.text;
    this.#results.begin("Checking …");
    const { root = "" } = document.documentElement.dataset;
    await load(root + CHECKS);
    this.#task = this.#thread(() => this.#giveUp("check"));
    this.#task.ask({ do: "check", subject: this.#subject });
  }

  /** Makes the prepared mistake in the step's own text, and runs it. */
  #break(): void {
    const { mistake, text } = this.#step;
    if (mistake === undefined) return;
    this.#editor.text = mistake.edits.reduce(
      (edited, [from, to]) => edited.replace(from, () => to),
      text,
    );
    this.#keep();
    this.run();
    this.#say(
      `Edited: ${mistake.name}. “Find a race” looks for a session that shows it.`,
    );
  }

  /** Searches for a seed that breaks a rule. */
  explore(from: number, count: number): void {
    this.#task?.end();
    this.#judged = this.#editor.text;
    this.#results.begin("Looking …");
    this.#task = this.#thread(() => this.#giveUp("search"));
    this.#task.ask({ do: "explore", subject: this.#subject, from, count });
    this.#searched = { first: from, last: from + count - 1 };
  }

  get #subject() {
    return { step: this.#step.number, text: this.#editor.text };
  }

  #keep(): void {
    const { isEdited, text } = this.#editor;
    keepText(this.#step.slug, isEdited ? text : undefined);
    this.#results.isOld = text !== this.#judged;
  }

  #say(text: string): void {
    this.#state.textContent = text;
  }

  #thread(stuck: () => void): Thread {
    const thread = new Thread(
      (report) => this.#take(report),
      () => {
        stuck();
        this.#screen.draw();
      },
    );
    thread.ask({ do: "files", files: this.#step.files });
    return thread;
  }

  /** Reports a task that was stopped because its server never answers. */
  #giveUp(what: string): void {
    this.#task = undefined;
    this.#results.say(`The server's loop does not end: the ${what} was stopped.`);
  }

  #end(): void {
    this.#live?.end();
    if (this.#task) this.#results.say("Stopped.");
    this.#task?.end();
    this.#live = undefined;
    this.#task = undefined;
  }

  #take(report: Report): void {
    if (report.of === "act") this.#screen.add(report.act);
    if (report.of === "label") this.#screen.name(report.port, report.label);
    if (report.of === "failure") this.#say(report.message);
    if (report.of === "held") this.#results.add(report);
    if (report.of === "seed") this.#results.say(`Looking: seed ${report.seed} …`);
    if (report.of === "known") this.#results.known(report);
    if (report.of === "shrinking") this.#results.shrinking(report.seed);
    if (report.of === "found") void this.#found(report.found);
    if (report.of === "done") this.#done();
  }

  #done(): void {
    this.#task?.end();
    this.#task = undefined;
    if (this.#searched === undefined) return;
    const { first, last } = this.#searched;
    const seeds = first === last ? `Seed ${first}` : `Seeds ${first} to ${last}`;
    this.#results.whole(seeds);
    this.#searched = undefined;
  }

  async #found(found: Found): Promise<void> {
    this.#searched = undefined;
    const text = this.#editor.isEdited ? this.#editor.text : undefined;
    const share = shareButton({ seed: found.seed, text });
    const replay = button("Show it again", () => this.#replay(found));
    this.#results.found(found, [replay, share]);
    this.#replay(found);
    this.#results.element.scrollIntoView();
    const { root = "" } = document.documentElement.dataset;
    await load(root + DIAGRAM);
    const { drawRun } = globalThis as unknown as DiagramOfRun;
    const names = Object.entries(found.labels).map(
      ([port, name]) => [+port, name] as const,
    );
    this.#results.draw(drawRun(found.acts, new Map(names)));
  }

  #replay({ acts, labels }: Found): void {
    this.#live?.end();
    this.#live = undefined;
    this.#sky.isHidden = true;
    this.#say("A replay: Run starts your own session again.");
    this.#screen.begin([...new Set(Object.values(labels))]);
    for (const [port, label] of Object.entries(labels)) {
      this.#screen.name(Number(port), label);
    }
    this.#screen.add(...acts);
    this.#screen.focusTime();
  }
}
