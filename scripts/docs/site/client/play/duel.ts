// The duel: one keyboard, two steps. Loaded once two steps are chosen: see ../duel.ts.
import type { Move } from "../../../../simulate/page/orders.ts";
import type { Duellists } from "../duel.ts";
import { button, el } from "./dom.ts";
import { describePlay, drawRound } from "./round.ts";
import { type Play, Side } from "./side.ts";
import { stepNamed } from "./step.ts";

/** The first two connect on their own. */
const CLIENTS = ["ann", "bob", "eve"];
const CONNECTED = 2;
/** The order and the hues of the rows. */
const ORDER = [...CLIENTS, "server"];

class Duel {
  readonly #sides: readonly [Side, Side];
  readonly #rounds = el("div", {
    class: "duel-rounds",
    role: "log",
    tabindex: "0",
    "aria-label": "What both servers answered",
  });
  readonly #state = el("p", { role: "status" });
  readonly #who = el("select", {}, ...CLIENTS.map((who) => el("option", {}, who)));
  readonly #input = el("input", {
    type: "text",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    enterkeyhint: "send",
    "aria-describedby": "duel-keys",
  });
  readonly #label = el("span", { class: "unseen" });
  /** Moves made here, as fields of the address. */
  readonly #moves = new URLSearchParams();
  #last: Promise<void> = Promise.resolve();
  #firstPart: string | undefined;

  constructor([left, right]: readonly [Side, Side]) {
    this.#sides = [left, right];
  }

  /** Draws the duel into a place, and connects the first clients. */
  open(place: HTMLElement): void {
    const form = el(
      "form",
      {},
      el("label", {}, "Who ", this.#who),
      el("label", { class: "line" }, this.#label, this.#input),
      el("button", { type: "submit" }, "Send"),
      button("Connect", () => this.#do("connect")),
      button("End", () => this.#do("finish")),
      button("Reset", () => this.#do("reset")),
      el(
        "small",
        { id: "duel-keys" },
        el("kbd", {}, "↑"),
        " ",
        el("kbd", {}, "↓"),
        " change who types",
      ),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#do("line", this.#input.value);
      this.#input.value = "";
    });
    this.#who.addEventListener("change", () => this.#name());
    this.#input.addEventListener("keydown", (event) => this.#change(event));
    this.#name();
    place.replaceChildren(form, this.#state, this.#rounds);
    for (const who of CLIENTS.slice(0, CONNECTED)) {
      this.#play({ who, move: "connect", text: "" });
    }
  }

  focus(): void {
    this.#input.focus({ preventScroll: true });
  }

  /** Makes the moves in an address: `ann=hello&bob.reset=`. Invalid moves are ignored. */
  replay(moves: URLSearchParams): void {
    for (const [name, text] of moves) {
      const [who = "", move = "line"] = name.split(".");
      const known = ["line", "connect", "finish", "reset"] as const;
      const found = known.find((one) => one === move);
      if (CLIENTS.includes(who) && found) this.#made({ who, move: found, text });
    }
  }

  #do(move: Move, text = ""): void {
    this.#made({ who: this.#who.value, move, text });
    // Moves from the address are already in it.
    history.replaceState(history.state, "", `#${this.#moves}`);
    this.focus();
  }

  #made(play: Play): void {
    const { who, move, text } = play;
    this.#moves.append(move === "line" ? who : `${who}.${move}`, text);
    this.#play(play);
  }

  /** Sends a move to both servers, after they have answered all previous moves. */
  #play(play: Play): void {
    this.#last = this.#last.then(async () => {
      const [left, right] = this.#sides;
      const [a, b] = await Promise.all([left.play(play), right.play(play)]);
      const answers = [
        { step: numberOf(left), seen: a },
        { step: numberOf(right), seen: b },
      ] as const;
      const { parts, element } = drawRound(play, answers, ORDER);
      if (parts) this.#firstPart ??= describePlay(play);
      this.#state.textContent =
        this.#firstPart === undefined
          ? "Both have answered alike so far."
          : `They part for the first time at: ${this.#firstPart}`;
      this.#rounds.append(element);
      this.#rounds.scrollTop = this.#rounds.scrollHeight;
    });
  }

  #name(): void {
    this.#label.textContent = `${this.#who.value} types`;
  }

  /** Switches to another client. */
  #change(event: KeyboardEvent): void {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (by === undefined || event.isComposing) return;
    event.preventDefault();
    const count = CLIENTS.length;
    this.#who.selectedIndex = (this.#who.selectedIndex + by + count) % count;
    this.#name();
  }
}

const numberOf = ({ step }: Side) => `${step.number}`.padStart(2, "0");

const playDuel: Duellists["playDuel"] = ({ left, right, moves, place }) => {
  const duel = new Duel([new Side(stepNamed(left)), new Side(stepNamed(right))]);
  duel.open(place);
  duel.replay(moves);
  duel.focus();
};
Object.assign(globalThis, { playDuel });
