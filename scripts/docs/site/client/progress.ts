// Where the reader was, and which pages they have read: marked in the path, used by
// resume.ts.
import { onShow, recall, remember } from "./memory.ts";

/** The page that was read last, and the section in it. */
export interface Place {
  readonly page: string;
  readonly title: string;
  /** Empty above the first heading. */
  readonly anchor: string;
  readonly heading: string;
}

const root = document.documentElement.dataset["root"] ?? "";

export function followReading(): void {
  const { page = "" } = document.body.dataset;
  if (document.body.classList.contains("reading") && page !== "404") {
    keepPlace(page);
    // A page counts as read when its end is visible.
    const end = document.querySelector(".foot");
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      // Other pages may have been read since this one was opened.
      const read = pagesRead().add(page);
      remember("read", [...read].join(" "));
      mark(read);
    });
    if (end) seen.observe(end);
  }
  onShow(() => mark(pagesRead()));
}

function pagesRead(): Set<string> {
  return new Set(recall("read")?.match(/\S+/g));
}

function mark(read: ReadonlySet<string>): void {
  const home = new URL(root || ".", location.href).href;
  for (const link of document.querySelectorAll<HTMLAnchorElement>(
    ".path li > a, .steps a, .cards a",
  )) {
    const page = link.href.slice(home.length).replace(/\.html.*/, "");
    if (!read.has(page) || link.classList.contains("read")) continue;
    link.classList.add("read");
    const word = document.createElement("span");
    word.className = "unseen";
    word.textContent = ", read";
    link.append(word);
  }
}

/** Stores the place when the reader leaves the page, in whatever way. */
function keepPlace(page: string): void {
  const keep = () => {
    const headings = [
      ...document.querySelectorAll<HTMLElement>("article :is(h2, h3)[id]"),
    ];
    const here = headings.findLast(
      (heading) => heading.getBoundingClientRect().top < innerHeight / 2,
    );
    const text = (of: Element | null | undefined) =>
      of?.textContent?.replace(/#$/, "").trim() ?? "";
    const title = text(document.querySelector("h1"));
    const place: Place = { page, title, anchor: here?.id ?? "", heading: text(here) };
    remember("place", JSON.stringify(place));
  };
  addEventListener("pagehide", keep);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep();
  });
}
