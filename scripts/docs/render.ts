// Renders a page: Markdown in, and out comes what the site puts into its frame.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Token } from "markdown-it";
import { ROOT, STEPS } from "../../behaviours/steps.ts";
import { Failure } from "../cli.ts";
import { type Directive, renderDirective } from "./directive.ts";
import { renderDrawing } from "./drawing.ts";
import { DocsError, type Place } from "./error.ts";
import { renderFence, type Setting } from "./listing.ts";
import { createAnchors, createMarkdown, plainText } from "./markdown.ts";
import { renderOutput } from "./output/output-figure.ts";
import { parseOutput } from "./output/parse-output.ts";
import type { Heading, Page } from "./page.ts";
import { sectionsOf, wordsOf } from "./prose.ts";
import { parseSession } from "./session/parse-session.ts";
import { renderSession } from "./session/session-figure.ts";
import { renderDiagram } from "./trace/trace-figure.ts";

const PLAIN_FENCES = ["sh", "text", "json", "rust", "html", "c"];

/** All pages of docs/, in the order in which they are read. */
export function pageFiles(): string[] {
  const list = (folder: string) =>
    existsSync(join(ROOT, folder))
      ? readdirSync(join(ROOT, folder))
          .filter((name) => name.endsWith(".md"))
          .sort()
          .map((name) => `${folder}/${name}`)
      : [];
  const docs = list("docs");
  const part = (name: RegExp) => docs.filter((file) => name.test(file));
  const chapters = [...part(/\/\d\d-/), ...part(/\/r\d-/), ...part(/\/m\d-/)];
  const others = docs.filter(
    (file) => !chapters.includes(file) && !/\/index\.md$/.test(file),
  );
  return ["docs/index.md", ...chapters, ...list("docs/asides"), ...others].filter(
    (file) => existsSync(join(ROOT, file)),
  );
}

/**
 * Renders all pages; see `renderPage`.
 *
 * @throws {Failure} With a line for each page that cannot be rendered.
 */
export async function renderPages(): Promise<Page[]> {
  const results = await Promise.allSettled(pageFiles().map((file) => renderPage(file)));
  const problems: string[] = [];
  const pages = results.flatMap((result) => {
    if (result.status === "fulfilled") return [result.value];
    if (!(result.reason instanceof Failure)) throw result.reason;
    problems.push(result.reason.message);
    return [];
  });
  if (problems.length > 0) throw new Failure(problems.join("\n"));
  return pages;
}

/**
 * Renders a page.
 *
 * @param source From the repository's folder: `docs/08-chat.md`.
 * @param text Its text; read from the file, if not given.
 * @throws {Failure} When something in it cannot be resolved: the message begins with file
 * and line.
 */
export async function renderPage(
  source: string,
  text = readFileSync(join(ROOT, source), "utf8"),
): Promise<Page> {
  const path = source.replace(/^docs\//, "").replace(/\.md$/, ".html");
  const markdown = createMarkdown();
  const env = { file: source, path };
  const tokens = markdown.parse(text, env);
  const [title, rest] = takeTitle(tokens, { file: source, line: 1 });
  const anchor = createAnchors();
  anchor(title);
  const headings = addAnchors(rest, anchor);
  const setting = { page: path, anchor };
  const body = await replace(rest, { file: source, line: 1 }, setting);
  return {
    path,
    source,
    kind: kindOf(source),
    step: STEPS.find(({ slug }) => path === `${slug}.html`),
    title,
    description: plainText(rest.find(({ type }) => type === "inline")),
    teaser: /^<!-- teaser: (.+) -->$/m.exec(text)?.[1],
    headings,
    body: markdown.renderer.render(body, markdown.options, env),
    sections: sectionsOf(body, headings),
    words: wordsOf(rest),
  };
}

function kindOf(source: string): Page["kind"] {
  if (source === "docs/index.md") return "home";
  if (source.startsWith("docs/asides/")) return "aside";
  return /\/(\d\d|[rm]\d)-/.test(source) ? "chapter" : "reference";
}

function takeTitle(tokens: Token[], place: Place): [string, Token[]] {
  const [open, inline] = tokens;
  if (open?.type !== "heading_open" || open.tag !== "h1") {
    throw new DocsError(
      place,
      "Cannot find the title: the page must begin with # and it",
    );
  }
  return [plainText(inline), tokens.slice(3)];
}

function addAnchors(
  tokens: readonly Token[],
  anchor: (text: string) => string,
): Heading[] {
  return tokens.flatMap((token, index) => {
    if (token.type !== "heading_open") return [];
    const text = plainText(tokens[index + 1]);
    const id = anchor(text);
    token.attrSet("id", id);
    return [{ level: Number(token.tag.slice(1)), id, text }];
  });
}

/** The tokens, with what directives and fences show in their place. */
async function replace(tokens: Token[], page: Place, setting: Setting): Promise<Token[]> {
  const result: Token[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (!token) continue;
    const place = { ...page, line: (token.map?.[0] ?? 0) + 1 };
    const directive = directiveAt(tokens, index, place);
    if (directive) {
      result.push(block(token, await renderDirective(directive, setting)));
      index += 2;
    } else if (token.type === "fence") {
      result.push(block(token, await fence(token, place)));
    } else {
      result.push(token);
    }
  }
  return result;
}

function block(like: Token, html: string): Token {
  const token = Object.assign(Object.create(Object.getPrototypeOf(like)), like) as Token;
  return Object.assign(token, { type: "html_block", tag: "", nesting: 0, content: html });
}

/** The directive that begins here, when a paragraph is one link that has a title. */
function directiveAt(
  tokens: readonly Token[],
  index: number,
  place: Place,
): Directive | undefined {
  if (tokens[index]?.type !== "paragraph_open") return undefined;
  const children = tokens[index + 1]?.children ?? [];
  const [first] = children;
  const title = first?.type === "link_open" ? first.attrGet("title") : null;
  if (typeof title !== "string" || children.at(-1)?.type !== "link_close")
    return undefined;
  if (children.filter(({ type }) => type === "link_open").length !== 1) return undefined;
  const href = String(first?.attrGet("href"));
  return { place, text: plainText(tokens[index + 1]), href, title };
}

async function fence(token: Token, place: Place): Promise<string> {
  const info = token.info.trim();
  const [kind = ""] = info.split(/\s+/);
  const source = { ...place, info, text: token.content };
  if (kind === "session") {
    const session = parseSession(source);
    const drawn = /\bdiagram\b/.test(info) ? renderDiagram(session) : "";
    return renderSession(session) + drawn;
  }
  if (kind === "output") return renderOutput(parseOutput(source));
  const [, words] = /^text drawing:(.*)$/.exec(info) ?? [];
  if (words !== undefined) return renderDrawing(token.content, words.trim(), place);
  if (info === "ts sketch") return renderFence(token.content, "ts", "sketch");
  if (PLAIN_FENCES.includes(info)) return renderFence(token.content, kind);
  const known = [
    "session STEP",
    "output COMMAND",
    "ts sketch",
    "text drawing: WORDS",
    ...PLAIN_FENCES,
  ].join(", ");
  throw new DocsError(
    place,
    `Cannot show a fence of "${info}": it must be one of ${known}`,
  );
}
