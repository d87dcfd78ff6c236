// The steps on other Nodes, as they stand, without tsx: from 22.18 on Node strips types itself.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { ROOT } from "../behaviours/steps.ts";
import { needs } from "./requirements.ts";
import { holdSteps } from "./steps.ts";

const CACHE = join(ROOT, "node_modules/.cache/nodes");

/** A Node of this version, as npm brings it; undefined where it does not. */
function findNode(version: string): string | undefined {
  const folder = join(CACHE, version);
  const file = process.platform === "win32" ? "node.exe" : "node";
  const node = join(folder, "node_modules/node/bin", file);
  if (!existsSync(node)) {
    const options = `--prefix "${folder}" --no-save --no-audit --no-fund --silent`;
    spawnSync(`npm install ${options} node@${version}`, { shell: true });
  }
  return existsSync(node) ? node : undefined;
}

for (const version of ["22.18", "22", "24", "26"]) {
  const node = findNode(version);
  describe(`Node ${version}`, () => {
    if (needs(node, `the steps on Node ${version}`, "such a Node from npm")) {
      holdSteps({ alone: false, node });
    } else test.skip("NOT RUN, as npm did not bring it", () => {});
  });
}
