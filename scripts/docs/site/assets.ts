// The files that the pages load: one stylesheet, one script, the script of the search.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transformWithEsbuild } from "vite";

const HERE = fileURLToPath(new URL("./", import.meta.url));
const THEME = join(HERE, "theme");

export interface Assets {
  /** By their names in the site's folder. */
  readonly files: ReadonlyMap<string, string>;
  /** As a page names them: with a mark that changes when they do, for caches. */
  readonly css: string;
  readonly js: string;
  /** What only some pages need. */
  readonly tools: string;
  /** The box of the search, which is loaded when it is opened. */
  readonly box: string;
  /** The script of the search without its index: see `searchScript`. */
  readonly searcher: string;
}

/** Bundles and minifies. Takes about a second. */
export async function buildAssets(): Promise<Assets> {
  const [css, js, tools, box, searcher] = await Promise.all([
    bundleTheme(),
    bundleScript("main"),
    bundleScript("tools"),
    bundleScript("search-box"),
    bundleScript("search"),
  ]);
  return {
    files: new Map([
      ["theme.css", css],
      ["site.js", js],
      ["tools.js", tools],
      ["search-box.js", box],
      ["favicon.svg", FAVICON],
      // GitHub Pages would leave out some files of a site that it takes for one of Jekyll.
      [".nojekyll", ""],
    ]),
    css: `theme.css?${markOf(css)}`,
    js: `site.js?${markOf(js)}`,
    tools: `tools.js?${markOf(tools)}`,
    box: `search-box.js?${markOf(box)}`,
    searcher,
  };
}

/** The stylesheets in the order of their names, which begin with a number. */
async function bundleTheme(): Promise<string> {
  const sheets = readdirSync(THEME)
    .filter((name) => name.endsWith(".css"))
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  const all = sheets.map((name) => readFileSync(join(THEME, name), "utf8")).join("\n");
  const { code } = await transformWithEsbuild(all, "theme.css", {
    loader: "css",
    minify: true,
    // Newer than this are only functions that we want left as they are.
    target: "chrome123",
  });
  return code;
}

async function bundleScript(name: string): Promise<string> {
  const result = await build({
    configFile: false,
    root: HERE,
    logLevel: "error",
    build: {
      write: false,
      target: "es2022",
      minify: "esbuild",
      lib: { entry: join(HERE, `client/${name}.ts`), formats: ["iife"], name: "site" },
    },
  });
  const [output] = [result].flat();
  if (!output || !("output" in output)) throw new Error(`Cannot bundle ${name}`);
  return output.output[0].code;
}

function markOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

const FAVICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#131716"/><g fill="none" stroke-width="3.5" stroke-linecap="round"><path stroke="#dde4e0" d="M8 10h8M8 16h12"/><path stroke="#55c892" d="M8 22h16"/></g></svg>
`;
