// The behaviours of a step, checked on the machine in the weather of a seed.
import type { Behaviour } from "../../../behaviours/behaviour.ts";
import { STEPS } from "../../../behaviours/steps.ts";
import { holdOn, Stage } from "../actors.ts";
import { Random } from "../kernel/random.ts";
import { drawWeather, type Weather } from "../kernel/weather.ts";

/**
 * How many behaviours a seed checks; the next seed continues with the following ones. Eight
 * of the ninety of step 18 are floods of some MB, which take nine tenths of the total time.
 */
export const EACH = 1;
/** Room for what one client may send at once: with less, its peers rightly fall behind. */
const BUFFER = 131_072;
/** More bytes than the buffers hold in any weather. */
const PLENTY = 400_000;

export interface Fallen {
  readonly seed: number;
  readonly title: string;
  readonly unmet: string;
  readonly weather: Weather;
  readonly transcript: readonly string[];
}

/** The behaviours of a step. */
export async function behavioursOf(step: number): Promise<readonly Behaviour[]> {
  const { behaviours } = await Stage.vocabulary();
  return behaviours.filter(({ from, to }) => from <= step && step <= to);
}

/** Checks the behaviours that are due at a seed. @returns the failures. */
export async function behave(
  number: number,
  seed: number,
  given?: Weather,
  edits?: ReadonlyMap<string, string>,
): Promise<Fallen[]> {
  const all = await behavioursOf(number);
  const weather = given ?? drawWeather(Random.fork(seed, 1));
  const fallen: Fallen[] = [];
  for (let index = 0; index < Math.min(EACH, all.length); index += 1) {
    const behaviour = all[(seed * EACH + index) % all.length] as Behaviour;
    const one = await hold(number, behaviour, { seed, weather, edits });
    if (one !== undefined) fallen.push(one);
  }
  return fallen;
}

interface Circumstances {
  readonly seed: number;
  readonly weather: Weather;
  /** Replacement texts of the server's files, by address. */
  readonly edits?: ReadonlyMap<string, string> | undefined;
}

/** Checks one behaviour of a step on a machine of its own. @returns how it failed. */
export async function hold(
  number: number,
  behaviour: Behaviour,
  { seed, weather: given, edits }: Circumstances,
): Promise<Fallen | undefined> {
  const step = STEPS[number - 1];
  if (step === undefined) throw new RangeError(`There is no step ${number}`);
  const weather = benign(given);
  const args = number === STEPS.length ? behaviour.flags : [];
  const stage = new Stage(step, { seed, weather }, { args, ...(edits && { edits }) });
  const held = await holdOn(stage, await Stage.vocabulary(), [behaviour], PLENTY);
  const { unmet, transcript = [] } = held.get(behaviour) ?? {};
  const { title } = behaviour;
  return unmet === undefined ? undefined : { seed, title, unmet, weather, transcript };
}

/**
 * Weather in which floods of some MB end within seconds: a server may cut off a client that
 * reads nothing for longer, and no behaviour expects that.
 */
function benign(weather: Weather): Weather {
  return {
    ...weather,
    latency: Math.min(weather.latency, 1),
    jitter: Math.min(weather.jitter, 2),
    lag: Math.min(weather.lag, 1),
    work: 0,
    mtu: Math.max(weather.mtu, 536),
    sendBuffer: Math.max(weather.sendBuffer, BUFFER),
    receiveBuffer: Math.max(weather.receiveBuffer, BUFFER),
    coincidence: 0,
  };
}
