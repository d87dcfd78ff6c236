// What is told of the bots: a line while they run, and the totals at the end.

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
  /** Messages that came back to the one who had said them. */
  readonly echoes: number;
  /** Messages heard, by all together: those of others, and the echoes. */
  readonly received: number;
  /** How many messages were dropped, as the server itself says. */
  readonly dropped: number;
  /** How often a traveller changed rooms. */
  readonly moves: number;
  readonly bytes: number;
}

/** What the line shows while the bots run. */
export interface Progress {
  readonly totals: Totals;
  /** How many bots there are to be. */
  readonly count: number;
  /** Messages sent a second, of late. */
  readonly sending: number;
  /** Messages received a second, of late. */
  readonly receiving: number;
}

/**
 * The line of counts, in the fullest form that fits.
 *
 * @param columns How wide it may be at most; 1 or more.
 */
export function progressLine(progress: Progress, columns: number): string {
  const { totals, count } = progress;
  const forms = [whole, compact].flatMap((number) => {
    const bots =
      totals.here === count ? number(count) : `${number(totals.here)}/${number(count)}`;
    const sent = number(totals.sent);
    const received = number(totals.received);
    const [sending, receiving] = [number(progress.sending), number(progress.receiving)];
    return [
      `${bots} bots   sent ${sent}, ${sending}/s   received ${received}, ${receiving}/s`,
      `${bots} bots  sent ${sent}  got ${received}, ${receiving}/s`,
      `${bots} bots ${sent} out ${received} in ${receiving}/s`,
    ];
  });
  const fitting = forms.find((form) => form.length <= columns);
  return fitting ?? (forms.at(-1) ?? "").slice(0, columns);
}

/** The totals, a line for each, every line ended. */
export function totalsText(totals: Totals): string {
  const { seconds, sent, echoes, received } = totals;
  const pace = (messages: number) =>
    seconds > 0 ? `${whole(messages / seconds)}/s` : "";
  const missing = sent - echoes;
  const cameBack = missing === 0 ? "all came back" : `${whole(missing)} missing`;
  const rows: [string, number, string][] = [
    ["connected", totals.connected, ""],
    ["lost", totals.lost, ""],
    ["sent", sent, pace(sent)],
    ["echoed", echoes, sent > 0 ? cameBack : ""],
    ["received", received, pace(received)],
    ["dropped", totals.dropped, ""],
    ["room changes", totals.moves, ""],
    ["bytes received", totals.bytes, ""],
  ];
  const width = Math.max(...rows.map(([, count]) => whole(count).length));
  const lines = rows.map(([name, count, note]) =>
    `${name.padEnd(14)} ${whole(count).padStart(width)}  ${note}`.trimEnd(),
  );
  const title = `In ${seconds.toFixed(1)} s of talk:`;
  return [title, ...lines].map((line) => `${line}\n`).join("");
}

/** 1,234,567 */
function whole(count: number): string {
  return Math.round(count).toLocaleString("en");
}

/** 1.2M */
function compact(count: number): string {
  return Math.round(count).toLocaleString("en", { notation: "compact" });
}
