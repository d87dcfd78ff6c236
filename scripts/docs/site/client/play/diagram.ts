// Draws what happened in a session as the space-time diagrams of the pages. Loaded with the
// first one.
import type { Shown } from "../../../../simulate/page/orders.ts";
import { withCarriedWords } from "../../../trace/carried-words.ts";
import { drawDiagram } from "../../../trace/diagram.ts";
import type { TraceEvent } from "../../../trace/trace-event.ts";
import { visible } from "./dom.ts";

/** What the script exports. */
export interface DiagramOfRun {
  /** @returns The diagram as SVG. @param names The names of the clients, by port. */
  drawRun(acts: readonly Shown[], names: ReadonlyMap<number, string>): string;
}

/** More events than these are more than anyone reads. */
const MOST = 80;
/** A client that asks the same again and again is shown twice. */
const REPEATS = 2;
const HELP = /^Server commands\n(?: {2}\/.*\n)*/;

/** Something sent whose last bytes have not arrived: its event, and how many they are. */
interface InFlight {
  readonly index: number;
  readonly text: string;
  bytes: number;
}

/** The events of one connection that others come from. */
interface Connection {
  readonly peer: string;
  readonly toServer: InFlight[];
  readonly toClient: InFlight[];
  connects: number | undefined;
  /** The client's end or reset, and the server's end. */
  leaves: number | undefined;
  ends: number | undefined;
  /** How often the client sent its last text in a row. */
  repeats: number;
  last: string;
}

class Run {
  readonly events: TraceEvent[] = [];
  readonly #connections = new Map<number, Connection>();
  readonly #names: ReadonlyMap<number, string>;

  constructor(names: ReadonlyMap<number, string>) {
    this.#names = names;
  }

  add(act: Shown): void {
    const peer = this.#names.get(act.port);
    if (act.by === "server" && act.what === "ends") {
      this.events.push({ at: "server", kind: "exits" });
    } else if (peer !== undefined) {
      const one = this.#connection(act.port, peer);
      if (act.by === "server") this.#byServer(act, one);
      else this.#byClient(act, one);
    }
  }

  #connection(port: number, peer: string): Connection {
    const known = this.#connections.get(port);
    if (known) return known;
    const one: Connection = {
      peer,
      toServer: [],
      toClient: [],
      connects: undefined,
      leaves: undefined,
      ends: undefined,
      repeats: 0,
      last: "",
    };
    this.#connections.set(port, one);
    return one;
  }

  #byServer({ what, data }: Shown, one: Connection): void {
    const { peer } = one;
    const at = "server";
    if (what === "accepts") {
      const from = this.#connects(one);
      this.events.push({ at, kind: "accepts", peer, from });
    } else if (what === "gets") {
      for (const { index, text } of arrived(one.toServer, data)) {
        this.events.push({ at, kind: "reads", peer, text, from: index });
      }
    } else if (what === "sends") {
      const text = textOf(data);
      const rest = text.replace(HELP, "");
      const help = rest === text ? {} : { help: true as const };
      this.#send(one, one.toClient, data, () =>
        this.events.push({ at, kind: "writes", peer, text: rest, ...help }),
      );
    } else if (what === "finishes" || what === "resets") {
      one.ends ??= this.events.push({ at, kind: "ends", peer }) - 1;
    } else if (what === "gets the end" || what === "gets a reset") {
      const kind = what === "gets the end" ? "reads-end" : "loses";
      if (one.leaves !== undefined)
        this.events.push({ at, kind, peer, from: one.leaves });
    }
  }

  #byClient({ what, data }: Shown, one: Connection): void {
    const at = one.peer;
    if (what === "connects") this.#connects(one);
    else if (what === "is refused") this.events.push({ at, kind: "refused" });
    else if (what === "sends") {
      const text = textOf(data);
      one.repeats = text === one.last ? one.repeats + 1 : 1;
      one.last = text;
      this.#send(one, one.toServer, data, () =>
        this.events.push({ at, kind: "sends", text }),
      );
    } else if (what === "gets") {
      for (const { index } of arrived(one.toClient, data)) {
        this.events.push({ at, kind: "receives", from: index });
      }
    } else if (what === "finishes" || what === "resets") {
      const kind = what === "finishes" ? "leaves" : "resets";
      one.leaves = this.events.push({ at, kind }) - 1;
    } else if (what === "gets the end" || what === "gets a reset") {
      if (one.ends !== undefined)
        this.events.push({ at, kind: "closed", from: one.ends });
    }
  }

  /** A client learns of its connection after the server may have sent something. */
  #connects(one: Connection): number {
    one.connects ??= this.events.push({ at: one.peer, kind: "connects" }) - 1;
    return one.connects;
  }

  /** Puts bytes into flight, with the event that `push` adds. */
  #send(
    one: Connection,
    flight: InFlight[],
    data: Shown["data"],
    push: () => number,
  ): void {
    const bytes = typeof data === "object" ? data.length : 0;
    const index = one.repeats > REPEATS ? -1 : push() - 1;
    flight.push({ index, text: textOf(data), bytes });
  }
}

/** Takes what has arrived whole, of what is shown. */
function arrived(flight: InFlight[], data: Shown["data"]): InFlight[] {
  let bytes = typeof data === "object" ? data.length : 0;
  const whole: InFlight[] = [];
  for (let [first] = flight; first && bytes > 0; [first] = flight) {
    const taken = Math.min(bytes, first.bytes);
    bytes -= taken;
    first.bytes -= taken;
    if (first.bytes > 0) break;
    flight.shift();
    if (first.index >= 0) whole.push(first);
  }
  return whole;
}

function textOf(data: Shown["data"]): string {
  const text = typeof data === "object" ? new TextDecoder().decode(data) : "";
  return visible(text.slice(0, 400));
}

const drawRun: DiagramOfRun["drawRun"] = (acts, names) => {
  const run = new Run(names);
  for (const act of acts) if (run.events.length < MOST) run.add(act);
  // In the order of the columns, for the same colours.
  const clients = [...new Set(names.values())];
  const events = withCarriedWords(run.events);
  return drawDiagram({ server: "", actions: [], clients, events });
};
Object.assign(globalThis, { drawRun });
