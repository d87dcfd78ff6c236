// What it costs to move a timer, by the number of timers. The connections are busy: each moves
// its timer long before it expires.
import { Deadlines, type Due, UNDUE } from "../../../examples/shared/deadlines.ts";
import { type Timed, Timers, UNTIMED } from "../../../examples/shared/timers.ts";
import { medianOf } from "../poll/median.ts";

/** Until each timer expires, in milliseconds. */
const DURATION = 5000;
/** Requests a second, of all connections together. */
const RATE = 100_000;
/** Requests that are handled between two checks for expired timers. */
const TURN = 16;
/** Timers moved in one measurement: 12 seconds' worth, so that r5's heap visits each twice. */
const MOVES = 1_200_000;

/** An implementation of timers. */
interface Way {
  readonly name: string;
  /** Sets `count` timers. */
  open(count: number): Kept;
}

/** Timers that are set. */
interface Kept {
  /** Moves the timer with that index. @param now In milliseconds. */
  move(index: number, now: number): void;
  /** Removes the expired timers; here, none has expired. */
  look?(now: number): void;
  close?(): void;
}

interface Series {
  readonly name: string;
  /** Nanoseconds per move, for each number of timers; medians of the rounds. */
  readonly points: readonly { readonly x: number; readonly ns: number }[];
}

const WAYS: readonly Way[] = [
  {
    name: "Timers (r6)",
    open: (count) => {
      const timers = new Timers<Timed>();
      const items = Array.from({ length: count }, () => ({ ...UNTIMED }));
      for (const item of items) timers.set(item, 0, DURATION);
      return {
        move: (index, now) => timers.set(at(items, index), now, DURATION),
        look: (now) => none(timers.take(now)),
      };
    },
  },
  {
    name: "Deadlines (r5)",
    open: (count) => {
      const deadlines = new Deadlines<Due>();
      const items = Array.from({ length: count }, () => ({ ...UNDUE }));
      for (const item of items) deadlines.set(item, DURATION);
      return {
        move: (index, now) => deadlines.set(at(items, index), now + DURATION),
        look: (now) => none(deadlines.take(now)),
      };
    },
  },
  {
    name: "refresh()",
    open: (count) => {
      const timers = Array.from({ length: count }, () => setTimeout(() => {}, DURATION));
      return {
        move: (index) => at(timers, index).refresh(),
        close: () => timers.forEach(clearTimeout),
      };
    },
  },
  {
    name: "setTimeout()",
    open: (count) => {
      const timers = Array.from({ length: count }, () => setTimeout(() => {}, DURATION));
      return {
        move: (index) => {
          clearTimeout(timers[index]);
          timers[index] = setTimeout(() => {}, DURATION);
        },
        close: () => timers.forEach(clearTimeout),
      };
    },
  },
];

/**
 * Measures all implementations in turns (A B A B). Timers are moved in an order unlike the one in
 * memory. The rate sets how often each is moved: with 10,000, ten times a second.
 *
 * @param sizes How many timers there are, in ascending order.
 * @param moves How many are moved in one measurement.
 */
export function measureMoves(
  sizes: readonly number[],
  rounds: number,
  moves = MOVES,
): Series[] {
  const found = WAYS.map(({ name }) => ({ name, points: [] as Point[] }));
  for (const size of sizes) {
    const times = WAYS.map((): number[] => []);
    // The very first round warms up the JIT compiler, and is not counted.
    const warm = size === sizes[0] ? -1 : 0;
    for (let round = warm; round < rounds; round += 1) {
      for (const [index, way] of WAYS.entries()) {
        const ns = timeOf(way, size, moves);
        if (round >= 0) times[index]?.push(ns);
      }
    }
    for (const [index, { points }] of found.entries()) {
      points.push({ x: size, ns: medianOf(times[index] ?? []) });
    }
  }
  return found;
}

type Point = Series["points"][number];

/** Nanoseconds per move, including the checks for expired timers. */
function timeOf(way: Way, size: number, moves: number): number {
  const kept = way.open(size);
  const order = shuffled(size);
  const began = performance.now();
  for (let move = 0; move < moves; move += 1) {
    const now = (move * 1000) / RATE;
    kept.move(order[move % size] ?? 0, now);
    if (move % TURN === 0) kept.look?.(now);
  }
  const passed = performance.now() - began;
  kept.close?.();
  return (passed * 1e6) / moves;
}

/** The same order in every run. */
function shuffled(size: number): Int32Array {
  const order = Int32Array.from({ length: size }, (_, index) => index);
  let seed = 1;
  for (let last = size - 1; last > 0; last -= 1) {
    seed = (seed * 48271) % 2147483647;
    const other = seed % (last + 1);
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new RangeError(`Cannot find the timer ${index}`);
  return item;
}

function none(item: unknown): void {
  if (item !== undefined) throw new Error("Cannot measure: a timer is over");
}
