// Fails a run of just test whose title pattern no test has matched: vitest passes it.
import type { Reporter, TestModule } from "vitest/node";

export default class EmptyRunReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const ran = modules.some((module) => {
      if (!module.ok()) return true;
      const [first] = module.children.allTests("passed");
      return first !== undefined;
    });
    if (ran) return;
    console.error("No test ran: none has such a title, or only slow ones have (--all)");
    process.exitCode = 1;
  }
}
