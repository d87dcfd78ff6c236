// Clients of an HTTP server on a simulated network, and the answers that they get.
import { get, request } from "../../../behaviours/http/behaviour.ts";
import { Random } from "../../../scripts/simulate/kernel/random.ts";
import { type Options, start, type Weather } from "./simulation.ts";

export const STORM: Weather = { chunks: true, blocked: 0.3, delay: 10 };

const SAID = [
  get("/hello/ann"),
  get("/poem.txt"),
  get("/nobody"),
  `${request("POST", "/", "Content-Length: 11")}hello world`,
  `${request("POST", "/", "Transfer-Encoding: chunked")}5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n`,
  get("/slow/70/style.css"),
  `\r\n${request("HEAD", "/poem.txt")}`,
  get("/poem.txt", "Range: bytes=3-9"),
  request("BREW", "/"),
];
const LAST = [
  get("/hello/last", "Connection: close"),
  "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\nGET /hello/smuggled",
  `${request("POST", "/", "Transfer-Encoding: chunked")}x\r\n`,
  `GET /${"x".repeat(8500)}`,
];

/** Requests of one client; the connection ends after the last. */
export function script(random: Random): string {
  const some = Array.from({ length: 1 + random.below(8) }, () => random.of(SAID));
  return [...some, random.of(LAST)].join("");
}

/** What each script's client receives under these faults. */
export async function play(
  seed: number,
  weather: Weather,
  scripts: readonly string[],
  buffer: number,
  which: Pick<Options, "step" | "args"> = {},
) {
  const random = new Random(seed);
  const delayOfFiles = () => (weather.delay ? 1 + random.below(30) : 0);
  const server = await start(seed, { weather, delayOfFiles, ...which });
  const before = server.network.size;
  const clients = scripts.map((said) => {
    const client = server.join(buffer);
    client.sends(said);
    return client;
  });
  await server.until(() => clients.every(({ ended }) => ended !== undefined));
  // No connection and no file is left open.
  await server.until(() => server.network.size === before && server.files.length === 0);
  await server.end();
  return clients.map(({ text, ended }) => ({ text, how: ended?.how }));
}
