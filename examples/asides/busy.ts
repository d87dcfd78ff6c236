// What a server of the reactor part does while its only client is silent: in how many of
// 100 samples it wants the processor, and in how many it sleeps.
// Run it: just example busy (Linux)
// Page: docs/r2-nonblocking.md
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { startStep } from "./parts/start-step.ts";

const LOOKS = 100;
const SERVERS = ["r1-blocking", "r2-nonblocking", "r3-epoll"];

console.log("one client, which says nothing");
for (const name of SERVERS) {
  const server = await startStep(name);
  const client = connect({ port: server.port, host: "127.0.0.1" });
  await once(client, "connect");
  await sleep(500); // until its compilers have finished
  const before = processorTime(server.pid);
  const begun = performance.now();
  let working = 0;
  for (let look = 0; look < LOOKS; look += 1) {
    if (stateOf(server.pid) === "R") working += 1;
    await sleep(5);
  }
  const share = (processorTime(server.pid) - before) / (performance.now() - begun);
  console.log(`  ${name.padEnd(15)} ${wordFor(working)}`);
  if (process.argv.includes("--exact")) {
    console.log(`    ${Math.round(share * 100)} % of a core`);
  }
  client.destroy();
  await server.stop();
}

function wordFor(working: number): string {
  if (working >= 0.8 * LOOKS) return "works all the time";
  return working <= 0.1 * LOOKS ? "sleeps" : "works now and then";
}

// #region state
/** R: running, or ready to run. S: sleeping. See proc(5). */
function stateOf(pid: number): string | undefined {
  return fieldsOf(pid)[0];
}

/** The processor time that it has used, in milliseconds: user time plus kernel time. */
function processorTime(pid: number): number {
  const fields = fieldsOf(pid);
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function fieldsOf(pid: number): string[] {
  const [, fields = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
  return fields.split(" ");
}
// #endregion state
