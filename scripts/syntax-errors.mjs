// Preloaded into programs that tsx runs: prints where a syntax error is, instead of the compiler's
// stack trace. Plain JavaScript, because it may load before tsx.
import { relative } from "node:path";

process.on("uncaughtExceptionMonitor", (error) => {
  if (error?.name !== "TransformError") return;
  const places = [...error.message.matchAll(/^(.*?):(\d+):(\d+): ERROR: (.*)$/gm)];
  if (places.length === 0) return;
  for (const [, file, line, column, what] of places) {
    const path = relative(process.cwd(), file);
    console.error(`Cannot read ${path}:${line}:${column}: ${what}`);
  }
  // Exit before Node prints the stack trace.
  process.exit(1);
});
