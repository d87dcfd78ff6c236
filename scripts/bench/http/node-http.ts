// The server that `just bench http` compares with: Node's own HTTP server.
import { createServer } from "node:http";

const PORT = Number(process.env.PORT ?? 42069);
const BODY = "Hello, world!\n";

const server = createServer((request, response) => {
  const found = request.url === "/";
  const body = found ? BODY : "404 Not Found\n";
  response.writeHead(found ? 200 : 404, {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": body.length,
  });
  response.end(body);
});
server.listen(PORT, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object") console.log(`listening on 127.0.0.1:${address?.port}`);
});
