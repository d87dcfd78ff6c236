// Serves the site while it is written: what changes is built anew and shown at once.
import { readFile } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { escapeHtml } from "../html.ts";
import { withBase } from "./not-found.ts";

/** Pages that are open wait here for news. */
const EVENTS = "/_changes";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Loads the page again after a build, and shows why there was none. */
const listener = (build: number) => `<script>{
const events = new EventSource("${EVENTS}?${build}");
events.addEventListener("built", () => location.reload());
events.addEventListener("broken", ({ data }) => {
  const shown = document.getElementById("broken") ?? document.createElement("pre");
  shown.id = "broken";
  shown.setAttribute("role", "alert");
  shown.style = "position:fixed;z-index:99;inset:auto 0 0;margin:0;max-height:60vh;overflow:auto;padding:1rem 1.5rem;border-top:4px solid #c33;background:#fff;color:#111;white-space:pre-wrap";
  shown.textContent = JSON.parse(data);
  document.body.append(shown);
});
}</script>`;

/** Where the site is now, or why there is none. */
export type State =
  | { readonly kind: "building" }
  | { readonly kind: "built"; readonly folder: string }
  | {
      readonly kind: "broken";
      readonly folder: string | undefined;
      readonly why: string;
    };

export class SiteServer {
  readonly #server: Server;
  readonly #open = new Set<ServerResponse>();
  #state: State = { kind: "building" };
  /** How many states there were. A page names the one that it was loaded in. */
  #count = 0;

  constructor() {
    this.#server = createServer((request, response) => {
      void this.#answer(request.url ?? "/", response);
    });
  }

  /**
   * Begins to listen, on this machine only.
   *
   * @param port 0 for any that is free.
   * @returns The port.
   * @throws {NodeJS.ErrnoException} `EADDRINUSE` when another program has the port.
   */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject).listen(port, "127.0.0.1", resolve);
    });
    const address = this.#server.address();
    return typeof address === "object" && address ? address.port : port;
  }

  /** Tells the site's new state to all pages that are open. */
  show(state: State): void {
    this.#state = state;
    this.#count += 1;
    for (const response of this.#open) this.#tell(response);
  }

  close(): void {
    for (const response of this.#open) response.end();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #tell(response: ServerResponse): void {
    const { kind } = this.#state;
    if (kind === "building") return;
    const data = JSON.stringify(kind === "broken" ? this.#state.why : "");
    response.write(`event: ${kind}\ndata: ${data}\n\n`);
  }

  async #answer(url: string, response: ServerResponse): Promise<void> {
    if (url.startsWith(EVENTS)) return this.#keep(url, response);
    const folder = "folder" in this.#state ? this.#state.folder : undefined;
    if (folder === undefined) {
      const why = "why" in this.#state ? this.#state.why : "The site is being built …";
      return this.#send(
        response,
        503,
        ".html",
        `<!doctype html><head><title>No site yet</title></head><pre>${escapeHtml(why)}</pre>`,
      );
    }
    const path = pathOf(url);
    const found = path === undefined ? undefined : await read(folder, path);
    if (found !== undefined && path !== undefined) {
      return this.#send(response, 200, extname(path), found);
    }
    const lost = await read(folder, "404.html");
    return this.#send(response, 404, ".html", withBase(String(lost ?? "Not found"), "/"));
  }

  #send(
    response: ServerResponse,
    status: number,
    extension: string,
    content: Buffer | string,
  ): void {
    response.writeHead(status, {
      "content-type": TYPES[extension] ?? "application/octet-stream",
      "cache-control": "no-store",
    });
    const page = extension === ".html";
    const heard = `${listener(this.#count)}</head>`;
    response.end(page ? String(content).replace("</head>", () => heard) : content);
  }

  /** What happened between the page and this connection of its is told at once. */
  #keep(url: string, response: ServerResponse): void {
    response.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
    });
    response.write("retry: 500\n\n");
    this.#open.add(response);
    response.on("close", () => this.#open.delete(response));
    const late = url !== `${EVENTS}?${this.#count}`;
    if (late || this.#state.kind === "broken") this.#tell(response);
  }
}

/**
 * The file that an address means, from the site's folder; undefined for one that would
 * leave it, however it is written.
 */
export function pathOf(url: string): string | undefined {
  const [address = ""] = url.split(/[?#]/);
  let text: string;
  try {
    text = decodeURIComponent(address);
  } catch {
    return undefined;
  }
  const path = normalize(text.endsWith("/") ? `${text}index.html` : text).replace(
    /^[/\\]+/,
    "",
  );
  if (/[\0\\:]/.test(text) || path.split(sep).includes("..")) return undefined;
  return path;
}

async function read(folder: string, path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(join(folder, path));
  } catch {
    return undefined;
  }
}
