// What is shown of the bots: a line while they run, and the totals at the end.

/** What has come of it so far. */
export interface Totals {
  /** How many connections were made. */
  readonly connected: number;
  /** How many of them there are now. */
  readonly here: number;
  /** How many ended without our having quit. */
  readonly lost: number;
  /** How long the bots have talked. */
  readonly seconds: number;
  /** Messages said. */
  readonly sent: number;
  /** Messages that came back to the bot that sent them. */
  readonly echoes: number;
  /** Messages received by all together: those of others, and the echoes. */
  readonly received: number;
  /** How many messages were dropped, as the server itself says. */
  readonly dropped: number;
  /** How often a traveller changed rooms. */
  readonly moves: number;
  readonly bytes: number;
}

const whole = (count: number) => Math.round(count).toLocaleString("en");
const pace = (count: number, seconds: number) =>
  seconds > 0 ? `${whole(count / seconds)}/s` : "";

/** The line while they run. @param count How many bots there are to be. */
export function progressLine(totals: Totals, count: number): string {
  const { here, sent, received, seconds } = totals;
  const bots = here === count ? whole(count) : `${whole(here)}/${whole(count)}`;
  if (sent === 0) return `${bots} bots`;
  const [out, back] = [pace(sent, seconds), pace(received, seconds)];
  return `${bots} bots   sent ${whole(sent)}, ${out}   received ${whole(received)}, ${back}`;
}

/** The totals, a line for each, every line ended. */
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
