// On the home page: a link to where the reader left off.
import { recall } from "./memory.ts";
import type { Place } from "./progress.ts";

const root = document.documentElement.dataset["root"] ?? "";

export function offerPlace(): void {
  const start = document.querySelector<HTMLElement>(".start");
  const place = parse(recall("place"));
  if (!start || !place) return;
  const link = document.createElement("a");
  link.className = "resume";
  link.href = `${root}${place.page}.html${place.anchor && `#${place.anchor}`}`;
  link.textContent = `Continue with ${place.title}${place.heading && `, ${place.heading}`}`;
  start.prepend(link);
}

function parse(text: string | undefined): Place | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Place);
  } catch {
    return undefined;
  }
}
