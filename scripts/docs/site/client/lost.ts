// On the page for an invalid address: the pages that it may refer to, and the search.

export function helpTheLost(): void {
  const place = document.querySelector<HTMLElement>(".lost");
  if (!place) return;
  const opener = document.querySelector<HTMLElement>(".search-open");
  place.querySelector("button")?.addEventListener("click", () => opener?.click());
  const found = meant(location.pathname);
  if (found.length === 0) return;
  const list = document.createElement("ul");
  for (const link of found) {
    const item = document.createElement("li");
    const copy = document.createElement("a");
    copy.href = link.href;
    copy.textContent = link.textContent;
    item.append(copy);
    list.append(item);
  }
  const said = document.createElement("p");
  said.textContent = "You may have meant:";
  place.prepend(said, list);
}

/** The pages that an address may mean: `/8`, `/08-chat`, `/chat`, `/docs/08-chat.md` … */
function meant(address: string): HTMLAnchorElement[] {
  const last = address
    .split("/")
    .findLast((part) => part !== "" && part !== "index.html");
  const asked = (last ?? "").toLowerCase().replace(/\.\w+$/, "");
  const links = [
    ...document.querySelectorAll<HTMLAnchorElement>("#path ol:not(.contents) > li > a"),
  ];
  const nameOf = ({ pathname }: HTMLAnchorElement) =>
    /([^/]*)\.html$/.exec(pathname)?.[1] ?? "";
  const number = /^(?:step-?)?([rm]?)0*(\d+)(?:-|$)/.exec(asked);
  if (number) {
    const [, part = "", digits = ""] = number;
    const start = part === "" ? `${digits.padStart(2, "0")}-` : `${part}${digits}-`;
    const exact = links.filter((link) => nameOf(link).startsWith(start));
    if (exact.length > 0) return exact;
  }
  const words = asked.split(/[^a-z]+/).filter((word) => word.length > 2);
  return links
    .filter((link) => words.some((word) => nameOf(link).includes(word)))
    .slice(0, 5);
}
