// Builds the site again and again, whenever something that it is made from changes.
import { existsSync, mkdtempSync, rmSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../behaviours/steps.ts";
import { Failure } from "../cli.ts";
import { checkPort } from "../ports.ts";
import { buildSite, optionsFromEnvironment, writeSite } from "./site/build.ts";
import { SiteServer } from "./site/serve.ts";

/** What the site is made from. */
const FOLDERS = [
  "docs",
  "examples",
  "scripts/docs/site/theme",
  "scripts/docs/site/client",
];
/** An editor writes a file in several steps: how long to wait for the last, in ms. */
const CALM = 80;

/**
 * Serves the site until Ctrl-C. A page that cannot be rendered is told of in the terminal
 * and in the browser, and the site before it stays.
 *
 * @throws {Failure} When the port is taken.
 */
export async function watchAndServe(port: number): Promise<void> {
  await checkPort(port, "Cannot serve the site");
  const parent = mkdtempSync(join(tmpdir(), "site-"));
  const folder = join(parent, "site");
  const server = new SiteServer();
  const address = `http://127.0.0.1:${await server.listen(port)}/`;
  let built: string | undefined;
  const build = async () => {
    const began = performance.now();
    try {
      writeSite(await buildSite(optionsFromEnvironment()), folder);
      built = folder;
      server.show({ kind: "built", folder });
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      console.log(`${address} built in ${seconds} s`);
    } catch (error) {
      const why = error instanceof Failure ? error.message : String(error);
      server.show({ kind: "broken", folder: built, why });
      console.error(error instanceof Failure ? why : error);
    }
  };
  await build();
  const next = inTurn(build);
  let timer: NodeJS.Timeout | undefined;
  const watchers = FOLDERS.filter((name) => existsSync(join(ROOT, name))).map((name) =>
    watch(join(ROOT, name), { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(next, CALM);
    }),
  );
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve).once("SIGTERM", resolve);
  });
  clearTimeout(timer);
  for (const watcher of watchers) watcher.close();
  server.close();
  rmSync(parent, { recursive: true, force: true });
}

/** One run at a time; what is asked for meanwhile is one more run afterwards. */
function inTurn(work: () => Promise<void>): () => void {
  let running = false;
  let again = false;
  const start = async () => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    do {
      again = false;
      await work();
    } while (again);
    running = false;
  };
  return () => void start();
}
