// Holds one behaviour or one case of abuse, by its title, against a program.
import { commandFor } from "../../behaviours/behaviour.ts";
import { holdAlone } from "../../behaviours/hold.ts";
import { BEHAVIOURS } from "../../behaviours/table.ts";
import { CASES } from "./cases.ts";
import { Site } from "./site.ts";

interface HoldOptions {
  /** A file of JavaScript. */
  readonly program: string;
  /** Whose lines it speaks. */
  readonly step?: number;
  /** How long to wait for what must come, in milliseconds. */
  readonly patience: number;
}

/** How much longer than for one line a case may take in all. */
const WHOLE = 5;
const FLAGS_FROM = 18;

/** @returns Why the program falls short of it; undefined when it does not. */
export async function holdTitle(
  title: string,
  { program, step = FLAGS_FROM, patience }: HoldOptions,
): Promise<string | undefined> {
  const behaviour = BEHAVIOURS.find((one) => one.title === title);
  if (behaviour) {
    const command = commandFor(behaviour, FLAGS_FROM, [process.execPath, program]);
    const start = { command, patience: 4 * patience };
    const holding = holdAlone(behaviour, { step, patience, start });
    const unmet = await holding.then(
      (outcome) => outcome.unmet,
      (error: Error) => error,
    );
    return unmet?.message;
  }
  const found = CASES.find((one) => one.title === title);
  if (!found) throw new Error(`There is no behaviour and no case "${title}"`);
  const site = new Site({ program, step, patience });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve("it takes too long"), WHOLE * patience);
  });
  const running = found.run(site).then(
    () => undefined,
    (error: Error) => error.message,
  );
  const reason = await Promise.race([running, late]);
  clearTimeout(timer);
  await site.close();
  return reason;
}
