// The worker thread of a page that runs the simulated machine, one task at a time.
import "./host/start.ts";
import { NotListening } from "../actors.ts";
import { behavioursOf, hold } from "../explore/behave.ts";
import { explore } from "../explore/explore.ts";
import { describeSession, LAST } from "../explore/session.ts";
import { shrink } from "../explore/shrink.ts";
import { WEATHERS } from "../kernel/weather.ts";
import { link } from "../loader/link.ts";
import { addReady, type Ready } from "../loader/loader.ts";
import { Machine } from "../machine.ts";
import { digestOf } from "./digest.ts";
import { putFiles } from "./host/fs.ts";
import { modules } from "./host/modules.ts";
import { findPlace } from "./host/vm.ts";
import { editsOf, Live } from "./live.ts";
import type { Found, Order, Report, Shown, Subject } from "./orders.ts";

/** The thread, as the page sees it. */
interface Thread {
  /** The modules with the behaviours, once the page has loaded them. */
  readonly checks?: Readonly<Record<string, Ready>>;
  onmessage: (event: { data: Order }) => void;
  postMessage(report: Report): void;
  addEventListener(
    event: "unhandledrejection",
    listener: (event: { reason: unknown; preventDefault(): void }) => void,
  ): void;
}

const thread = globalThis as unknown as Thread;
const post = thread.postMessage.bind(globalThis);
let live: Live | undefined;

addReady({ ...modules, ...thread.checks });
// An unhandled rejection belongs to the program on the machine that caused it, and ends it.
thread.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  Machine.rejected(event.reason);
});
thread.onmessage = ({ data }) => {
  obey(data).catch((error: Error) =>
    post({ of: "failure", message: error.stack ?? `${error}` }),
  );
};

async function obey(order: Order): Promise<void> {
  switch (order.do) {
    case "files":
      return putFiles(order.files);
    case "ping":
      return post({ of: "pong" });
    case "run":
      live?.end();
      await compile(order.subject);
      live = new Live({
        ...order,
        watch: (act) => post({ of: "act", act }),
        named: (port, label) => post({ of: "label", port, label }),
      });
      return;
    case "move":
      await live?.move(order.who, order.move, order.text);
      return post({ of: "moved" });
    case "weather":
      return live?.change(order.weather);
    case "check":
      await compile(order.subject);
      await check(order.subject);
      return post({ of: "done" });
    case "explore":
      await compile(order.subject);
      await search(order.subject, order.from, order.count);
      return post({ of: "done" });
  }
}

/** Compiles the server first, to find the line and column of a syntax error. */
async function compile({ text }: Subject): Promise<void> {
  let code: string;
  try {
    ({ code } = link(text));
  } catch {
    // This error already has its position.
    return;
  }
  await findPlace(code);
}

/**
 * Checks the server against the behaviours that `just check` holds it to, each on a machine
 * of its own. Not against the step's defects: a reader may have fixed them.
 */
async function check(subject: Subject): Promise<void> {
  const [weather] = WEATHERS;
  const all = (await behavioursOf(subject.step)).filter(
    ({ defect, hostile }) => !defect && !hostile,
  );
  if (weather === undefined) throw new RangeError("There is no weather");
  for (const [index, behaviour] of all.entries()) {
    const { id, title } = behaviour;
    const circumstances = { seed: 1, weather, edits: editsOf(subject) };
    const fallen = await hold(subject.step, behaviour, circumstances).catch(
      (error: unknown) => {
        if (!(error instanceof NotListening)) throw error;
        return { unmet: "the server does not listen", transcript: [error.message] };
      },
    );
    const { unmet, transcript = [] } = fallen ?? {};
    post({ of: "held", id, title, unmet, transcript, left: all.length - index - 1 });
  }
}

/**
 * Explores seeds until one breaks a rule that holds in the step, then shrinks its session.
 * A known defect, which a later step fixes, is reported once: every version of the step has
 * it. But a single seed shows whatever it breaks.
 */
async function search(subject: Subject, from: number, count: number): Promise<void> {
  const question = { step: subject.step, edits: editsOf(subject) };
  const known = new Set<string>();
  for (let seed = from; seed < from + count; seed += 1) {
    const verdict = await explore({ ...question, seed });
    const digest = digestOf(verdict);
    post({ of: "seed", seed, digest });
    const [broken] = [...verdict.broken]
      .sort((a, b) => a.since - b.since)
      .filter(({ rule, since }) => {
        if (since <= subject.step || count === 1) return true;
        if (!known.has(rule)) post({ of: "known", seed, rule, since });
        known.add(rule);
        return false;
      });
    if (broken === undefined) continue;
    post({ of: "shrinking", seed });
    const shortest = await shrink({ ...question, seed }, verdict, broken.rule);
    const acts: Shown[] = [];
    const played = await explore({
      ...question,
      seed: shortest.seed,
      session: shortest.session,
      weather: shortest.weather,
      watch: (act) => acts.push(act),
    });
    const shown = played.broken.find(({ rule }) => rule === broken.rule) ?? broken;
    const found: Found = {
      ...shown,
      seed,
      weather: shortest.weather.name,
      session: [...describeSession(shortest.session), LAST],
      acts,
      labels: Object.fromEntries(played.accounts.map(({ port, label }) => [port, label])),
      digest,
    };
    return post({ of: "found", found });
  }
}
