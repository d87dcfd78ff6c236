// What the command asks of a thread, and what the thread reports.
import type { Fallen } from "./behave.ts";
import type { Broken } from "./rules.ts";

export interface Task {
  readonly step: number;
  readonly weather: string | undefined;
  /** A replacement text of the server, by the address of its file. */
  readonly edits: readonly (readonly [address: string, text: string])[];
}

/** A rule that a seed broke, and the shortest session that breaks it. */
export interface Finding extends Broken {
  readonly seed: number;
  readonly weather: string;
  readonly session: readonly string[];
  /** What each actor saw, and what the server wrote. */
  readonly accounts: readonly string[];
}

export interface SeedReport {
  readonly seed: number;
  readonly broken: readonly Broken[];
  readonly fallen: readonly Fallen[];
  readonly held: number;
  readonly virtualMs: number;
  readonly lines: number;
  readonly turns: number;
  readonly faults: number;
}

/** Messages to a thread. */
export type Order =
  | { readonly do: "seed"; readonly seed: number }
  | { readonly do: "shrink"; readonly seed: number; readonly rule: string };

/** Messages from a thread. */
export type Report =
  | { readonly of: "seed"; readonly report: SeedReport }
  | { readonly of: "shrink"; readonly finding: Finding }
  | { readonly of: "failure"; readonly seed: number; readonly message: string };
