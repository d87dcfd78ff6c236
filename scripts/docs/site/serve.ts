// Serves the site from memory, with Vite: open pages reload after each build.
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { createServer as createVite, type ErrorPayload } from "vite";
import { ROOT } from "../../../behaviours/steps.ts";
import { escapeHtml } from "../html.ts";
import type { Built } from "./build.ts";
import { withBase } from "./not-found.ts";

/** Requests of Vite's client in a page. Everything else belongs to the site. */
const VITE = /^\/(?:@vite\/|@fs\/.*\/node_modules\/vite\/dist\/client\/)/;
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".xml": "application/xml",
};

export interface SiteServer {
  readonly port: number;
  /** Takes a new site, and reloads all open pages. */
  show(files: Built): void;
  /** Shows on all pages why there is no newer site: `docs/08-chat.md:12: …`. */
  showProblem(problem: string): void;
  close(): Promise<void>;
}

interface ServeOptions {
  /** 0 for any free port. */
  readonly port: number;
  /**
   * Folders of the repository to watch. With them, open pages reload after each build;
   * without them, pages are served as published.
   */
  readonly folders?: readonly string[];
  /** Called when something in those folders changes. */
  readonly changed?: () => void;
}

/**
 * Listens on loopback only.
 *
 * @throws {Error} When another program has the port.
 */
export async function serveSite(options: ServeOptions): Promise<SiteServer> {
  let files: Built | undefined;
  let problem: string | undefined;
  /** How many sites there have been. Each page knows the number of its own. */
  let count = 0;

  const answer = ({ url = "/" }: IncomingMessage, response: ServerResponse) => {
    const path = pathOf(url);
    const found = files?.get(path);
    const lost = withBase(files?.get("404.html") ?? waiting(problem), "/");
    const type = found === undefined ? ".html" : extname(path);
    response.writeHead(found !== undefined ? 200 : files ? 404 : 503, {
      "content-type": TYPES[type] ?? "application/octet-stream",
      "cache-control": "no-store",
    });
    const text = found ?? lost;
    const client = `${clientFor(count)}</head>`;
    const isLive = type === ".html" && options.folders !== undefined;
    response.end(isLive ? text.replace("</head>", () => client) : text);
  };

  const server = createServer().listen(options.port, "127.0.0.1");
  await once(server, "listening");
  const vite = await createVite({
    configFile: false,
    envFile: false,
    root: join(ROOT, "docs"),
    appType: "custom",
    logLevel: "silent",
    optimizeDeps: { noDiscovery: true },
    server: {
      middlewareMode: true,
      hmr: { server },
      watch: options.folders ? {} : null,
    },
    plugins: [
      {
        name: "site",
        configureServer: ({ middlewares, ws }) => {
          middlewares.use((request, response, next) => {
            if (VITE.test(request.url ?? "")) next();
            else answer(request, response);
          });
          // A build between loading the page and connecting takes effect now.
          ws.on("site:page", (its, page) => {
            if (its !== count) page.send({ type: "full-reload" });
            else if (problem !== undefined) page.send(errorOf(problem));
          });
        },
      },
    ],
  });
  vite.watcher.add((options.folders ?? []).map((folder) => join(ROOT, folder)));
  vite.watcher.on("all", () => options.changed?.());
  server.on("request", vite.middlewares);
  return {
    port: (server.address() as AddressInfo).port,
    show: (built) => {
      [files, problem] = [built, undefined];
      count += 1;
      vite.ws.send({ type: "full-reload" });
    },
    showProblem: (text) => {
      problem = text;
      vite.ws.send(errorOf(text));
    },
    close: async () => {
      server.close().closeAllConnections();
      await vite.close();
    },
  };
}

/** The file for an address, as a path in the site's folder. */
function pathOf(url: string): string {
  const [address = ""] = url.split(/[?#]/);
  const path = address.endsWith("/") ? `${address}index.html` : address;
  try {
    return decodeURIComponent(path.slice(1));
  } catch {
    return "";
  }
}

/** Connects a page to Vite, and sends the number of its site. */
function clientFor(count: number): string {
  return `<script type="module">import { createHotContext } from "/@vite/client"; createHotContext("/site").send("site:page", ${count});</script>`;
}

/** For Vite's overlay. */
function errorOf(problem: string): ErrorPayload {
  return { type: "error", err: { message: problem, stack: "" } };
}

function waiting(problem = "The site is being built …"): string {
  return `<!doctype html><html lang="en"><head><title>No site yet</title></head><pre>${escapeHtml(problem)}</pre></html>`;
}
