// HTML as a value: what is put into a template is escaped, unless it is HTML itself.

/** A piece of HTML. Only {@link html} and {@link trusted} make one. */
export class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

type Content = Html | string | number | undefined | false | readonly Content[];

/**
 * A template that escapes what is put in, for text and for quoted attributes alike.
 * `undefined` and `false` leave nothing; the items of a list stand one after the other.
 */
export function html(strings: TemplateStringsArray, ...contents: Content[]): Html {
  return new Html(
    strings
      .map((string, index) => (index === 0 ? "" : render(contents[index - 1])) + string)
      .join(""),
  );
}

/** HTML that others wrote and that is not escaped again: rendered pages, listings. */
export function trusted(text: string): Html {
  return new Html(text);
}

/** Text as it may stand in HTML, also within a quoted attribute. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function render(content: Content): string {
  if (content === undefined || content === false) return "";
  if (content instanceof Html) return content.toString();
  if (typeof content === "object") return content.map(render).join("");
  return escapeHtml(String(content));
}
