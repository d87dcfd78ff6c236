// Preloaded into programs that tsx runs: prints where a syntax error is, in place of the stack
// of the compiler that found it. Plain JavaScript, because tsx may load after it.
import { relative } from "node:path";

process.on("uncaughtExceptionMonitor", (error) => {
  if (error?.name !== "TransformError") return;
  const places = [...error.message.matchAll(/^(.*?):(\d+):(\d+): ERROR: (.*)$/gm)];
  if (places.length === 0) return;
  for (const [, file, line, column, what] of places) {
    const path = relative(process.cwd(), file);
    console.error(`Cannot read ${path}:${line}:${column}: ${what}`);
  }
  // Before Node prints the stack.
  process.exit(1);
});
