// The search box: a dialog with a combobox and its list. The index loads when it opens.
import { FOUND } from "./on-demand.ts";
import type { Found, Hit } from "./search-index.ts";

interface Searching {
  /** Set by the search script. */
  siteSearch?: (query: string) => Found;
}

const root = document.documentElement.dataset["root"] ?? "";

export class SearchBox {
  readonly #dialog = document.createElement("dialog");
  readonly #input = document.createElement("input");
  readonly #list = document.createElement("div");
  readonly #status = document.createElement("p");
  #index: Promise<unknown> | undefined;
  #options: HTMLAnchorElement[] = [];
  #active = -1;

  constructor() {
    const dialog = this.#dialog;
    dialog.className = "search";
    dialog.setAttribute("aria-label", "Search");
    const input = this.#input;
    input.type = "search";
    input.placeholder = "Search all pages";
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-label": "Search all pages",
      "aria-expanded": "false",
      "aria-controls": "search-results",
      "aria-autocomplete": "list",
      autocomplete: "off",
      spellcheck: "false",
      enterkeyhint: "go",
    })) {
      input.setAttribute(name, value);
    }
    this.#list.id = "search-results";
    this.#list.setAttribute("role", "listbox");
    this.#list.setAttribute("aria-label", "Results");
    this.#status.className = "search-status";
    this.#status.setAttribute("role", "status");
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "Close";
    close.addEventListener("click", () => dialog.close());
    dialog.append(input, close, this.#status, this.#list);
    document.body.append(dialog);

    input.addEventListener("focus", () => void this.#load());
    input.addEventListener("input", () => void this.#search());
    input.addEventListener("keydown", (event) => this.#key(event));
    dialog.addEventListener("click", (event) => {
      // A click on the backdrop closes it; so does a result, which may be on the same page.
      const target = event.target as HTMLElement;
      if (target === dialog || target.closest("a")) dialog.close();
    });
  }

  open(): void {
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#input.focus();
    this.#input.select();
  }

  /** Loads the index with a script tag, because a page opened from a file cannot fetch. */
  #load(): Promise<unknown> {
    this.#index ??= new Promise((resolve) => {
      const script = document.createElement("script");
      script.src = `${root}search.js`;
      script.addEventListener("load", resolve);
      script.addEventListener("error", () => {
        this.#status.textContent = "Cannot search: the index did not load";
      });
      document.head.append(script);
    });
    return this.#index;
  }

  async #search(): Promise<void> {
    await this.#load();
    const query = this.#input.value.trim();
    // The input changed while the index was loading, so a later call has shown its results.
    if (query !== this.#input.value.trim()) return;
    const found = (globalThis as Searching).siteSearch?.(query);
    const { total, hits } = found ?? { total: 0, hits: [] };
    this.#options = hits.map((hit, index) => option(hit, index));
    this.#list.replaceChildren(...this.#options);
    this.#input.setAttribute("aria-expanded", String(hits.length > 0));
    this.#status.textContent = query === "" ? "" : countOf(total, hits.length);
    this.#mark(hits.length > 0 ? 0 : -1);
  }

  #key(event: KeyboardEvent): void {
    const last = this.#options.length - 1;
    if (event.key === "ArrowDown")
      this.#mark(this.#active === last ? 0 : this.#active + 1);
    else if (event.key === "ArrowUp")
      this.#mark(this.#active <= 0 ? last : this.#active - 1);
    else if (event.key === "Enter") this.#options[this.#active]?.click();
    // The browser would clear the field on the first Escape, and close only on the second.
    else if (event.key === "Escape") this.#dialog.close();
    else return;
    event.preventDefault();
  }

  #mark(index: number): void {
    this.#options[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = index;
    const option = this.#options[index];
    if (!option) {
      this.#input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.#input.setAttribute("aria-activedescendant", option.id);
  }
}

function countOf(total: number, shown: number): string {
  if (total === 0) return "Nothing found";
  return total === shown ? `${total} found` : `${total} found, the best ${shown} shown`;
}

/** A link, so that it opens in a new tab like any link, but with the role of an option. */
function option(hit: Hit, index: number) {
  const { address, page, heading, excerpt, inCode, words } = hit;
  const link = document.createElement("a");
  link.id = `search-result-${index}`;
  // The page marks these words; see marks.ts.
  const [path = "", anchor = ""] = address.split("#");
  const query = new URLSearchParams({ [FOUND]: words.join(" ") });
  link.href = `${root}${path}?${query}${anchor && `#${anchor}`}`;
  link.tabIndex = -1;
  link.setAttribute("role", "option");
  link.setAttribute("aria-selected", "false");
  const where = document.createElement("strong");
  where.textContent = heading;
  const of = document.createElement("span");
  of.textContent = page;
  const text = document.createElement("span");
  text.className = inCode ? "excerpt code" : "excerpt";
  for (const { text: words, found } of excerpt) {
    const part = document.createElement(found ? "mark" : "span");
    part.textContent = words;
    text.append(part);
  }
  link.append(where, " ", of, " ", text);
  return link;
}
