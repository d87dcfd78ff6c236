// What the repository promises of itself: its rules, its tables, its lock file.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { filesOf, MACHINE_STEPS, ROOT, STEPS } from "../behaviours/steps.ts";
import { BEHAVIOURS } from "../behaviours/table.ts";
import { TABLES, withTables } from "../scripts/step-tables.ts";

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

/** Every file that git tracks, or would. */
const FILES = execFileSync(
  "git",
  ["ls-files", "--cached", "--others", "--exclude-standard"],
  { cwd: ROOT, encoding: "utf8" },
)
  .trim()
  .split("\n")
  .filter((file) => existsSync(join(ROOT, file)));

describe("the steps", () => {
  test("are eighteen, numbered without a gap", () => {
    expect(STEPS.map(({ number }) => number)).toEqual(
      Array.from({ length: 18 }, (_, index) => index + 1),
    );
  });

  test.each(STEPS)("$slug imports Node, what is shared, and no other step", (step) => {
    const source = read(`examples/${step.slug}/server.ts`);
    const imports = [...source.matchAll(/ from "([^"]+)"/g)].map(
      ([, from]) => from ?? "",
    );
    expect(imports.length).toBeGreaterThan(0);
    const npm = step.number === 18 ? ["pino", "pino-pretty"] : [];
    for (const from of imports) {
      const allowed =
        /^node:|^\.\.\/shared\/[a-z-]+\.ts$/.test(from) || npm.includes(from);
      expect(allowed, from).toBe(true);
    }
  });

  test("of the part beyond one machine fold alike", () => {
    for (const { slug } of MACHINE_STEPS) {
      expect(read(`examples/${slug}/fold.ts`)).toBe(read("examples/m1-log/fold.ts"));
    }
  });

  test.each(MACHINE_STEPS)("$slug imports no other example", (step) => {
    const broker = ["@nats-io/jetstream", "@nats-io/transport-node"];
    const npm = [...(step.number > 1 ? broker : []), "pino", "pino-pretty"];
    for (const file of filesOf(step).filter((name) => name.endsWith(".ts"))) {
      const source = read(`examples/${step.slug}/${file}`);
      for (const [, from = ""] of source.matchAll(/ from "([^"]+)"/g)) {
        const allowed =
          /^node:|^\.\.\/shared\/[a-z-]+\.ts$|^\.\/[a-z]+\.ts$/.test(from) ||
          npm.includes(from);
        expect(allowed, from).toBe(true);
      }
    }
  });

  test.each([...STEPS, ...MACHINE_STEPS])(
    "$slug says what it is, its page and its defect",
    ({ slug }) => {
      const [what, page, defect] = read(`examples/${slug}/server.ts`).split("\n");
      expect(what).toMatch(new RegExp(`^// ${slug}: .+\\.$`));
      expect(page).toBe(`// Page: docs/${slug}.md`);
      expect(defect).toMatch(
        slug === "18-final" || slug === "m2-many"
          ? /^\/\/ Known limit: /
          : /^\/\/ (Defect|Next): /,
      );
      expect(existsSync(join(ROOT, `docs/${slug}.md`))).toBe(true);
    },
  );

  test.each(STEPS)("$slug has a help text from 05 on", (step) => {
    expect(filesOf(step)).toEqual(
      step.number < 5 ? ["server.ts"] : ["server.ts", "help.txt"],
    );
  });

  test("keep no state in what they share", () => {
    for (const file of FILES.filter((name) => /^examples\/shared\/.*\.ts$/.test(name))) {
      expect(read(file)).not.toMatch(/^(export )?(let|var) /m);
    }
  });
});

describe("the behaviours", () => {
  test("have titles of their own", () => {
    const titles = BEHAVIOURS.map(({ title }) => title);
    expect(titles).toEqual([...new Set(titles)]);
  });

  test("begin before they end, and those with a defect do end", () => {
    for (const { title, from, to, defect } of BEHAVIOURS) {
      expect(from, title).toBeLessThanOrEqual(to);
      if (defect) expect(to, title).toBeLessThan(STEPS.length);
    }
  });
});

