// The JavaScript sources of Node's own library. They come out of Node 20.20.2; none of them
// are kept in this repository.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../../behaviours/steps.ts";
import { Failure } from "../../cli.ts";

/** The machine's stubs fit this version, and maybe no other. */
export const VERSION = "20.20.2";
const CACHE = join(ROOT, "node_modules/.cache/simulate");
/** Prints the sources. `process.binding` is deprecated, but its output does not change. */
const PRINT = "process.stdout.write(JSON.stringify(process.binding('natives')))";

/** The files of Node's library, by name: `net`, `internal/errors`. */
type Natives = Readonly<Record<string, string>>;

/**
 * The sources of Node's library: from the running Node if it has that version, otherwise
 * from npm's package `node`, which is fetched once.
 *
 * @throws {Failure} When they are needed from npm, and npm cannot fetch them.
 */
export function readNatives(): Natives {
  if (process.versions.node === VERSION) {
    const { binding } = process as unknown as { binding: (name: string) => Natives };
    return { ...binding("natives") };
  }
  const file = join(CACHE, `natives-${VERSION}.json`);
  if (!existsSync(file)) {
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(file, printNatives(fetchNode()));
  }
  return JSON.parse(readFileSync(file, "utf8")) as Natives;
}

/** The path of npm's Node, installed first if necessary. */
function fetchNode(): string {
  const folder = join(CACHE, "node");
  const program = process.platform === "win32" ? "node.exe" : "node";
  const node = join(folder, "node_modules/node/bin", program);
  if (existsSync(node)) return node;
  console.error(
    `Fetching Node ${VERSION} from npm, once: its library runs in the machine`,
  );
  const options = `--prefix "${folder}" --no-save --no-audit --no-fund --silent`;
  spawnSync(`npm install ${options} node@${VERSION}`, { shell: true });
  if (existsSync(node)) return node;
  throw new Failure(
    `Cannot get the library of Node ${VERSION}: npm did not bring it\n` +
      `Connect to the network once, or run this with Node ${VERSION}`,
  );
}

function printNatives(node: string): string {
  const { stdout, status } = spawnSync(node, ["-e", PRINT], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Failure(`Cannot read the library of ${node}`);
  return stdout;
}
