// Nothing hidden: what a step uses of ours is shown on its page, on an earlier one, or in an aside
// that one of these leads to.
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { expect, test } from "vitest";
import { ROOT, STEPS } from "../../behaviours/steps.ts";

const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

const IMPORT = /^import \{([^}]*)\} from "\.\.\/shared\/([^"]+)";$/gm;
const DIRECTIVE = /^\[[^\]]*\]\((?:\.\.\/)+([^ ]+) "code(?: plain)?: ([^"]*)"\)$/gm;

/** The functions and classes that a server takes from examples/shared: `socket.ts: read`. */
function usedBy(server: string): string[] {
  return [...server.matchAll(IMPORT)].flatMap(([, names = "", file]) =>
    names
      .split(",")
      .map((name) => name.trim())
      // A constant has no code to show.
      .filter((name) => name !== "" && !/^type |^[A-Z_]+$/.test(name))
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

/** The asides that a page leads to: `asides/armour.md`. */
function asidesOf(page: string): string[] {
  return [...page.matchAll(/\]\((asides\/[\w-]+\.md)[#)]/g)].map(([, file = ""]) => file);
}

test.each(STEPS.map(({ slug }, index) => [slug, index] as const))(
  "%s uses nothing that no page has shown",
  (slug, index) => {
    const pages = STEPS.slice(0, index + 1).map((step) => read(`docs/${step.slug}.md`));
    const asides = new Set(pages.flatMap(asidesOf));
    const texts = [...pages, ...[...asides].map((file) => read(`docs/${file}`))];
    const shown = new Set(texts.flatMap(shownOn));
    const used = usedBy(read(`examples/${slug}/server.ts`));
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((one) => !shown.has(one))).toEqual([]);
  },
);

test("what is imported, and what is shown, is found", () => {
  const server = 'import { Lagged, type Receiver } from "../shared/broadcast.ts";\n';
  const page =
    '[recv](../examples/shared/broadcast.ts "code: Receiver.recv, Lagged")\n' +
    "see [names](asides/birthday.md#draws) and [it](17-performance.md)\n";
  expect(usedBy(server)).toEqual(["broadcast.ts: Lagged"]);
  expect(asidesOf(page)).toEqual(["asides/birthday.md"]);
  expect(shownOn(page)).toEqual(["broadcast.ts: Receiver", "broadcast.ts: Lagged"]);
});
