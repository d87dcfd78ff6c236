// Installs only the packages that a command needs, which it finds in the imports of the source.
// Plain JavaScript, because it runs before anything is installed.
//
// Packages are installed in a temporary folder, with the versions in the lock file, and each is
// then renamed into node_modules. So node_modules never has a partial package: an interrupted
// install has no effect, and two concurrent ones do no harm.
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
/** An import statement for more than types, an `import()`, or a require made by `createRequire`. */
const IMPORT =
  /^(?:im|ex)port\s+(?!type\b)(?:[^"';]*?\bfrom\s+)?"([^"]+)"|(?:\bimport|\bcreateRequire\(import\.meta\.url\))\("([^"]+)"\)/gm;

/** Whether this Node runs TypeScript directly: from 22.18 on. */
export const STRIPS_TYPES = Boolean(process.features.typescript);

/** The arguments with which Node runs TypeScript: none, or those that load tsx. */
export function typeScriptFlags() {
  return STRIPS_TYPES ? [] : ["--import", import.meta.resolve("tsx")];
}

/**
 * The packages that a program imports, directly or through the repository's files.
 *
 * @param {string} file The path of the program.
 * @returns {string[]} Their names, including tsx if this Node cannot run TypeScript.
 */
export function packagesOf(file) {
  const names = new Set(STRIPS_TYPES ? [] : ["tsx"]);
  // The set grows while we iterate over it: a file's imports are added after it.
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
 * Installs packages, unless they are already installed.
 *
 * @param {string[]} [names] Their names; by default, all packages in the lock file.
 * @throws {Error} When they cannot be installed; the message says what to do.
 */
export async function install(names) {
  const lock = readJson("package-lock.json");
  const wanted = names === undefined ? lock : partOf(lock, names);
  if (isThere(wanted)) return;
  const what = names?.join(", ") ?? "all packages";
  const folder = join(ROOT, `.installing-${process.pid}`);
  // A signal ends npm too. Its partial work is useless.
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

/** A lock file with only the entries that some packages need. */
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

/** Where a package finds another: in its own node_modules, or further up. */
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

/** Optional packages may be missing: they are for other systems, or come with their dependants. */
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

/** Removes the temporary folders of processes that no longer exist. */
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
  // Without a network, failing soon is better than retrying for minutes.
  const retries = "--fetch-retries=1 --fetch-retry-mintimeout=1000";
  // On Windows, npm is a .cmd file, which only a shell can start.
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

/** Moves packages into node_modules: dependencies first, requested packages last. */
function moveAll(from, names) {
  const last = (name) => Number(names.includes(name));
  const items = readdirSync(from).flatMap((name) =>
    /^@|^\.bin$/.test(name)
      ? readdirSync(join(from, name)).map((inner) => `${name}/${inner}`)
      : name.startsWith(".")
        ? []
        : [name],
  );
  // A scoped package may be the binary that an unscoped one needs.
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
      // Another command may have installed it in the meantime.
      if (version === undefined || versionOf(target) !== version) throw error;
    }
  }
}

/** @returns {string} What is wrong, in one line, and what the user can do. */
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
