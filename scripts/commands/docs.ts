// just docs: builds the site, and serves it while you write pages.
// Modules are loaded on demand, because loading all of them takes seconds, which --help should
// not.
import { join, relative } from "node:path";
import { ROOT } from "../../behaviours/steps.ts";
import { Failure, misuse, NotFound, parsePort, readOptions, run } from "../cli.ts";
import { folderForSite, writeSite } from "../docs/site/folder.ts";
import { whileShowing } from "../progress.ts";

const USAGE = `
just docs [build | check | update [PAGE …]] [options]

Builds the site and serves it; what you change is rebuilt, and shown immediately. A PAGE is a
file, docs/08-chat.md, or a part of its name, such as 08; without one, update takes all.

  just docs            serves it at http://127.0.0.1:4200/
  just docs build      writes it to site/
  just docs check      checks links, weights, accessibility, sessions, outputs
  just docs update 08  replays sessions, runs outputs, records diagrams, and
                       updates the pages

  -p, --port PORT  the port to serve on (4200), 0 for any free one
  -o, --out DIR    the folder to write to (site); its contents are replaced
  -h, --help       prints this
`;

await run(async () => {
  const { values, positionals } = readOptions(USAGE, {
    options: {
      port: { type: "string", short: "p" },
      out: { type: "string", short: "o" },
    },
  });
  const [command = "serve", ...rest] = positionals;
  const { port, out } = values;
  refuse("--port", command, port !== undefined && command !== "serve");
  refuse("--out", command, out !== undefined && command !== "build");
  if (rest.length > 0 && ["build", "check"].includes(command)) {
    throw misuse(`Cannot ${command} "${rest[0]}" alone: only update takes pages`, USAGE);
  }
  switch (command) {
    case "serve": {
      const number = parsePort(port ?? "4200");
      await (await import("../docs/site/watch.ts")).watchAndServe(number);
      return 0;
    }
    case "build":
      await build(folderForSite(out ?? join(ROOT, "site")));
      return 0;
    case "check":
      return (await import("../docs/site/check.ts")).checkSite();
    case "update":
      await update(rest);
      return 0;
    default:
      throw new NotFound(
        `Cannot do "${command}" with the docs: there are build, check and update`,
        command,
        ["build", "check", "update"],
        "just docs --help",
      );
  }
});

function refuse(option: string, command: string, isWrong: boolean): void {
  if (isWrong) throw misuse(`Cannot use ${option} with ${command}`, USAGE);
}

async function build(folder: string): Promise<void> {
  const began = performance.now();
  const { buildSite, optionsFromEnvironment } = await import("../docs/site/build.ts");
  const files = await whileShowing("building the site", () =>
    buildSite(optionsFromEnvironment()),
  );
  writeSite(files, folder);
  const pages = [...files.keys()].filter((path) => path.endsWith(".html")).length;
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(
    `${pages} pages in ${relative(process.cwd(), folder) || "."}, ${seconds} s`,
  );
}

async function update(names: readonly string[]): Promise<void> {
  const { pageFiles } = await import("../docs/render.ts");
  const files = pageFiles();
  const pages = names.length === 0 ? files : names.flatMap((name) => named(name, files));
  const { updateSessions } = await import("../docs/session/update.ts");
  const { updateTraces } = await import("../docs/trace/store.ts");
  process.chdir(ROOT);
  const problems: string[] = [];
  // Sessions first, because a diagram is drawn from the updated session.
  for (const step of [updateSessions, updateTraces]) {
    try {
      await step(pages);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      problems.push(error.message);
    }
  }
  if (problems.length > 0) throw new Failure(problems.join("\n"));
}

/** The pages with this name, or with this part in their path. */
function named(name: string, pages: readonly string[]): string[] {
  const wanted = name.replace(/^\.\//, "");
  const found = pages.filter((page) => page === wanted);
  const like = found.length > 0 ? found : pages.filter((p) => p.includes(wanted));
  if (like.length > 0) return like;
  const names = pages.map((page) => page.replace(/^.*\/|\.md$/g, ""));
  const problem = `Cannot find the page "${name}": it is no file of docs/`;
  throw new NotFound(problem, wanted, names, "docs/index.md");
}
