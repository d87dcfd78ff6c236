// The bench as a command: it measures servers, and reports their faults.
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { availablePollers } from "../../examples/shared/poll/readiness/pollers.ts";
import { commandNamed, needs } from "../requirements.ts";
import { runCommand } from "../run.ts";

describe.concurrent("just bench", () => {
  test("measures servers in turns, and writes the results", async () => {
    const out = mkdtempSync(join(tmpdir(), "bench-"));
    const loads = "fan4-s2-w2,fan4-s2-w4-own,rooms2x2-r50,storm20,idle20,churn2";
    const args = ["--load", loads, "--rounds", "1", "--for", "0.2", "--out", out];
    const { code, stdout, stderr } = await runCommand(["bench", "naive", "17", ...args]);
    expect(stderr).not.toMatch(/^\s+at /m);
    const { summaries } = JSON.parse(readFileSync(join(out, "bench.json"), "utf8"));
    expect(summaries).toHaveLength(6);
    for (const { load, rows } of summaries) {
      expect(rows, stdout).toHaveLength(2);
      for (const row of rows) {
        expect(row.errors, `${load} ${row.subject}`).toEqual([]);
        expect(row.unreported + row.doubled).toBe(0);
      }
    }
    expect(readFileSync(join(out, "bench.svg"), "utf8")).toMatch(/^<svg .*<\/svg>\n$/s);
    expect(stdout).toContain("medians of 1, 0.2 s each");
    expect(code).toBe(0);
    rmSync(out, { recursive: true });
    // Twelve servers one after another, each loaded for most of a second.
  }, 120_000);

  test("measures a room with members that never read, and reports their disconnection", async () => {
    const args = ["--load", "fan20-s2-w1-d5", "--rounds", "1", "--for", "0.2"];
    const { stdout } = await runCommand(["bench", "18", "17", ...args]);
    expect(stdout).toMatch(/^18-final +1\.00 +[1-9]/m);
    expect(stdout).toMatch(/^17-performance: it disconnects clients that do not read$/m);
  }, 120_000);

  test("measures HTTP servers, in the order of the group", async () => {
    const compiler =
      process.platform === "linux" ? commandNamed(process.env.CC ?? "cc") : undefined;
    needs(compiler, "the bench of the hello in C", "C compiler, or no Linux");
    // On a busy machine, a shorter round may end before the first tick of CPU time.
    const args = ["--load", "get4,get4-p3,visit4", "--rounds", "1", "--for", "0.8"];
    const { code, stdout, stderr } = await runCommand(["bench", "http", ...args]);
    expect(code, stderr).toBe(0);
    for (const name of ["node-http", "hello", ...(compiler ? ["c-epoll"] : [])]) {
      const row = new RegExp(`^${name} +\\d+\\.\\d\\d +[\\d,]+ `, "gm");
      expect(stdout.match(row), stdout).toHaveLength(3);
    }
    if (!compiler) expect(stderr).toContain("NOT MEASURED: c-epoll");
  });

  test("reports what is wrong with an HTTP server", async () => {
    const wrong = createServer((socket) => {
      socket
        .on("error", () => {})
        .on("data", () => {
          // The first answer is correct; later ones are a letter longer.
          const body = asked === 0 ? "hello" : "hello!";
          asked += 1;
          socket.write(
            `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
          );
        });
    });
    let asked = 0;
    wrong.listen(0, "127.0.0.1");
    await once(wrong, "listening");
    const { port } = wrong.address() as AddressInfo;
    const address = ["--addr", `127.0.0.1:${port}`, "--pid", `${process.pid}`];
    const { code, stdout } = await runCommand([
      "bench",
      ...address,
      "--load=get1",
      "--rounds=1",
    ]);
    expect(stdout).toContain("a response is not like the first");
    expect(stdout).toContain("requests per CPU-second");
    expect(code).toBe(1);
    wrong.close();
  });

  test("reports that a running server ended its connections", async () => {
    const rude = createServer((socket) => {
      // The bench may reset its connections too.
      socket.on("error", () => {}).end("You are nobody\n");
    });
    rude.listen(0, "127.0.0.1");
    await once(rude, "listening");
    const { port } = rude.address() as AddressInfo;
    const args = ["--addr", `127.0.0.1:${port}`, "--pid", `${process.pid}`];
    const { code, stdout } = await runCommand([
      "bench",
      ...args,
      "--load=fan2-s1-w1",
      "--rounds=1",
    ]);
    expect(stdout).toContain("the server ended a connection");
    expect(code).toBe(1);
    rude.close();
  });

  test.each([
    [["3"], /it has no names yet/],
    [["--load", "fast"], /there is no such load/],
    [["--rounds", "0"], /Cannot use rounds/],
    [["--for", "x"], /Cannot use seconds/],
    [["17", "--load", "get64"], /none of these servers understands it/],
    [["r3", "--load", "get64"], /none of these servers understands it/],
    [["node-http", "--load", "storm5"], /none of these servers understands it/],
    [["--load", "get0"], /0 is not from 1/],
    [["--addr", "127.0.0.1:1"], /without both --addr and --pid/],
    [["README.md"], /^Cannot measure README\.md: it must be TypeScript or JavaScript/],
  ])("refuses %j", async (args, message) => {
    const { code, stderr } = await runCommand(["bench", ...args]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(2);
  });
});

test("just bench refuses, before it measures, what is not there", async () => {
  const nobody = ["--addr", "127.0.0.1:1", "--pid", `${process.pid}`];
  const gone = await runCommand(["bench", ...nobody]);
  expect(gone.stderr).toMatch(/^Cannot connect to 127\.0\.0\.1:1: nothing listens/);
  const folder = await runCommand(["bench", "naive", "--out", "package.json/x"]);
  expect(folder.stderr).toMatch(/^Cannot write to package\.json\/x: \w+\. Name a folder/);
  expect([gone.code, folder.code]).toEqual([1, 1]);
});

test("just bench starts a server that cannot start only once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const file = join(folder, "ends.mjs");
  writeFileSync(file, "process.exit(3);");
  const args = ["bench", file, "--load", "storm5,idle5", "--for", "0.2"];
  const { code, stdout } = await runCommand(args);
  rmSync(folder, { recursive: true });
  expect(stdout.match(/Cannot start ends\.mjs: it ended with 3/g)).toHaveLength(1);
  expect(code).toBe(1);
});

test("just bench wake reports the share of wakes that found a sleeper", async () => {
  const { code, stdout } = await runCommand(["bench", "wake", "--rounds", "1"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/asleep/);
  for (const { name } of availablePollers())
    expect(stdout).toMatch(new RegExp(`^${name} .*%`, "m"));
});

test("just bench threads compares three ways of sending", async () => {
  const { code, stdout } = await runCommand(["bench", "threads", "--rounds", "1"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^wake if asleep +\d+ +[\d.]+$/m);
  expect(stdout).toMatch(/^wake always +\d+ +[\d.]+$/m);
  expect(stdout).toMatch(/^postMessage +\d+$/m);
});
