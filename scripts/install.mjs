// Installs the packages that a command needs, and no others: which they are stands in the
// imports of its source. Plain JavaScript, because it runs before anything is installed.
//
// They are installed in a folder beside node_modules, with the versions of the lock file, and
// each is then moved into place as a whole. So what is in node_modules is never half of
// something: an install that was interrupted has done nothing, and two at once do no harm.
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const MODULES = join(ROOT, "node_modules");
/** An import statement that is not only of types, `import()`, or a require of our own. */
const IMPORT =
  /^(?:im|ex)port\s+(?!type\b)(?:[^"';]*?\bfrom\s+)?"([^"]+)"|(?:\bimport|\bcreateRequire\(import\.meta\.url\))\("([^"]+)"\)/gm;

/** Whether this Node runs TypeScript as it stands: from 22.18 on. */
export const STRIPS_TYPES = Boolean(process.features.typescript);

/** The arguments of Node that run TypeScript: none, or those that load tsx. */
export function typeScriptFlags() {
  return STRIPS_TYPES ? [] : ["--import", import.meta.resolve("tsx")];
}

/**
 * The packages that a program imports, itself or by its own files.
 *
 * @param {string} file Where it is.
 * @returns {string[]} Their names; tsx is one of them where Node cannot run the files.
 */
export function packagesOf(file) {
  const names = new Set(STRIPS_TYPES ? [] : ["tsx"]);
  // A set that grows while it is gone through: the files that a file imports come after it.
  const files = new Set([file]);
  for (const path of files) {
    for (const [, from, called] of readFileSync(path, "utf8").matchAll(IMPORT)) {
      const name = from ?? called;
      if (name.startsWith(".")) {
        const imported = resolve(dirname(path), name);
        if (/\.(ts|mjs)$/.test(imported) && existsSync(imported)) files.add(imported);
      } else if (!name.startsWith("node:")) {
        names.add(/^(?:@[^/]+\/)?[^/]+/.exec(name)[0]);
      }
    }
  }
  return [...names];
}

/**
 * Installs packages, unless they are there.
 *
 * @param {string[]} [names] Which; all of the lock file when it is left out.
 * @throws {Error} When they cannot be installed, with a line that says what to do.
 */
export async function install(names) {
  const lock = readJson("package-lock.json");
  const wanted = names === undefined ? lock : partOf(lock, names);
  if (isThere(wanted)) return;
  const what = names?.join(", ") ?? "all packages";
  const folder = join(ROOT, `.installing-${process.pid}`);
  // A signal ends npm too; what it has done so far is of no use.
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.on("exit", remove);
  const interrupted = () => process.exit(130);
  process.on("SIGINT", interrupted);
  try {
    removeLeftOvers();
    mkdirSync(folder);
    const manifest = names === undefined ? readJson("package.json") : wanted.packages[""];
    writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
    writeFileSync(join(folder, "package-lock.json"), JSON.stringify(wanted));
    await npmInstall(folder, what);
    moveAll(join(folder, "node_modules"), names ?? []);
  } catch (error) {
    throw new Error(`Cannot install ${what}: ${whatToDo(error)}`);
  } finally {
    remove();
    process.off("exit", remove).off("SIGINT", interrupted);
  }
}

/** The part of a lock file that some packages need, as a lock file. */
function partOf({ packages, ...lock }, names) {
  const { dependencies, devDependencies } = packages[""];
  const versions = { ...dependencies, ...devDependencies };
  const own = Object.fromEntries(names.map((name) => [name, versions[name]]));
  const part = { "": { name: lock.name, dependencies: own } };
  const add = (name, from) => {
    const path = placeOf(name, from, packages);
    if (path === undefined || part[path]) return;
    const { dev, devOptional, ...entry } = packages[path];
    part[path] = entry;
    const needed = { ...entry.dependencies, ...entry.optionalDependencies };
    const peers = Object.keys(entry.peerDependencies ?? {});
    for (const other of [...Object.keys(needed), ...peers]) add(other, path);
  };
  for (const name of names) add(name, "");
  return { ...lock, packages: part };
}

/** Where a package finds another: in a node_modules of its own, or further out. */
function placeOf(name, from, packages) {
  for (
    let folder = from;
    ;
    folder = folder.slice(0, folder.lastIndexOf("node_modules/"))
  ) {
    const base = folder.replace(/\/$/, "");
    const path = `${base}${base ? "/" : ""}node_modules/${name}`;
    if (packages[path]) return path;
    if (base === "") return undefined;
  }
}

/** Optional ones are those of other systems, or come with the package that wants them. */
function isThere({ packages }) {
  return Object.entries(packages).every(
    ([path, { version, optional }]) =>
      path === "" || optional || versionOf(join(ROOT, path)) === version,
  );
}

function versionOf(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;
  } catch {
    return undefined;
  }
}

/** Those of processes that are no more. */
function removeLeftOvers() {
  for (const name of readdirSync(ROOT)) {
    const pid = /^\.installing-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) {
      rmSync(join(ROOT, name), { recursive: true, force: true });
    }
  }
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code !== "ESRCH";
  }
}

