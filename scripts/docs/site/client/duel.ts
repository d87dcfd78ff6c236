// The form of the duel. Its scripts are loaded once the page's address names two steps.
import { onShow } from "./memory.ts";
import { load } from "./on-demand.ts";

/** What the duel's script exports. */
export interface Duellists {
  playDuel(duel: {
    /** The slugs of the steps: `07-kinda-chat`. */
    readonly left: string;
    readonly right: string;
    /** The moves to make at once. */
    readonly moves: URLSearchParams;
    readonly place: HTMLElement;
  }): void;
}

/** `duel.html?left=07&right=08&ann=hello`; after `#`, the reader's own moves. */
export async function startDuel(): Promise<void> {
  const form = document.querySelector<HTMLFormElement>("form.duel-steps");
  const place = document.getElementById("duel");
  if (!form || !place) return;
  const [left, right] = form.querySelectorAll("select");
  if (!left || !right) return;
  const fields = new URLSearchParams(location.search);
  const chosen = [left, right].map((select) => {
    const number = fields.get(select.name);
    return [...select.options].find(({ value }) => value === number);
  });
  const show = () => {
    form.reset();
    for (const option of chosen) if (option) option.selected = true;
  };
  onShow(show);
  const [one, other] = chosen.map((option) => option?.dataset);
  if (!one || !other) return;
  const { root = "" } = document.documentElement.dataset;
  const { scripts = "" } = form.dataset;
  const names = [...scripts.split(" "), one["script"], other["script"]];
  place.hidden = false;
  await Promise.all(names.map((name) => load(`${root}${name}`)));
  for (const name of [left.name, right.name]) fields.delete(name);
  const moves = location.hash ? new URLSearchParams(location.hash.slice(1)) : fields;
  const { playDuel } = globalThis as unknown as Duellists;
  playDuel({ left: one["step"] ?? "", right: other["step"] ?? "", moves, place });
}
