// Holds the built site against what it promises.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findBarriers } from "./site/axe.ts";
import { startBrowser } from "./site/browser.ts";
import { type Built, buildSite, writeSite } from "./site/build.ts";
import { findFaults } from "./site/dead-links.ts";
import { SiteServer } from "./site/serve.ts";
import { weigh } from "./site/weigh.ts";

/**
 * Builds the site, and prints what is wrong with it: dead links, pages that weigh too much,
 * barriers for readers.
 *
 * @returns The exit code: 1 when something is wrong.
 */
export async function checkSite(): Promise<number> {
  const files = await buildSite();
  const weights = weigh(files);
  const heavy = weights.filter(({ bytes, budget }) => bytes > budget);
  const faults = [
    ...findFaults(files),
    ...heavy.map(({ path, bytes, budget }) => `${path}: ${bytes} bytes, of ${budget}`),
    ...(await barriersIn(files)),
  ];
  for (const fault of faults) console.error(fault);
  const most = Math.max(
    ...weights.filter(({ kind }) => kind === "page").map(({ bytes }) => bytes),
  );
  console.log(
    `${weights.length} pages, the heaviest to read ${most} bytes, ${faults.length} faults`,
  );
  return faults.length === 0 ? 0 : 1;
}

/** Of those pages that each have a layout of their own: source and pairs are all alike. */
async function barriersIn(files: Built): Promise<string[]> {
  const parent = mkdtempSync(join(tmpdir(), "site-"));
  const folder = join(parent, "site");
  const server = new SiteServer();
  const browser = await startBrowser();
  try {
    writeSite(files, folder);
    server.show({ kind: "built", folder });
    const port = await server.listen(0);
    const paths = [...files.keys()].filter(
      (path) => path.endsWith(".html") && !/^(?:compare|source)\//.test(path),
    );
    const alike = ["compare/16-17.html", "source/examples/18-final/server.ts.html"];
    return await findBarriers(
      browser,
      [...paths, ...alike.filter((path) => files.has(path))].map(
        (path) => `http://127.0.0.1:${port}/${path}`,
      ),
    );
  } finally {
    await browser.close();
    server.close();
    rmSync(parent, { recursive: true, force: true });
  }
}
