// Writes down what has failed, for the second try of just test --all.
import { writeFileSync } from "node:fs";
import type { Reporter, SerializedError, TestModule, Vitest } from "vitest/node";
import type { Failures } from "../scripts/second-try.ts";

export default class FailureReporter implements Reporter {
  #file = "";

  onInit({ config }: Vitest): void {
    this.#file = `${config.outputFile}`;
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const files = modules
      .filter((module) => !module.ok())
      .map((module) => ({
        file: module.moduleId,
        tests: Array.from(module.children.allTests("failed"), (test) => test.fullName),
      }));
    const failures: Failures = { files, errors: errors.length };
    writeFileSync(this.#file, JSON.stringify(failures));
  }
}
