// Tries every order of a few threads' calls of Atomics: the real code runs on one thread,
// and is stopped before each call.

/** The functions that the code may call. Each call is one step for all threads. */
export type Steps = typeof Atomics;
type Name = "load" | "store" | "add" | "sub" | "compareExchange" | "wait" | "notify";

/** A program of one thread. It is deterministic, given the results of its calls. */
export type Program = (words: Int32Array<SharedArrayBuffer>, atomics: Steps) => void;

/** A state of all threads. */
interface World {
  readonly memory: Int32Array<SharedArrayBuffer>;
  /** By thread: the results of its calls so far. */
  readonly returned: readonly (readonly unknown[])[];
  /** By thread: the word that it sleeps on, "awake" or "done". */
  readonly is: readonly (number | "awake" | "done")[];
}

class Stopped extends Error {}

/**
 * @param size The number of shared words, initially 0.
 * @returns The number of different states.
 * @throws {Error} On a deadlock: no thread is awake and one is not done; and what a program
 *   throws.
 */
export function explore(programs: readonly Program[], size: number): number {
  const memory = new Int32Array(new SharedArrayBuffer(4 * size));
  const start: World = {
    memory,
    returned: programs.map(() => []),
    is: programs.map(() => "awake"),
  };
  const seen = new Set<string>();
  const open = [start];
  for (let world = open.pop(); world; world = open.pop()) {
    const key = JSON.stringify([[...world.memory], world.returned, world.is]);
    if (seen.has(key)) continue;
    seen.add(key);
    const awake = programs.flatMap((_, at) => (world.is[at] === "awake" ? [at] : []));
    if (awake.length === 0 && world.is.some((one) => one !== "done")) {
      throw new Error(`all sleep: ${key}`);
    }
    for (const at of awake) open.push(stepped(world, at, programs[at] ?? (() => {})));
  }
  return seen.size;
}

/** The state after one more call of one thread. */
function stepped(world: World, at: number, program: Program): World {
  const memory = new Int32Array(new SharedArrayBuffer(world.memory.byteLength));
  memory.set(world.memory);
  const before = world.returned[at] ?? [];
  const returned = [...before];
  const is = [...world.is];
  let calls = 0;
  const call = (name: Name, args: readonly number[]): unknown => {
    calls += 1;
    if (calls <= before.length) return before[calls - 1];
    // Throws even when called again during unwinding, by `finally`.
    if (calls > before.length + 1) throw new Stopped();
    const result = perform(memory, is, at, name, args);
    returned.push(result);
    return result;
  };
  const stepper =
    (name: Name) =>
    (_: unknown, ...args: number[]) =>
      call(name, args);
  const names: Name[] = [
    "load",
    "store",
    "add",
    "sub",
    "compareExchange",
    "wait",
    "notify",
  ];
  const atomics = Object.fromEntries(names.map((name) => [name, stepper(name)]));
  try {
    program(memory, atomics as unknown as Steps);
    is[at] = "done";
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
  return { memory, returned: world.returned.with(at, returned), is };
}

function perform(
  memory: World["memory"],
  is: (number | "awake" | "done")[],
  at: number,
  name: Name,
  args: readonly number[],
): unknown {
  const [index = 0, value = 0, other = 0] = args;
  switch (name) {
    case "wait":
      if (memory[index] !== value) return "not-equal";
      is[at] = index;
      return "ok";
    case "notify":
      for (const [one, sleeps] of is.entries()) if (sleeps === index) is[one] = "awake";
      return 0;
    case "compareExchange":
      return Atomics.compareExchange(memory, index, value, other);
    case "load":
      return Atomics.load(memory, index);
    default:
      return Atomics[name](memory, index, value);
  }
}
