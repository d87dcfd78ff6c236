// nginx with r5's routes, and r5's limits where it has equivalents, so that it can be checked
// against r5's behaviours and measured by the bench. /slow is missing: nginx offers no timers.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { TcpListener } from "../../../examples/shared/poll/net.ts";

const PORT = Number(process.env["PORT"] ?? 42069);
const PUBLIC = fileURLToPath(
  new URL("../../../examples/shared/public/", import.meta.url),
);
const ROOT = process.env["ROOT"] ?? PUBLIC;
/** The descriptor of the socket that nginx inherits, after stdin, stdout and stderr. */
const INHERITED = 3;

// We listen before nginx starts, so an early client waits in the backlog.
const listener = TcpListener.listen("127.0.0.1", PORT);
const { port } = listener.localAddress();
const folder = mkdtempSync(join(tmpdir(), "nginx-"));
writeFileSync(join(folder, "nginx.conf"), configuration(port));
const nginx = spawn("nginx", ["-p", folder, "-c", "nginx.conf", "-e", "stderr"], {
  stdio: ["ignore", "inherit", "inherit", listener.fd],
  // nginx takes over sockets that are already open, as when it upgrades itself.
  env: { ...process.env, NGINX: `${INHERITED};` },
});
nginx.on("error", ({ message }) => {
  console.error(`Cannot start nginx: ${message}. Debian's package is nginx-light`);
  process.exitCode = 1;
});
nginx.on("spawn", () => console.log(`listening on 127.0.0.1:${port}`));
nginx.on("exit", (code) => {
  process.exitCode = code ?? 1;
});
nginx.on("close", () => {
  listener.close();
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    nginx.kill("SIGTERM");
    process.exitCode = 128 + constants.signals[signal];
  });
}

/** As root, nginx's worker would switch to a user that may not read these files. */
function configuration(port: number): string {
  const isRoot = process.getuid?.() === 0;
  return `
daemon off;
worker_processes 1;
${isRoot ? "user root;" : ""}
pid nginx.pid;
error_log stderr crit;
events { worker_connections 16384; }
http {
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  large_client_header_buffers 4 16k;
  client_max_body_size 1m;
  client_header_timeout 10s;
  keepalive_timeout 5s;
  client_body_timeout 30s;
  send_timeout 30s;
  charset utf-8;
  charset_types text/css text/plain text/javascript;
  default_type application/octet-stream;
  types {
    text/html html;
    text/css css;
    text/plain txt;
    text/javascript js;
    application/json json;
    image/png png;
    image/svg+xml svg;
  }
  server {
    listen 127.0.0.1:${port};
    root ${JSON.stringify(ROOT)};
    location ~ ^/hello/([^/]+)$ {
      default_type text/plain;
      return 200 "Hello, $1!\\n";
    }
    location ~ /\\. { return 404; }
  }
}
`;
}
