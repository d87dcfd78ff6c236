// Markdown as our pages use it: GitHub's anchors, side notes, and links that fit the site.
import { posix } from "node:path";
import MarkdownIt, { type MarkdownIt as Parser, type Token } from "markdown-it";
import { sourcePage } from "./links.ts";
import { sidenotes } from "./sidenote.ts";

/** What a page's parts know of it while it is rendered. */
interface Environment {
  /** `docs/08-chat.md`. */
  readonly file: string;
  /** Where it will stand in the site: `08-chat.html`. */
  readonly path: string;
}

/** A parser for the pages; it keeps nothing of one page for the next. */
export function createMarkdown(): Parser {
  const markdown = new MarkdownIt({ html: true });
  markdown.use(sidenotes);
  // Wide tables scroll by themselves, so that the page does not.
  markdown.renderer.rules["table_open"] = () =>
    '<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>\n';
  markdown.renderer.rules["table_close"] = () => "</table></div>\n";
  markdown.renderer.rules["link_open"] = (tokens, index, options, env, self) => {
    const token = tokens[index];
    const href = token?.attrGet("href");
    if (token && typeof href === "string") {
      if (/^https?:/.test(href)) token.attrSet("rel", "noopener");
      else token.attrSet("href", hrefInSite(href, env as unknown as Environment));
    }
    return self.renderToken(tokens, index, options);
  };
  // A corner that says nothing is no heading.
  const cell: typeof markdown.renderer.rules.th_open = (
    tokens,
    index,
    options,
    _env,
    self,
  ) => {
    const token = tokens[index];
    const inline = tokens[index + (token?.nesting === 1 ? 1 : -1)];
    if (token && inline?.content === "") token.tag = "td";
    return self.renderToken(tokens, index, options);
  };
  markdown.renderer.rules["th_open"] = cell;
  markdown.renderer.rules["th_close"] = cell;
  markdown.renderer.rules["heading_close"] = (tokens, index) => {
    const id = tokens[index - 2]?.attrGet("id");
    const link = `<a class="anchor" href="#${id}" aria-label="Link to this section">#</a>`;
    return `${link}</${tokens[index]?.tag}>\n`;
  };
  return markdown;
}

/**
 * Where a link of a page leads in the site: to a page, or to the page of a source file.
 *
 * @param href As it stands in the Markdown, relative to the page.
 */
function hrefInSite(href: string, { file, path }: Environment): string {
  const [target = "", anchor] = href.split("#");
  if (target === "" || /^[a-z]+:/.test(target)) return href;
  const full = posix.join(posix.dirname(file), target);
  const end = anchor === undefined ? "" : `#${anchor}`;
  const inSite = siteHref(full);
  return (posix.relative(posix.dirname(path), inSite) || posix.basename(inSite)) + end;
}

/** The site's page for a path of the repository. */
function siteHref(full: string): string {
  if (/^docs\/.*\.md$/.test(full))
    return full.replace(/^docs\//, "").replace(/\.md$/, ".html");
  // A folder, or a text that is no page of ours: its own page of source.
  return sourcePage(full.replace(/\/$/, ""));
}

/** The anchor that GitHub gives a heading, made one of its own within the page. */
export function createAnchors(): (text: string) => string {
  const used = new Set<string>();
  return (text) => {
    const slug = text
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-");
    let id = slug;
    for (let count = 1; used.has(id); count += 1) id = `${slug}-${count}`;
    used.add(id);
    return id;
  };
}

/** The words of an inline token, without markup. */
export function plainText(token: Token | undefined): string {
  return (token?.children ?? [])
    .map(({ type, content }) =>
      type === "text" || type === "code_inline"
        ? content
        : type === "softbreak" || type === "hardbreak"
          ? " "
          : "",
    )
    .join("");
}
