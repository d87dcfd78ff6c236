// Builds the site again and again, whenever something that it is made from changes.
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../../cli.ts";
import { checkPort } from "../../ports.ts";
import { buildSite, optionsFromEnvironment } from "./build.ts";
import { serveSite } from "./serve.ts";

/** What the site is made from. */
const FOLDERS = [
  "docs",
  "examples",
  "scripts/docs/site/theme",
  "scripts/docs/site/client",
];
/** An editor writes a file in several steps: how long to wait for the last, in ms. */
const CALM = 200;

/**
 * Serves the site until Ctrl-C. A page that cannot be rendered is reported in the terminal
 * and in the browser, and the site before it stays.
 *
 * @throws {Failure} When the port is taken.
 */
export async function watchAndServe(wanted: number): Promise<void> {
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
  const build = async () => {
    const began = performance.now();
    try {
      server.show(await buildSite(optionsFromEnvironment()));
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      console.log(`http://127.0.0.1:${port}/ built in ${seconds} s`);
    } catch (error) {
      server.showProblem(error instanceof Failure ? error.message : String(error));
      console.error(error instanceof Failure ? error.message : error);
    }
  };
  const keepBuilding = async () => {
    for (;;) {
      isOld = false;
      await build();
      if (!isOld) await new Promise<void>((resolve) => (wake = resolve));
      await sleep(CALM);
    }
  };
  await Promise.race([keepBuilding(), once(process, "SIGINT"), once(process, "SIGTERM")]);
  await server.close();
}
