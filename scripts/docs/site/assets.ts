// The stylesheets and scripts that the pages load, each only where it is needed.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transformWithEsbuild } from "vite";

const HERE = fileURLToPath(new URL("./", import.meta.url));
const THEME = join(HERE, "theme");

/** Stylesheets that only some pages or readers need. All others become `theme.css`. */
const APART = ["home", "wide", "forced", "print"] as const;
/** The scripts: for all pages, for those without prose, and for what few visits use. */
const SCRIPTS = ["site", "tools", "extras"] as const;

/** `home.css`, `site.js` … */
type AssetName =
  | `${"theme" | (typeof APART)[number]}.css`
  | `${(typeof SCRIPTS)[number]}.js`;

export interface Assets {
  /** Their texts, by name in the site's folder. */
  readonly files: ReadonlyMap<string, string>;
  /** The addresses that pages use, with a hash of the content for caches. */
  readonly addresses: Readonly<Record<AssetName, string>>;
  /** The search script, without its index: see `searchScript`. */
  readonly searcher: string;
  /** The script of the playground's panel. */
  readonly panel: string;
  /** The script of the duel. */
  readonly duel: string;
  /** The script that draws a run of the playground. */
  readonly diagram: string;
  /** The script that compares a reader's edit with the step. */
  readonly diff: string;
}

/** Bundles and minifies the assets. Takes about a second. */
export async function buildAssets(): Promise<Assets> {
  const loaded = await Promise.all([
    bundleSheet("theme", THEME, () => true),
    ...APART.map((name) =>
      bundleSheet(name, join(THEME, "apart"), (file) => file.startsWith(name)),
    ),
    ...SCRIPTS.map(async (name) => [`${name}.js`, await bundleScript(name)] as const),
  ]);
  const addresses = loaded.map(([name, text]) => [name, `${name}?${markOf(text)}`]);
  return {
    files: new Map([
      ...loaded,
      ["favicon.svg", FAVICON],
      // Without it, GitHub Pages would treat the site as Jekyll's, and leave out some
      // files.
      [".nojekyll", ""],
    ]),
    addresses: Object.fromEntries(addresses),
    searcher: await bundleScript("search"),
    panel: await bundleScript("play/play"),
    duel: await bundleScript("play/duel"),
    diagram: await bundleScript("play/diagram"),
    diff: await bundleScript("play/diff"),
  };
}

/** Bundles the stylesheets of a folder, in the order of their names. */
async function bundleSheet(
  name: string,
  folder: string,
  belongs: (file: string) => boolean,
) {
  const files = readdirSync(folder).filter(
    (file) => file.endsWith(".css") && belongs(file),
  );
  const all = files
    .sort()
    .map((file) => readFileSync(join(folder, file), "utf8"))
    .join("\n");
  const { code } = await transformWithEsbuild(all, `${name}.css`, {
    loader: "css",
    minify: true,
    // Newer features that we use are only functions, which must be left as they are.
    target: "chrome123",
  });
  return [`${name}.css`, code] as const;
}

async function bundleScript(name: string): Promise<string> {
  const result = await build({
    configFile: false,
    root: HERE,
    logLevel: "error",
    build: {
      write: false,
      target: "es2022",
      cssTarget: "chrome123",
      minify: "esbuild",
      lib: { entry: join(HERE, `client/${name}.ts`), formats: ["iife"], name: "site" },
    },
  });
  const [output] = [result].flat();
  if (!output || !("output" in output)) throw new Error(`Cannot bundle ${name}`);
  return output.output[0].code;
}

/** A hash that changes when the text does. */
export function markOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

const FAVICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#131716"/><g fill="none" stroke-width="3.5" stroke-linecap="round"><path stroke="#dde4e0" d="M8 10h8M8 16h12"/><path stroke="#55c892" d="M8 22h16"/></g></svg>
`;