describe("the documents", () => {
  test.each(TABLES)("%s has the table of today", (file) => {
    const text = read(file);
    expect(withTables(text, file.includes("/") ? "../" : "")).toBe(text);
  });

  test("the map of scripts/ names what is in it, and nothing else", () => {
    const map = read("scripts/README.md").split("## Where it is")[1] ?? "";
    const named = [...map.matchAll(/^((?:[\w-]+[./][\w./-]*(?:, )?)+) /gm)].flatMap(
      ([, names = ""]) => names.split(", "),
    );
    const there = FILES.filter((file) => file.startsWith("scripts/")).flatMap((file) => {
      const [, first = "", second = ""] = file.split("/");
      if (!file.includes("/", 8)) return first === "README.md" ? [] : [first];
      return ["docs", "simulate"].includes(first) && file.split("/").length > 3
        ? [`${first}/`, `${first}/${second}/`]
        : [`${first}/`];
    });
    const known = new Set(there.filter((name) => !name.endsWith(".d.mts")));
    expect(named.sort()).toEqual([...known].sort());
  });

  test("link to files that are there", () => {
    const link = /\]\(([^)\s#]+)(?:#[^)\s]*)?(?: "[^"]*")?\)/g;
    for (const file of FILES.filter((name) => name.endsWith(".md"))) {
      const prose = read(file).replace(/^```.*?^```|`[^`\n]*`/gms, "");
      for (const [, target = ""] of prose.matchAll(link)) {
        if (/^https?:/.test(target)) continue;
        const there = existsSync(join(ROOT, dirname(file), target));
        expect(there, `${file}: ${target}`).toBe(true);
      }
    }
  });
});

test("just ok checks all that CI does, but for the slow tests", () => {
  const ours = /^(?:\w+=\S+ )?npx (?:-y rust-just (.+?)(?: --all)?|((?:biome|tsc).*))$/gm;
  const asked = [...read(".ci/run").matchAll(ours)].map(([, command, tool]) =>
    tool === undefined ? `node scripts/run.mjs ${command}` : `npx ${tool}`,
  );
  const checks = [...read("scripts/commands/ok.ts").matchAll(/command: "(.+)"/g)];
  expect(asked.sort()).toEqual(checks.map(([, command]) => command).sort());
});

test("no file names a path of the machine it was written on", () => {
  const root = ROOT.replace(/\/$/, "");
  // Any text may speak of the folder for temporary files, where a clone may stand.
  const around = [dirname(root), homedir()].filter((path) => path !== tmpdir());
  const paths = [root, ...around.map((path) => `${path.replace(/\/$/, "")}/`)];
  const telling = paths.filter((path) => path !== "/");
  for (const file of FILES) {
    const text = read(file);
    for (const path of telling) expect(text.includes(path), file).toBe(false);
  }
});

describe("the lock file", () => {
  interface Package {
    version: string;
    resolved?: string;
    optionalDependencies?: Record<string, string>;
  }
  const packages: Record<string, Package> = JSON.parse(
    read("package-lock.json"),
  ).packages;

  test("is whole for every platform", () => {
    for (const [place, { optionalDependencies = {} }] of Object.entries(packages)) {
      for (const name of Object.keys(optionalDependencies)) {
        expect(isLocked(place, name), `${name}, wanted by ${place}`).toBe(true);
      }
    }
  });

  test("names no registry", () => {
    for (const { resolved } of Object.values(packages)) expect(resolved).toBeUndefined();
  });

  /** As Node looks for a package: in this folder's node_modules, then further out. */
  function isLocked(place: string, name: string): boolean {
    for (
      let folder = place;
      ;
      folder = folder.slice(0, folder.lastIndexOf("/node_modules/"))
    ) {
      if (packages[`${folder ? `${folder}/` : ""}node_modules/${name}`]) return true;
      if (!folder.includes("/node_modules/"))
        return packages[`node_modules/${name}`] !== undefined;
    }
  }
});

test("no module of the tests sets hooks when it loads: files of tests share their modules", () => {
  const modules = FILES.filter((file) => /^test\/.*(?<!\.test)\.ts$/.test(file));
  expect(modules).toContain("test/run.ts");
  const setting = modules.filter((file) =>
    /^(before|after)(Each|All)\(/m.test(read(file)),
  );
  // It is no module: it runs before each file.
  expect(setting).toEqual(["test/afterwards.ts"]);
  // For the same reason no test replaces a module: another file may have loaded it before.
  const replacing = FILES.filter(
    (file) => /^test\/.*\.ts$/.test(file) && /\bvi\.(do)?[Mm]ock\(/.test(read(file)),
  );
  expect(replacing).toEqual([]);
});
