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
import { accessibilityFaults } from "./axe.ts";
import { findChromium, startBrowser } from "./browser.ts";
import { type Built, buildSite } from "./build.ts";
import { findFaults } from "./dead-links.ts";
import { serveSite } from "./serve.ts";
import { weigh } from "./weigh.ts";

/** How many sessions are played at a time: each starts a server. */
const AT_ONCE = 4;

interface Found {
  readonly faults: string[];
  /** What was not checked, as something is missing here. */
  readonly unchecked: string[];
}

/**
 * Builds the site, and prints the weight of each page and all faults: sessions and outputs
 * whose results differ, dead links, pages over their budget, accessibility faults.
 *
 * What could not be checked is printed too; with `REQUIRE_ALL`, as in our CI, it counts as a fault.
 *
 * @returns The exit code: 1 when there are faults.
 */
export async function checkSite(): Promise<number> {
  const began = performance.now();
  const files = await whileShowing("building the site", () => buildSite());
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const weights = weigh(files);
  for (const { path, kind, bytes, budget } of weights) {
    if (kind === "page") console.log(`${`${bytes}`.padStart(6)} of ${budget}  ${path}`);
  }
  const played = await whileShowing("playing sessions and outputs", playAll);
  const looked = await lookAt(files, findChromium());
  const unchecked = [...played.unchecked, ...looked.unchecked];
  const isFault = Boolean(process.env.REQUIRE_ALL);
  const faults = [...played.faults, ...looked.faults, ...(isFault ? unchecked : [])];
  for (const fault of faults) console.error(fault);
  if (!isFault) for (const line of unchecked) console.log(line);
  console.log(
    `${weights.length} pages built in ${seconds} s; weights are bytes to read, gzipped; ` +
      `${faults.length} faults`,
  );
  return faults.length === 0 ? 0 : 1;
}

/**
 * Checks what the site holds: links, weights, accessibility.
 *
 * @param chromium Its path; without it, accessibility is not checked.
 */
export async function lookAt(files: Built, chromium: string | undefined): Promise<Found> {
  const heavy = weigh(files).filter(({ bytes, budget }) => bytes > budget);
  const faults = [
    ...findFaults(files),
    ...heavy.map(({ path, bytes, budget }) => `${path}: ${bytes} bytes, of ${budget}`),
  ];
  if (chromium === undefined) {
    const what = "accessibility: not checked, as there is no Chromium";
    return { faults, unchecked: [`${what}; install one, or say where in CHROMIUM`] };
  }
  const found = await whileShowing("looking for accessibility faults", () =>
    accessibilityOf(files, chromium),
  );
  return { faults: [...faults, ...found], unchecked: [] };
}

/** Plays every session and runs every output. A result that differs is a fault. */
async function playAll(): Promise<Found> {
  const fences = pageFiles().flatMap((page) =>
    fencesIn(page, readFileSync(join(ROOT, page), "utf8")),
  );
  const faults: string[] = [];
  const unchecked: string[] = [];
  const play = async (fence: Fence) => {
    if (fence.kind === "output") return checkOutput(parseOutput(fence));
    const session = parseSession(fence);
    const missing = missingFor(session);
    if (missing === undefined) await replay(session);
    else unchecked.push(missing);
  };
  await inOrder(fences, AT_ONCE, (fence) =>
    play(fence).catch((error: Error) => void faults.push(error.message)),
  );
  progress("");
  console.log(`${fences.length - unchecked.length} sessions and outputs played`);
  return { faults, unchecked };
}

/** Checks one page of each layout: source pages and pairs are all alike. */
async function accessibilityOf(files: Built, chromium: string): Promise<string[]> {
  const server = await serveSite({ port: 0 });
  const browser = await startBrowser(chromium);
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
