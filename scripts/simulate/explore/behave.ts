// The behaviours of a step, held on the machine in the weather of a seed.
import type { Behaviour } from "../../../behaviours/behaviour.ts";
import { STEPS } from "../../../behaviours/steps.ts";
import { holdOn, Stage } from "../actors.ts";
import { Random } from "../kernel/random.ts";
import { drawWeather, type Weather } from "../kernel/weather.ts";

/** How many behaviours a seed holds: the next seed goes on with others. */
export const EACH = 2;
/** Room for what one client may say at once: with less, its peers lag, as they should. */
const BUFFER = 131_072;
/** More bytes than the buffers of any weather hold. */
const PLENTY = 400_000;

export interface Fallen {
  readonly seed: number;
  readonly title: string;
  readonly unmet: string;
  readonly weather: Weather;
  readonly transcript: readonly string[];
}

/** How many behaviours a step has. */
export async function behavioursOf(step: number): Promise<readonly Behaviour[]> {
  const { behaviours } = await Stage.vocabulary();
  return behaviours.filter(({ from, to }) => from <= step && step <= to);
}

/** Holds those behaviours whose turn it is at a seed. @returns those that failed. */
export async function behave(
  number: number,
  seed: number,
  given?: Weather,
  edits?: ReadonlyMap<string, string>,
): Promise<Fallen[]> {
  const step = STEPS[number - 1];
  if (step === undefined) throw new RangeError(`There is no step ${number}`);
  const all = await behavioursOf(number);
  const vocabulary = await Stage.vocabulary();
  const drawn = given ?? drawWeather(Random.fork(seed, 1));
  const weather = benign(drawn);
  const fallen: Fallen[] = [];
  for (let index = 0; index < Math.min(EACH, all.length); index += 1) {
    const behaviour = all[(seed * EACH + index) % all.length] as Behaviour;
    const args = number === STEPS.length ? behaviour.flags : [];
    const stage = new Stage(step, { seed, weather }, { args, ...(edits && { edits }) });
    const held = await holdOn(stage, vocabulary, [behaviour], PLENTY);
    const { unmet, transcript = [] } = held.get(behaviour) ?? {};
    const { title } = behaviour;
    if (unmet !== undefined) fallen.push({ seed, title, unmet, weather, transcript });
  }
  return fallen;
}

/**
 * A weather in which floods of some MB end within seconds: a server may cut off a client that
 * takes nothing for longer, and no behaviour wants to see that.
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
