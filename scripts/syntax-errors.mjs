// Loaded before a program that tsx runs: a mistake of syntax gets a line that says where it
// is, in place of a dozen about the compiler that found it. Plain JavaScript: it comes first.
import { relative } from "node:path";

process.on("uncaughtExceptionMonitor", (error) => {
  if (error?.name !== "TransformError") return;
  const places = [...error.message.matchAll(/^(.*?):(\d+):(\d+): ERROR: (.*)$/gm)];
  if (places.length === 0) return;
  for (const [, file, line, column, what] of places) {
    const path = relative(process.cwd(), file);
    console.error(`Cannot read ${path}:${line}:${column}: ${what}`);
  }
  // What Node would say of it is said.
  process.exit(1);
});
