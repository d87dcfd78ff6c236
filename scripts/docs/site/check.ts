// Checks that the built site keeps its promises.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../../behaviours/steps.ts";
import { inOrder } from "../../in-order.ts";
import { progress, whileShowing } from "../../progress.ts";
import { checkOutput } from "../output/check-output.ts";
import { parseOutput } from "../output/parse-output.ts";
import { pageFiles } from "../render.ts";
import { type Fence, fencesIn } from "../session/fences.ts";
import { missingFor } from "../session/machines.ts";
import { parseSession } from "../session/parse-session.ts";
import { replay } from "../session/replay.ts";
import type { Session } from "../session/session-event.ts";
import { accessibilityFaults } from "./axe.ts";
import { findChromium, startBrowser } from "./browser.ts";
import { type Built, buildSite } from "./build.ts";
import { findFaults } from "./dead-links.ts";
import { serveSite } from "./serve.ts";
import { weigh } from "./weigh.ts";

/** How many sessions are played at a time: each starts a server. */
const AT_ONCE = 4;

/**
 * Builds the site, and prints the weight of each page and all faults: sessions and outputs
 * whose results differ, dead links, pages over their budget, accessibility faults.
 *
 * @returns The exit code: 1 when there are faults.
 */
export async function checkSite(): Promise<number> {
  const began = performance.now();
  const files = await whileShowing("building the site", () => buildSite());
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const weights = weigh(files);
  const heavy = weights.filter(({ bytes, budget }) => bytes > budget);
  for (const { path, kind, bytes, budget } of weights) {
    if (kind === "page") console.log(`${`${bytes}`.padStart(6)} of ${budget}  ${path}`);
  }
  const faults = [
    ...(await whileShowing("playing sessions and outputs", playAll)),
    ...findFaults(files),
    ...heavy.map(({ path, bytes, budget }) => `${path}: ${bytes} bytes, of ${budget}`),
    ...(await whileShowing("looking for accessibility faults", () =>
      accessibilityOf(files),
    )),
  ];
  for (const fault of faults) console.error(fault);
  console.log(
    `${weights.length} pages built in ${seconds} s; weights are bytes to read, gzipped; ` +
      `${faults.length} faults`,
  );
  return faults.length === 0 ? 0 : 1;
}

/** Plays every session and runs every output. @returns the results that differ. */
async function playAll(): Promise<string[]> {
  const fences = pageFiles().flatMap((page) =>
    fencesIn(page, readFileSync(join(ROOT, page), "utf8")),
  );
  const faults: string[] = [];
  const play = async (fence: Fence) => {
    if (fence.kind === "output") await checkOutput(parseOutput(fence));
    else await playSession(parseSession(fence));
  };
  await inOrder(fences, AT_ONCE, (fence) =>
    play(fence).catch((error: Error) => void faults.push(error.message)),
  );
  progress("");
  console.log(`${fences.length} sessions and outputs played`);
  return faults;
}

async function playSession(session: Session): Promise<void> {
  const missing = missingFor(session);
  if (missing === undefined) await replay(session);
  else console.log(missing);
}

/** Checks one page of each layout: source pages and pairs are all alike. */
async function accessibilityOf(files: Built): Promise<string[]> {
  const server = await serveSite({ port: 0 });
  const browser = await startBrowser(findChromium());
  try {
    server.show(files);
    const paths = [...files.keys()].filter(
      (path) => path.endsWith(".html") && !/^(?:compare|source)\//.test(path),
    );
    const alike = ["compare/16-17.html", "source/examples/18-final/server.ts.html"];
    return await accessibilityFaults(
      browser,
      [...paths, ...alike.filter((path) => files.has(path))].map(
        (path) => `http://127.0.0.1:${server.port}/${path}`,
      ),
    );
  } finally {
    await browser.close();
    await server.close();
  }
}
