// Nothing hidden: what a step uses of ours is shown on its page, or on an earlier one.
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { expect, test } from "vitest";
import { ROOT, STEPS } from "../../behaviours/steps.ts";

const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

const IMPORT = /^import \{([^}]*)\} from "\.\.\/shared\/([^"]+)";$/gm;
const DIRECTIVE = /^\[[^\]]*\]\(\.\.\/([^ ]+) "code(?: plain)?: ([^"]*)"\)$/gm;

/** The functions and classes that a server takes from examples/shared: `socket.ts: read`. */
function usedBy(server: string): string[] {
  return [...server.matchAll(IMPORT)].flatMap(([, names = "", file]) =>
    names
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "" && !name.startsWith("type "))
      .map((name) => `${file}: ${name}`),
  );
}

/** What a page shows of examples/shared, a method counting as its class. */
function shownOn(page: string): string[] {
  return [...page.matchAll(DIRECTIVE)].flatMap(([, path = "", symbols = ""]) =>
    posix.dirname(path) === "examples/shared"
      ? symbols
          .split(",")
          .map((one) => `${posix.basename(path)}: ${one.trim().replace(/\..*/, "")}`)
      : [],
  );
}

// 17 and 18 read lines in bytes, which their pages argue for without all of the code.
const SHOWN = STEPS.filter(({ slug }) => Number(slug.slice(0, 2)) <= 16);

test.each(SHOWN.map(({ slug }, index) => [slug, index] as const))(
  "%s uses nothing that no page has shown",
  (slug, index) => {
    const pages = STEPS.slice(0, index + 1).map((step) => read(`docs/${step.slug}.md`));
    const shown = new Set(pages.flatMap(shownOn));
    const used = usedBy(read(`examples/${slug}/server.ts`));
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((one) => !shown.has(one))).toEqual([]);
  },
);

test("what is imported, and what is shown, is found", () => {
  const server = 'import { Lagged, type Receiver } from "../shared/broadcast.ts";\n';
  const page = '[recv](../examples/shared/broadcast.ts "code: Receiver.recv, Lagged")\n';
  expect(usedBy(server)).toEqual(["broadcast.ts: Lagged"]);
  expect(shownOn(page)).toEqual(["broadcast.ts: Receiver", "broadcast.ts: Lagged"]);
});
