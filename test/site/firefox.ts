// Firefox without a window, driven by Marionette, which is built into it.
// https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { vi } from "vitest";

const PLACES = ["/usr/bin/firefox-esr", "/usr/bin/firefox"];
/** How long a page may take to load, in milliseconds, on a busy machine. */
const PATIENCE = 60_000;
/** Any free port; and all other hosts are behind a proxy that is not there. */
const SETTINGS = `
user_pref("marionette.port", 0);
user_pref("network.proxy.type", 1);
user_pref("network.proxy.http", "127.0.0.1");
user_pref("network.proxy.http_port", 9);
user_pref("network.proxy.ssl", "127.0.0.1");
user_pref("network.proxy.ssl_port", 9);
user_pref("network.proxy.no_proxies_on", "127.0.0.1");
`;

/** Where a Firefox is; FIREFOX in the environment names another place. */
export function findFirefox(): string | undefined {
  return [process.env["FIREFOX"], ...PLACES].find((path) => path && existsSync(path));
}

export interface Firefox {
  /** Loads a page. */
  goTo(url: string): Promise<unknown>;
  /** The value of an expression in the page. */
  evaluate(expression: string): Promise<unknown>;
  close(): Promise<void>;
}

/** @param path Where it is, as `findFirefox` says. */
export async function startFirefox(path: string): Promise<Firefox> {
  const folder = mkdtempSync(join(tmpdir(), "firefox-"));
  writeFileSync(join(folder, "user.js"), SETTINGS);
  const args = ["--headless", "--marionette", "--no-remote", "--profile", folder];
  const env = { ...process.env, HOME: folder };
  const child = spawn(path, args, { env, stdio: ["ignore", "pipe", "ignore"] });
  const port = await new Promise<number>((resolve, reject) => {
    child.once("exit", () => reject(new Error("Firefox ended before it listened")));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const [, found] = /Marionette\tINFO\tListening on port (\d+)/.exec(line) ?? [];
      if (found !== undefined) resolve(Number(found));
    });
  });
  const socket = connect(port, "127.0.0.1");
  const answers = packetsOf(socket);
  await answers.next();
  let asked = 0;
  const ask = async (name: string, parameters: object) => {
    asked += 1;
    const text = JSON.stringify([0, asked, name, parameters]);
    socket.write(`${Buffer.byteLength(text)}:${text}`);
    const [, , error, result] = (await answers.next()).value as Answer;
    if (error) throw new Error(`${name}: ${error.message}`);
    return result?.value;
  };
  // Firefox's own wait for a page misses one now and then, when the machine is busy.
  await ask("WebDriver:NewSession", { pageLoadStrategy: "none" });
  const evaluate = (expression: string) =>
    ask("WebDriver:ExecuteScript", { script: `return ${expression}`, args: [] });
  return {
    async goTo(url) {
      await ask("WebDriver:Navigate", { url });
      const loaded = async () => {
        const shown = await evaluate("[document.URL, document.readyState].join(' ')");
        if (shown !== `${url} complete`) throw new Error(`${url} expected, got ${shown}`);
      };
      await vi.waitFor(loaded, { timeout: PATIENCE });
    },
    evaluate,
    async close() {
      const ended = once(child, "exit");
      child.kill();
      await ended;
      socket.destroy();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Answer = [1, number, { message: string } | null, { value?: unknown } | null];

/** What comes, each with its length in bytes before it: `14:{"a":"packet"}`. */
async function* packetsOf(socket: Socket): AsyncGenerator<unknown> {
  let bytes = Buffer.alloc(0);
  for await (const some of socket) {
    bytes = Buffer.concat([bytes, some]);
    for (;;) {
      const head = bytes.indexOf(":") + 1;
      const end = head + Number(bytes.subarray(0, head - 1));
      if (head === 0 || bytes.length < end) break;
      yield JSON.parse(`${bytes.subarray(head, end)}`);
      bytes = bytes.subarray(end);
    }
  }
}
