// A disk of a few hundred kilobytes for a broker: a tmpfs that nobody else sees, in a mount
// namespace of its own (mount_namespaces(7)). It needs root, or user namespaces.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { Broker } from "../../scripts/machines/broker.ts";
import { ALL } from "../requirements.ts";

const isRoot = process.getuid?.() === 0;
/** The options of unshare(1) for a mount namespace in which we may mount. */
export const UNSHARE = isRoot ? ["-m"] : ["-rm"];
const NSENTER = isRoot ? ["-m"] : ["-U", "--preserve-credentials", "-m"];

/** What such a disk is made with; undefined where the system does not let us. */
export function findMounts(): string | undefined {
  const mount = [...UNSHARE, "mount", "-t", "tmpfs", "none", tmpdir()];
  return ALL && spawnSync("unshare", mount).status === 0 ? "unshare" : undefined;
}

/** A broker that runs, with its store on such a disk; it is removed with the test. */
export async function startOnSmallDisk(nats: string, size: string) {
  const folder = mkdtempSync(join(tmpdir(), "small-disk-"));
  const disk = join(folder, "disk");
  mkdirSync(disk);
  const mount = `mount -t tmpfs -o size=${size} none "${disk}" && echo mounted && exec cat`;
  // It keeps the namespace, and with it the disk, while brokers come and go.
  const holder = spawn("unshare", [...UNSHARE, "sh", "-c", mount]);
  const enter = ["-t", `${holder.pid}`, ...NSENTER];
  // What Broker starts is one program.
  const program = join(folder, "nats-server");
  writeFileSync(program, `#!/bin/sh\nexec nsenter ${enter.join(" ")} ${nats} "$@"\n`);
  chmodSync(program, 0o755);
  const config = `jetstream { store_dir: "${disk}", max_file_store: 1GB }`;
  const broker = new Broker(program, { config });
  onTestFinished(async () => {
    await broker.remove();
    holder.stdin.end();
    await once(holder, "close");
    rmSync(folder, { recursive: true });
  });
  await once(holder.stdout, "data");
  await broker.start();
  const grow = (to: string) => {
    const { status } = spawnSync("nsenter", [
      ...enter,
      ...["mount", "-o", `remount,size=${to}`, disk],
    ]);
    if (status !== 0) throw new Error("The disk does not grow.");
  };
  return { broker, grow };
}
