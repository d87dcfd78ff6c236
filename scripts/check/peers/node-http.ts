// A typical file server on node:http and fs, with r5's routes, so that it can be checked against
// r5's behaviours.
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { contentType } from "../../../examples/shared/public-files.ts";

const PORT = Number(process.env["PORT"] ?? 42069);
const PUBLIC = fileURLToPath(
  new URL("../../../examples/shared/public/", import.meta.url),
);
const ROOT = process.env["ROOT"] ?? PUBLIC;

const server = createServer((request, response) => {
  const { method = "", url = "" } = request;
  request.resume();
  if (method !== "GET" && method !== "HEAD") {
    response.writeHead(405, { Allow: "GET, HEAD" }).end();
    return;
  }
  try {
    const { pathname } = new URL(url, "http://localhost");
    const path = decodeURIComponent(pathname);
    const [, name] = /^\/hello\/([^/]+)$/.exec(path) ?? [];
    if (name !== undefined) {
      response.setHeader("Content-Type", "text/plain; charset=utf-8");
      response.end(`Hello, ${name}!\n`);
      return;
    }
    const [, ms = "0", rest = path] = /^\/slow\/(\d+)(\/.*)$/.exec(path) ?? [];
    setTimeout(() => give(rest), Number(ms));
  } catch {
    response.writeHead(400).end();
  }

  function give(path: string): void {
    const file = join(ROOT, path.endsWith("/") ? `${path}index.html` : path);
    const stat = statOf(file);
    if (!stat?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader("Content-Type", contentType(file));
    response.setHeader("Content-Length", stat.size);
    response.setHeader("Last-Modified", stat.mtime.toUTCString());
    if (method === "HEAD") response.end();
    else createReadStream(file).pipe(response);
  }
});

/** Undefined when there is no such file, or when the name is invalid. */
function statOf(file: string) {
  try {
    return statSync(file);
  } catch {
    return undefined;
  }
}

server.listen(PORT, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  console.log(`listening on 127.0.0.1:${port}`);
});
