// Rebuilds the site whenever one of its sources changes.
import { setTimeout as sleep } from "node:timers/promises";
import { Failure, INTERRUPTED } from "../../cli.ts";
import { checkPort } from "../../ports.ts";
import { progress, whileShowing } from "../../progress.ts";
import { buildSite, optionsFromEnvironment } from "./build.ts";
import { serveSite } from "./serve.ts";

/** The sources of the site. */
const FOLDERS = [
  "docs",
  "examples",
  "scripts/docs/site/theme",
  "scripts/docs/site/client",
];
/** An editor writes a file in several steps: how long to wait for the last one, in ms. */
const CALM = 200;

/**
 * Serves the site until Ctrl-C. If a page cannot be rendered, the error is reported in the
 * terminal and in the browser, and the previous site is kept.
 *
 * @throws {Failure} When the port is taken.
 */
export async function watchAndServe(wanted: number): Promise<never> {
  await checkPort(wanted, "Cannot serve the site");
  let isOld = true;
  let wake = () => {};
  const { port, ...server } = await serveSite({
    port: wanted,
    folders: FOLDERS,
    changed: () => {
      isOld = true;
      wake();
    },
  });
  const address = `http://127.0.0.1:${port}/`;
  let isFirst = true;
  const build = async () => {
    const began = performance.now();
    try {
      const work = () => buildSite(optionsFromEnvironment());
      server.show(await whileShowing(`building the site for ${address}`, work));
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      const open = isFirst ? `open ${address} in a browser; Ctrl-C ends this` : address;
      console.log(`${open} (built in ${seconds} s)`);
      isFirst = false;
    } catch (error) {
      server.showProblem(error instanceof Failure ? error.message : String(error));
      console.error(error instanceof Failure ? error.message : error);
    }
  };
  const end = () => {
    progress("");
    process.exit(INTERRUPTED);
  };
  const keepBuilding = async (): Promise<never> => {
    for (;;) {
      isOld = false;
      await build();
      // A build computes for seconds, in which a listener would delay Ctrl-C. Without one
      // it ends us at once, and nothing is on the disk yet.
      process.on("SIGINT", end);
      if (!isOld) await new Promise<void>((resolve) => (wake = resolve));
      process.off("SIGINT", end);
      await sleep(CALM);
    }
  };
  return keepBuilding();
}
