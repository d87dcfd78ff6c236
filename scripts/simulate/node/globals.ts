// The globals of a program on the machine: Node's, on the virtual clock and the seed. Each
// looks up the running program, so modules that programs share can be loaded once.
import { format } from "node:util";
import { Exit, type Program } from "./program.ts";
import { current } from "./running.ts";
import { libraryProcess } from "./stubs.ts";
import { timers } from "./timers.ts";

const program = (): Program => current().program;

/** The part of `process` that the steps use. */
const process = {
  platform: "linux",
  pid: 1,
  versions: { node: "20.20.2" },
  features: {},
  nextTick: libraryProcess.nextTick,
  get argv() {
    return ["node", "server.ts", ...program().args];
  },
  get env() {
    return program().env;
  },
  get stdout() {
    return program().stdout;
  },
  get stderr() {
    return program().stderr;
  },
  get exitCode() {
    return program().exitCode;
  },
  set exitCode(code: number) {
    program().exitCode = code;
  },
  exit(code?: number): never {
    // The program ends here, so code that catches the error cannot continue.
    const ending = new Exit(code ?? program().exitCode);
    program().end(ending.code);
    throw ending;
  },
  kill(_pid: number, signal: NodeJS.Signals = "SIGTERM") {
    program().signal(signal);
  },
  memoryUsage: () => ({
    rss: 0,
    heapTotal: 0,
    heapUsed: 0,
    external: 0,
    arrayBuffers: 0,
  }),
  uptime: () => current().schedule.now / 1000,
  hrtime: { bigint: () => BigInt(Math.round(current().schedule.now * 1e6)) },
  ...Object.fromEntries(
    (["on", "once", "off", "addListener", "removeListener", "emit"] as const).map(
      (name) => [
        name,
        (event: string, ...values: unknown[]) =>
          Reflect.apply(program().events[name] as () => void, program().events, [
            event,
            ...values,
          ]),
      ],
    ),
  ),
};
const say =
  (to: "stdout" | "stderr") =>
  (...values: unknown[]) =>
    void program()[to].write(`${format(...values)}\n`);

/** The date at which the machine's clock says 0, the same in every run. */
const EPOCH = Date.UTC(2026, 0, 1, 12);
const HostDate = Date;

class MachineDate extends HostDate {
  constructor(...values: [] | [number | string]) {
    super(values[0] ?? MachineDate.now());
  }

  static override now(): number {
    return EPOCH + Math.floor(look());
  }
}

/** Reads the clock. Between two reads a program may have computed for a while. */
function look(): number {
  const { schedule, network, random } = current();
  if (network.weather.work > 0) schedule.now += random.next() * network.weather.work;
  return schedule.now;
}

/** Math, with random numbers from the seed. */
const math = Object.defineProperties({}, Object.getOwnPropertyDescriptors(Math)) as Math;
math.random = () => {
  const { random, network } = current();
  const count = network.weather.coincidence;
  return count > 0 ? random.below(count) / count : random.next();
};

const AbortSignalOfMachine = {
  timeout(ms: number): AbortSignal {
    const controller = new AbortController();
    const error = new DOMException(
      "The operation was aborted due to timeout",
      "TimeoutError",
    );
    timers.setTimeout(() => controller.abort(error), ms).unref();
    return controller.signal;
  },
};

export const globals = {
  process,
  console: {
    log: say("stdout"),
    info: say("stdout"),
    error: say("stderr"),
    warn: say("stderr"),
  },
  Date: MachineDate,
  Math: math,
  performance: { now: look },
  AbortSignal: AbortSignalOfMachine,
  setTimeout: timers.setTimeout,
  setInterval: timers.setInterval,
  setImmediate: timers.setImmediate,
  clearTimeout: timers.clearTimeout,
  clearInterval: timers.clearInterval,
  clearImmediate: timers.clearImmediate,
};
