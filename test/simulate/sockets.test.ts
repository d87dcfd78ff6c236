// The machine's sockets behave as real ones: the same cases run on both.
import { describe, expect, test } from "vitest";
import { addressOf } from "../../scripts/simulate/actors.ts";
import { WEATHERS } from "../../scripts/simulate/kernel/weather.ts";
import { Machine } from "../../scripts/simulate/machine.ts";
import { ALL } from "../requirements.ts";
import { HAS_LIBRARY } from "./library.ts";
import { CASES, type Case } from "./sockets.ts";

/** Small packets and large ones, on time or not; and buffers that are soon full. */
const SHAPES = [
  { mtu: 1400, jitter: 0 },
  { mtu: 1400, jitter: 20 },
  { mtu: 65536, jitter: 0 },
  { mtu: 65536, jitter: 20 },
  { mtu: 1400, jitter: 5, sendBuffer: 4096, receiveBuffer: 2048 },
];
const SEEDS = ALL ? 20 : 1;

/** The cases as a program on the machine. */
async function casesOn(machine: Machine) {
  const { CASES: cases } = await Machine.load(addressOf("test/simulate/sockets.ts"));
  const program = machine.spawn("cases", { descriptors: 100 });
  program.isActor = true;
  return { program, cases: cases as readonly Case[] };
}

test("there are as many cases as were asked for, each under a name of its own", () => {
  expect(new Set(CASES.map(({ name }) => name)).size).toBeGreaterThanOrEqual(31);
});

describe.concurrent("on real sockets", () => {
  test.each(CASES)("$name", async ({ run, sees }) => {
    expect(await run()).toEqual(sees);
  });
});

describe.runIf(HAS_LIBRARY)("on the machine", () => {
  test.each(SHAPES)("%o", { timeout: 600_000 }, async (shape) => {
    const [calm] = WEATHERS;
    if (calm === undefined) throw new Error("there is no weather");
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const machine = new Machine({ seed, weather: { ...calm, ...shape } });
      const { program, cases } = await casesOn(machine);
      for (const { name, run, sees } of cases) {
        const saw = await machine.run(program, run).catch((error: Error) => error.stack);
        expect({ seed, name, saw }).toEqual({ seed, name, saw: sees });
      }
    }
  });
});
