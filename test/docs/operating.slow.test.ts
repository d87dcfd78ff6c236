// The page for operators: its unit and its TLS are tried as they stand there.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { expect, inject, onTestFinished, test } from "vitest";
import { startServer } from "../../behaviours/server.ts";
import { ROOT } from "../../behaviours/steps.ts";
import { commandNamed, needs } from "../requirements.ts";

const page = readFileSync(join(ROOT, "docs/operating.md"), "utf8");

/** The listing of the page that begins like this. */
function listing(begin: string): string {
  const fences = [...page.matchAll(/^```text\n([\s\S]*?)^```$/gm)].map(
    ([, text = ""]) => text,
  );
  const found = fences.filter((text) => text.startsWith(begin));
  expect(found).toHaveLength(1);
  return found[0] ?? "";
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "operating-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

const systemd = commandNamed("systemd-analyze");
const hasSystemd = needs(systemd, "the unit of the operator's page", "systemd-analyze");
const stunnel = commandNamed("stunnel", "-version");
const hasStunnel = needs(stunnel, "TLS in front of step 18", "stunnel");
const openssl = commandNamed("openssl", "version");
const hasOpenssl = needs(openssl, "TLS in front of step 18", "openssl");

test.runIf(hasSystemd)(
  "the unit is one that systemd understands, and that shuts it in",
  () => {
    const file = join(folder(), "chat.service");
    // verify looks whether the program is there.
    writeFileSync(file, listing("[Unit]").replace("/usr/bin/node", process.execPath));
    const verify = spawnSync(`${systemd}`, ["verify", file], { encoding: "utf8" });
    expect(verify.stderr).not.toContain("chat.service");
    const args = ["security", "--offline=true", file];
    const security = spawnSync(`${systemd}`, args, { encoding: "utf8" });
    const [, exposure] =
      /exposure level for chat.service: ([\d.]+)/.exec(security.stdout) ?? [];
    expect(page).toContain(`an exposure of ${exposure}`);
  },
);

test.runIf(hasStunnel && hasOpenssl)(
  "stunnel encrypts what the server says",
  async () => {
    const path = folder();
    const [key, cert] = [join(path, "key.pem"), join(path, "cert.pem")];
    const args = [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-subj",
      "/CN=localhost",
    ];
    spawnSync(`${openssl}`, [...args, "-keyout", key, "-out", cert]);
    const pem = join(path, "chat.pem");
    writeFileSync(pem, readFileSync(key, "utf8") + readFileSync(cert, "utf8"), {
      mode: 0o600,
    });
    const program = join(inject("built"), "18-final/server.js");
    const server = await startServer({ command: [process.execPath, program] });
    onTestFinished(() => server.process.kill("SIGKILL"));
    const port = await freePort();
    const config = listing("; /etc/stunnel/chat.conf")
      .replace("accept = 4712", `accept = 127.0.0.1:${port}`)
      .replace("127.0.0.1:4711", `127.0.0.1:${server.port}`)
      .replace("/etc/stunnel/chat.pem", pem);
    const file = join(path, "chat.conf");
    writeFileSync(file, config);
    const child = spawn(`${stunnel}`, [file], { stdio: ["ignore", "ignore", "pipe"] });
    onTestFinished(() => {
      child.kill("SIGKILL");
    });
    let log = "";
    for await (const text of child.stderr as AsyncIterable<Buffer>) {
      log += text;
      if (log.includes("Configuration successful")) break;
    }
    expect(log).toContain("Configuration successful");
    const ca = readFileSync(cert);
    const client = connect({ port, host: "127.0.0.1", servername: "localhost", ca });
    let text = "";
    const sees = async (words: string) => {
      while (!text.includes(words)) text += (await once(client, "data"))[0];
    };
    await sees("You joined main");
    const [, name] = /^You are (\S+)$/m.exec(text) ?? [];
    client.write("hello over TLS\n");
    await sees(`${name}: hello over TLS`);
    server.process.kill("SIGTERM");
    await sees("Server is shutting down, goodbye!");
    client.destroy();
  },
);

/** A port that was free just now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
