// The bots' output: a line while they run, and the totals at the end.

/** The totals so far. */
export interface Totals {
  /** How many connections were made. */
  readonly connected: number;
  /** How many of them are still open. */
  readonly here: number;
  /** How many ended before we quit. */
  readonly lost: number;
  /** How long the bots have talked. */
  readonly seconds: number;
  /** Messages sent. */
  readonly sent: number;
  /** Messages that came back to the bot that sent them. */
  readonly echoes: number;
  /** Messages received by all bots together: those of others, and echoes. */
  readonly received: number;
  /** How many messages were dropped, as reported by the server. */
  readonly dropped: number;
  /** How often a traveller changed rooms. */
  readonly moves: number;
  readonly bytes: number;
}

const whole = (count: number) => Math.round(count).toLocaleString("en");
const pace = (count: number, seconds: number) =>
  seconds > 0 ? `${whole(count / seconds)}/s` : "";

/** The line shown while they run. @param count How many bots there will be. */
export function progressLine(totals: Totals, count: number): string {
  const { here, sent, received, seconds } = totals;
  const bots = here === count ? whole(count) : `${whole(here)}/${whole(count)}`;
  if (sent === 0) return `${bots} bots`;
  const [out, back] = [pace(sent, seconds), pace(received, seconds)];
  return `${bots} bots   sent ${whole(sent)}, ${out}   received ${whole(received)}, ${back}`;
}

/** The totals, one per line, each line terminated. */
export function totalsText(totals: Totals): string {
  const { seconds, sent, echoes, received } = totals;
  const missing = sent - echoes;
  const cameBack = missing === 0 ? "all came back" : `${whole(missing)} missing`;
  const rows: [string, number, string][] = [
    ["connected", totals.connected, ""],
    ["lost", totals.lost, ""],
    ["sent", sent, pace(sent, seconds)],
    ["echoed", echoes, sent > 0 ? cameBack : ""],
    ["received", received, pace(received, seconds)],
    ["dropped", totals.dropped, ""],
    ["room changes", totals.moves, ""],
    ["bytes received", totals.bytes, ""],
  ];
  const width = Math.max(...rows.map(([, count]) => whole(count).length));
  const lines = rows.map(([name, count, note]) =>
    `${name.padEnd(14)} ${whole(count).padStart(width)}  ${note}`.trimEnd(),
  );
  return `${[`In ${seconds.toFixed(1)} s of talk:`, ...lines].join("\n")}\n`;
}
