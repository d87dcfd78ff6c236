// What `just check` prints: a line for each behaviour, and the reason where one is unmet.
import { styleText } from "node:util";
import type { Behaviour } from "../../behaviours/behaviour.ts";
import type { Outcome } from "../../behaviours/hold.ts";
import { STEPS } from "../../behaviours/steps.ts";

/** How many of the last lines sent and seen are shown. */
const TAIL = 8;

export class Report {
  /** How many behaviours hold, and how many do not. */
  met = 0;
  unmet = 0;
  #without = 0;
  #skipped = 0;
  #heading = 0;

  /** A behaviour was held against the server. */
  outcome({ behaviour, unmet, transcript, output }: Outcome): void {
    this.#head(behaviour);
    if (unmet === undefined) {
      this.met += 1;
      console.log(`  ${paint("green", "✓")} ${behaviour.title}`);
      return;
    }
    if (behaviour.defect) {
      this.#without += 1;
      console.log(`  ${paint("green", "+")} without this defect: ${behaviour.title}`);
      return;
    }
    this.unmet += 1;
    console.log(`  ${paint("red", "✗")} ${behaviour.title}`);
    for (const line of transcript.slice(-TAIL))
      console.log(`      ${paint("dim", line)}`);
    console.log(`      expected  ${unmet.expected}`);
    console.log(`      got       ${unmet.got}`);
    const said = output.trim().split("\n").slice(-3);
    for (const line of said) console.log(`      ${paint("dim", `server: ${line}`)}`);
    console.log(`      see       ${behaviour.page}`);
  }

  /** A behaviour that needs a server of its own, where there is only one for all. */
  skipped(behaviour: Behaviour): void {
    this.#head(behaviour);
    this.#skipped += 1;
    console.log(`  ${paint("yellow", "?")} ${behaviour.title}`);
    console.log("      not run: it needs a server of its own, see --cmd");
  }

  /** One line with the totals. */
  summary(): string {
    const parts = [`${this.met} hold`, `${this.unmet} do not`];
    if (this.#without > 0) parts.push(`${this.#without} defects it has not`);
    if (this.#skipped > 0) parts.push(`${this.#skipped} not run`);
    return paint(this.unmet === 0 ? "green" : "red", parts.join(", "));
  }

  #head({ from }: Behaviour): void {
    if (from === this.#heading) return;
    this.#heading = from;
    console.log(paint("bold", `${STEPS[from - 1]?.slug}`));
  }
}

function paint(style: "green" | "red" | "yellow" | "dim" | "bold", text: string): string {
  const color = process.stdout.isTTY && !process.env.NO_COLOR;
  return color ? styleText(style, text) : text;
}
