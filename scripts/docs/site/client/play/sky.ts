// The controls of the weather: one by name, and four of its values.
import { CALM, WEATHERS, type Weather } from "../../../../simulate/kernel/weather.ts";
import { el } from "./dom.ts";

/** The weathers on offer. `twins` is left out: it shows nothing to a reader who types. */
const NAMED = WEATHERS.filter(({ coincidence }) => coincidence === 0);
/** In milliseconds. */
const LATENCIES = [0.05, 1, 5, 20, 50, 100, 200, 500, 1000];
const JITTERS = [0, ...LATENCIES];
/** In bytes. */
const MTUS = [17, 64, 256, 536, 1400, 9000, 65536];
const BUFFERS = [512, 1024, 4096, 16384, 65536];

type Measure = "latency" | "jitter" | "mtu" | "receiveBuffer" | "sendBuffer";

export class Sky {
  readonly elements: readonly HTMLElement[];
  weather = CALM;
  readonly #changed: (weather: Weather) => void;

  /** @param changed Called with the new weather. */
  constructor(changed: (weather: Weather) => void) {
    this.#changed = changed;
    const name = el("select", {}, ...NAMED.map((one) => el("option", {}, one.name)));
    const sliders = [
      this.#slider("Latency", ["latency"], LATENCIES, "ms"),
      this.#slider("Jitter", ["jitter"], JITTERS, "ms"),
      this.#slider("MTU", ["mtu"], MTUS, "bytes"),
      this.#slider("Buffers", ["receiveBuffer", "sendBuffer"], BUFFERS, "bytes"),
    ];
    name.addEventListener("change", () => {
      this.#set(NAMED[name.selectedIndex] ?? CALM);
      for (const { show } of sliders) show();
    });
    this.elements = [
      el("label", {}, "Weather ", name),
      ...sliders.map(({ element }) => element),
    ];
  }

  /** Hides the controls of a session that they cannot change. */
  set isHidden(isHidden: boolean) {
    for (const element of this.elements) element.hidden = isHidden;
  }

  #set(weather: Weather): void {
    this.weather = weather;
    this.#changed(weather);
  }

  /** A slider over the values of one measure; others get the same value. */
  #slider(
    title: string,
    [measure, ...others]: readonly [Measure, ...Measure[]],
    values: readonly number[],
    unit: string,
  ) {
    const input = el("input", { type: "range", min: "0", max: `${values.length - 1}` });
    const said = el("output", { class: "play-measure" });
    const say = () => {
      said.textContent = `${this.weather[measure]} ${unit}`;
      input.setAttribute("aria-valuetext", said.textContent);
    };
    const show = () => {
      const nearest = values.findIndex((value) => value >= this.weather[measure]);
      input.value = `${nearest}`;
      say();
    };
    input.addEventListener("input", () => {
      const value = values[Number(input.value)] ?? this.weather[measure];
      const all = [measure, ...others].map((one) => [one, value]);
      this.#set({ ...this.weather, ...Object.fromEntries(all) });
      say();
    });
    show();
    return { element: el("label", {}, `${title} `, input, said), show };
  }
}
