// Runs a case of abuse as a test of step 18.
import { join } from "node:path";
import { inject, onTestFinished, test } from "vitest";
import { type AbuseCase, Site } from "./site.ts";

const isLinux = process.platform === "linux";

/** Each as a test; those that need Linux say so where they are not run. */
export function runCases(cases: readonly AbuseCase[]): void {
  for (const { title, linux = false, run } of cases) {
    if (linux && !isLinux) {
      test.skip(`${title}: NOT RUN, it needs Linux`);
      continue;
    }
    test(title, async () => {
      const site = new Site({ program: join(inject("built"), "18-final/server.js") });
      onTestFinished(() => site.close());
      await run(site);
    });
  }
}
