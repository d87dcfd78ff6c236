// Tries every order in which a few threads can come to their calls of Atomics: the real code
// runs, on one thread, and is stopped before each call.

/** What the code may call. All threads see each call as one step. */
export type Steps = typeof Atomics;
type Name = "load" | "store" | "add" | "sub" | "compareExchange" | "wait" | "notify";

/** A program of one thread: it does the same whenever the same is returned to it. */
export type Program = (words: Int32Array<SharedArrayBuffer>, atomics: Steps) => void;

/** Where the threads are. */
interface World {
  readonly memory: Int32Array<SharedArrayBuffer>;
  /** Of each thread: what its calls have returned so far. */
  readonly returned: readonly (readonly unknown[])[];
  /** Of each thread: the word that it sleeps on, or that it is done. */
  readonly is: readonly (number | "awake" | "done")[];
}

class Stopped extends Error {}

/**
 * @param size How many words they share; all are 0 at first.
 * @returns How many different worlds there are.
 * @throws {Error} When all sleep and one is not done; what a program throws.
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

/** The world after one more call of one thread. */
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
    // Also when it is called again on the way out, by `finally`.
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