async function npmInstall(folder, what) {
  const began = performance.now();
  const seconds = () => ((performance.now() - began) / 1000).toFixed(0);
  const { isTTY } = process.stderr;
  const show = () => process.stderr.write(`\rInstalling ${what}, once: ${seconds()} s `);
  if (isTTY) show();
  else process.stderr.write(`Installing ${what}, once …\n`);
  const timer = setInterval(() => isTTY && show(), 1000);
  const options = "--no-fund --no-audit --include=dev --include=optional";
  // Without a network it is better to say so at once than to try for minutes.
  const retries = "--fetch-retries=1 --fetch-retry-mintimeout=1000";
  // On Windows npm is a .cmd file, which only a shell can start.
  const npm = spawn(`npm ci ${options} ${retries} --loglevel=error`, {
    cwd: folder,
    shell: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  npm.stderr.setEncoding("utf8").on("data", (text) => {
    said += text;
  });
  const code = await new Promise((resolve) => npm.on("close", resolve));
  clearInterval(timer);
  if (isTTY) process.stderr.write("\n");
  if (code === 0) return;
  throw Object.assign(new Error(said.trim()), {
    code: /\bcode (E[A-Z_]+)/.exec(said)?.[1],
    npm: code,
  });
}

/** Puts packages where they belong: what others need before them, those asked for last. */
function moveAll(from, names) {
  const last = (name) => Number(names.includes(name));
  const items = readdirSync(from).flatMap((name) =>
    /^@|^\.bin$/.test(name)
      ? readdirSync(join(from, name)).map((inner) => `${name}/${inner}`)
      : name.startsWith(".")
        ? []
        : [name],
  );
  // A package of a scope may be the binary that a package without one wants.
  items.sort((a, b) => last(a) - last(b) || Number(b[0] === "@") - Number(a[0] === "@"));
  for (const item of items) {
    const [source, target] = [join(from, item), join(MODULES, item)];
    const version = versionOf(source);
    const nested = [source, target].some((path) =>
      existsSync(join(path, "node_modules")),
    );
    if (version !== undefined && version === versionOf(target) && !nested) continue;
    mkdirSync(dirname(target), { recursive: true });
    try {
      if (existsSync(target)) renameSync(target, `${source}.old`);
      renameSync(source, target);
    } catch (error) {
      // Another command has put its own there meanwhile.
      if (version === undefined || versionOf(target) !== version) throw error;
    }
  }
}

/** @returns {string} What is wrong, in a line, and what the person can do. */
function whatToDo({ code, npm, message }) {
  const again = "then type the same command again";
  if (/^(ENOTFOUND|EAI_AGAIN|ECONN|ENET|EHOST|ETIMEDOUT|ERR_SOCKET)/.test(code ?? "")) {
    return `npm's registry cannot be reached (${code}); connect to the network, ${again}`;
  }
  if (code === "ENOSPC") return `the disk is full; make room, ${again}`;
  if (npm === undefined && /^(EACCES|EPERM|EROFS)$/.test(code ?? "")) {
    return `${ROOT} cannot be written to (${code}); clone the repository to a folder of your own`;
  }
  if (npm === 127) return "there is no npm; it comes with Node, https://nodejs.org";
  return npm === undefined ? message : `npm ci failed\n${message}`;
}

function readJson(name) {
  return JSON.parse(readFileSync(join(ROOT, name), "utf8"));
}
