// The page for operators says something of each flag and of each line of the log.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../behaviours/steps.ts";

const page = readFileSync(join(ROOT, "docs/operating.md"), "utf8");
const server = readFileSync(join(ROOT, "examples/18-final/server.ts"), "utf8");

test("every flag of step 18 has a row, with its default", () => {
  const flags = [
    ...server.matchAll(
      /^ {4}"?([a-z-]+)"?: (number|seconds|toggle|ipAddress|choice)\((\d*)/gm,
    ),
  ];
  expect(flags.length).toBeGreaterThan(11);
  for (const [, name = "", , value = ""] of flags) {
    if (name === "help") continue;
    const shown = value !== "" ? ` (${Number(value).toLocaleString("en")})` : "";
    const words = `\`--${name}\`${shown}`;
    expect(page.includes(words), words).toBe(true);
  }
});

test("every event of the log of step 18 has a row", () => {
  const logged = /(?:log\.\w+\((?:\{.*\}, )?|note\()"([a-z ]+)"/g;
  const events = [...server.matchAll(logged)].map(([, event = ""]) => event);
  expect(events.length).toBeGreaterThan(10);
  for (const event of [...events, "log lost"]) expect(page).toContain(`\`${event}\``);
});
