// The matrix: every behaviour checked against every step, within its range and outside.
import { availableParallelism } from "node:os";
import { type Behaviour, commandFor } from "../../behaviours/behaviour.ts";
import { holdAlone } from "../../behaviours/hold.ts";
import { startServer } from "../../behaviours/server.ts";
import { CHAT_STEPS, dialectOf, type Step } from "../../behaviours/steps.ts";
import { BEHAVIOURS } from "../../behaviours/table.ts";
import { inOrder } from "../in-order.ts";
import { commandOf, programOf } from "../programs.ts";
import { started } from "../server-error.ts";

/** The patience where a behaviour is not claimed, because no answer is expected; milliseconds. */
const SHORT_PATIENCE = 700;

interface Cell {
  behaviour: Behaviour;
  step: Step;
  claimed: boolean;
  holds: boolean;
}

/**
 * Runs all behaviours on all steps and prints the table.
 *
 * @param options.json Print JSON instead: title, page, and the steps where it holds.
 * @param options.patience Milliseconds to wait where the behaviour is claimed.
 * @returns The exit code: 1 when a claim is not met.
 */
export async function runMatrix({
  json,
  patience,
}: {
  json: boolean;
  patience: number;
}): Promise<number> {
  const cells = BEHAVIOURS.flatMap((behaviour) =>
    CHAT_STEPS.map((step) => ({ behaviour, step, claimed: isClaimed(behaviour, step) })),
  );
  const results: Cell[] = [];
  await inOrder(
    cells,
    4 * availableParallelism(),
    async ({ behaviour, step, claimed }): Promise<Cell> => {
      const { unmet } = await holdAlone(behaviour, {
        step: dialectOf(step),
        patience: claimed ? 5 * patience : SHORT_PATIENCE,
        starter: (options) => started(step.slug, startServer(options)),
        start: {
          command: commandFor(behaviour, dialectOf(step), commandOf(programOf(step))),
        },
      });
      return { behaviour, step, claimed, holds: unmet === undefined };
    },
    (cell) => {
      results.push(cell);
      if (process.stderr.isTTY)
        process.stderr.write(`\r${results.length}/${cells.length}`);
    },
  );
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");

  if (json) console.log(JSON.stringify(toJson(results), null, 2));
  else console.log(toTable(results));
  return results.every(({ claimed, holds }) => holds || !claimed) ? 0 : 1;
}

function isClaimed({ from, to }: Behaviour, step: Step): boolean {
  const number = dialectOf(step);
  return from <= number && number <= to;
}

function toJson(cells: readonly Cell[]) {
  return BEHAVIOURS.map((behaviour) => {
    const mine = cells.filter((cell) => cell.behaviour === behaviour);
    const stepsWhere = (of: (cell: Cell) => boolean) =>
      mine.filter(of).map(({ step }) => step.slug);
    return {
      title: behaviour.title,
      page: behaviour.page,
      defect: behaviour.defect,
      claimed: stepsWhere(({ claimed }) => claimed),
      holds: stepsWhere(({ holds }) => holds),
    };
  });
}

function toTable(cells: readonly Cell[]): string {
  const width = Math.max(...BEHAVIOURS.map(({ title }) => title.length));
  const head = CHAT_STEPS.map(({ slug }) => slug.slice(0, 2)).join(" ");
  const rows = BEHAVIOURS.map((behaviour) => {
    const marks = cells
      .filter((cell) => cell.behaviour === behaviour)
      .map((cell) => mark(cell))
      .join("  ");
    return `${behaviour.title.padEnd(width)}  ${marks}`;
  });
  const legend =
    "● holds, as the table says   ◐ a defect of that step   ✗ should hold, and does not\n" +
    "○ holds, though the table does not say so   · does not hold";
  return [`${"".padEnd(width)} ${head}`, ...rows, "", legend].join("\n");
}

function mark({ claimed, holds, behaviour }: Cell): string {
  if (claimed && holds) return behaviour.defect ? "◐" : "●";
  if (claimed) return "✗";
  return holds ? "○" : "·";
}
