// The options shared by all commands that show a diff.
import { UsageError } from "../cli.ts";
import { type Look, MIN_WIDTH } from "./terminal.ts";

/** For `readOptions` of cli.ts. */
export const LOOK_OPTIONS = {
  "side-by-side": { type: "boolean", default: false },
  stat: { type: "boolean", default: false },
  word: { type: "boolean", default: false },
  "no-pager": { type: "boolean", default: false },
  color: { type: "string", default: "auto" },
} as const;

/** For the usage text. */
export const LOOK_USAGE = `      --side-by-side  the two in columns, as wide as the terminal
      --word          changed words marked within their lines
      --stat          only how many lines are added and removed
      --color WHEN    always, never or auto (a terminal, and no NO_COLOR)
      --no-pager      prints all at once
  -h, --help          prints this`;

export interface LookValues {
  readonly "side-by-side": boolean;
  readonly stat: boolean;
  readonly word: boolean;
  readonly "no-pager": boolean;
  readonly color: string;
}

/** Where the output goes. */
interface Output {
  readonly isTTY: boolean;
  /** Columns, if they are known. */
  readonly columns: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A look, and whether a human reads it. */
export interface Choice extends Look {
  /** A plain patch, for a program that reads from the pipe. */
  readonly patch: boolean;
  readonly pager: boolean;
  /** Why this is not the requested form, in one line. */
  readonly note?: string;
}

/**
 * Chooses how to show a diff, from the options and the output.
 *
 * @throws {UsageError} When two forms are requested, or an unknown value of --color.
 */
export function chooseLook(values: LookValues, output: Output): Choice {
  const forms = (["side-by-side", "stat", "word"] as const).filter(
    (form) => values[form],
  );
  const [form = "unified", another] = forms;
  if (another) {
    throw new UsageError(`Cannot show --${form} and --${another} at once: choose one`);
  }
  const color = wantsColor(values.color, output);
  const width = output.columns ?? (Number(output.env["COLUMNS"]) || 80);
  const choice: Choice = {
    form,
    color,
    width,
    patch: form === "unified" && !output.isTTY && !color,
    pager: output.isTTY && !values["no-pager"],
  };
  if (form !== "side-by-side" || width >= MIN_WIDTH) return choice;
  const note = `--side-by-side needs ${MIN_WIDTH} columns, and this terminal has ${width}: here is the unified diff`;
  return { ...choice, form: "unified", note };
}

function wantsColor(when: string, { isTTY, env }: Output): boolean {
  if (when === "always") return true;
  if (when === "never") return false;
  if (when !== "auto") {
    throw new UsageError(`Cannot use --color ${when}: it must be always, never or auto`);
  }
  return isTTY && !env["NO_COLOR"] && env["TERM"] !== "dumb";
}
