// Builds the complete site in memory.
import { statSync } from "node:fs";
import { join, posix } from "node:path";
import { MACHINE_STEPS, REACTOR_STEPS, ROOT, STEPS } from "../../../behaviours/steps.ts";
import { BEHAVIOURS } from "../../../behaviours/table.ts";
import { readFacts } from "../../facts.ts";
import { sourcePage } from "../links.ts";
import type { Page } from "../page.ts";
import { renderPages } from "../render.ts";
import { buildAssets } from "./assets.ts";
import { bookFile } from "./book.ts";
import { chapterFile } from "./chapter.ts";
import { compareFiles } from "./compare.ts";
import { duelFile } from "./duel.ts";
import { evolutionFile } from "./evolution.ts";
import { homeFile } from "./home.ts";
import { drawDiff, highlightLines } from "./material.ts";
import { matrixFile } from "./matrix.ts";
import { notFoundFile } from "./not-found.ts";
import { buildPlayground } from "./play.ts";
import { iconPng, previewPng } from "./png.ts";
import { searchScript } from "./search.ts";
import type { Site } from "./site.ts";
import { folderFile, sourceFile } from "./source.ts";

interface Options {
  /** The repository's address on the web, for links to it. */
  readonly repository?: string | undefined;
  /** The site's own address on the web, for link previews and search engines. */
  readonly url?: string | undefined;
  /** The path under which the site is published. Only the 404 page needs it. */
  readonly base?: string | undefined;
  /** Replaces the pages of docs/. */
  readonly pages?: readonly Page[] | undefined;
}

/** The text of every file, by its path in the site's folder; a picture in base64. */
export type Built = ReadonlyMap<string, string>;

/**
 * Builds the site.
 *
 * @throws {Failure} When a page cannot be rendered: its message names file and line.
 */
export async function buildSite(options: Options = {}): Promise<Built> {
  const [pages, assets] = await Promise.all([
    options.pages ?? renderPages(),
    buildAssets(),
  ]);
  const titles = new Map(
    pages.map(({ path, title }) => [path.replace(".html", ""), title]),
  );
  const playground = await buildPlayground(assets, titles);
  const site: Site = {
    pages,
    playground: playground?.addresses,
    facts: readFacts(STEPS),
    reactor: readFacts(REACTOR_STEPS),
    machines: readFacts(MACHINE_STEPS),
    repository: options.repository?.replace(/\/$/, ""),
    url: options.url?.replace(/\/*$/, "/"),
    assets: assets.addresses,
  };
  const files = new Map([...assets.files, ...(playground?.files ?? [])]);
  for (const page of pages) files.set(page.path, pageFile(site, page));
  for (const [path, text] of await compareFiles(site, drawDiff)) files.set(path, text);
  files.set("duel.html", duelFile(site));
  files.set("evolution.html", await evolutionFile(site, highlightLines));
  files.set("behaviours.html", matrixFile(site, BEHAVIOURS));
  files.set("book.html", bookFile(site));
  files.set("404.html", notFoundFile(site, options.base));
  files.set("icon.png", iconPng());
  if (site.url !== undefined) {
    files.set("preview.png", previewPng(site.facts));
    files.set("sitemap.xml", sitemap(site.url, [...files.keys()]));
  }
  files.set("search.js", searchScript(pages, assets.searcher));
  await addSources(site, files);
  return files;
}

/** The options of a published site, from the environment; see CONTRIBUTING.md. */
export function optionsFromEnvironment(): Options {
  const { REPOSITORY_URL, SITE_URL, SITE_BASE } = process.env;
  return {
    repository: REPOSITORY_URL || undefined,
    url: SITE_URL || undefined,
    base:
      SITE_BASE ||
      (SITE_URL ? new URL(`${SITE_URL}/`).pathname.replace(/\/+$/, "/") : undefined),
  };
}

/** For search engines: the pages with prose, but not those that show files. */
function sitemap(url: string, paths: readonly string[]): string {
  const pages = paths.filter(
    (path) => path.endsWith(".html") && !/^(?:source|compare)\/|^404\.html$/.test(path),
  );
  const entries = pages.map(
    (path) => `<url><loc>${url}${path.replace(/^index\.html$/, "")}</loc></url>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${entries.join("")}</urlset>
`;
}

function pageFile(site: Site, page: Page): string {
  return page.kind === "home" ? homeFile(site, page) : chapterFile(site, page);
}

/** Adds a page for each file and folder of the repository that pages link to. */
async function addSources(site: Site, files: Map<string, string>): Promise<void> {
  for (let fresh = [...files]; fresh.length > 0; ) {
    const wanted = linkedSources(fresh).filter((file) => !files.has(sourcePage(file)));
    fresh = await Promise.all(
      wanted.map(async (file): Promise<[string, string]> => {
        const path = sourcePage(file);
        const isFolder = statSync(join(ROOT, file)).isDirectory();
        const text = isFolder
          ? folderFile(site, file)
          : sourceFile(site, file, await highlightLines(file, path));
        files.set(path, text);
        return [path, text];
      }),
    );
  }
}

/** The files and folders of the repository that pages and search results link to. */
function linkedSources(files: readonly (readonly [string, string])[]): string[] {
  const addresses = files.flatMap(([path, text]) =>
    path.endsWith(".html") || path === "search.js"
      ? [...text.matchAll(/(?: href=|"address":)"([^":#]+\.html)(?:#[^"]*)?"/g)].map(
          ([, to = ""]) => posix.join(posix.dirname(path), to),
        )
      : [],
  );
  const sources = addresses.flatMap(
    (address) => /^source\/(.+)\.html$/.exec(address)?.[1] ?? [],
  );
  return [...new Set(sources)];
}
