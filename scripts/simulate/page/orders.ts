// What a page asks of the thread that runs the machine, and what the thread reports.
import type { Weather } from "../kernel/weather.ts";

/** A server as the reader has edited it. */
export interface Subject {
  /** The number of the step, from 1. */
  readonly step: number;
  /** The text of its server.ts. */
  readonly text: string;
}

/** What a client does: connect, send a line, and so on. */
export type Move = "connect" | "line" | "finish" | "reset" | "stop reading" | "read on";

/** Messages to the thread. */
export type Order =
  | { readonly do: "files"; readonly files: Readonly<Record<string, string>> }
  | {
      readonly do: "run";
      readonly subject: Subject;
      readonly seed: number;
      readonly weather: Weather;
      /** How far a move advances the clock, in milliseconds. Otherwise real time. */
      readonly leap?: number;
    }
  | {
      readonly do: "move";
      readonly who: string;
      readonly move: Move;
      readonly text: string;
    }
  | { readonly do: "weather"; readonly weather: Weather }
  | { readonly do: "check"; readonly subject: Subject }
  | {
      readonly do: "explore";
      readonly subject: Subject;
      /** The first seed. */
      readonly from: number;
      readonly count: number;
    }
  | { readonly do: "ping" };

/** An `Act` of the machine. */
export interface Shown {
  /** Milliseconds since the machine was started. */
  readonly at: number;
  readonly by: "server" | "client";
  readonly what: string;
  readonly port: number;
  readonly data: Uint8Array | string | undefined;
  readonly line: number | undefined;
}

/** A seed that broke a rule. */
export interface Found {
  readonly seed: number;
  readonly rule: string;
  readonly how: string;
  /** The first step in which the rule holds. */
  readonly since: number;
  readonly weather: string;
  /** The shortest session that breaks the rule, one line per client. */
  readonly session: readonly string[];
  /** What happened in that session. */
  readonly acts: readonly Shown[];
  /** The names of its clients, by port. */
  readonly labels: Readonly<Record<number, string>>;
  /** Of what the seed did, before its session was shrunk. */
  readonly digest: string;
}

/** Messages from the thread. */
export type Report =
  | { readonly of: "pong" }
  /** The client has made its move, and everything due by then has happened. */
  | { readonly of: "moved" }
  | { readonly of: "act"; readonly act: Shown }
  | { readonly of: "label"; readonly port: number; readonly label: string }
  | {
      readonly of: "held";
      readonly id: string;
      readonly title: string;
      /** Why it does not hold; undefined when it does. */
      readonly unmet: string | undefined;
      readonly transcript: readonly string[];
      readonly left: number;
    }
  | { readonly of: "seed"; readonly seed: number; readonly digest: string }
  /** A seed broke a rule that holds only from a later step on, as the step itself does. */
  | {
      readonly of: "known";
      readonly seed: number;
      readonly rule: string;
      readonly since: number;
    }
  | { readonly of: "shrinking"; readonly seed: number }
  | { readonly of: "found"; readonly found: Found }
  | { readonly of: "done" }
  | { readonly of: "failure"; readonly message: string };
