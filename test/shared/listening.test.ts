// listening: where a server listens, and why it cannot.
import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { addressOf, whyNotListening } from "../../examples/shared/listening.ts";

test.each([
  ["127.0.0.1", /^127\.0\.0\.1:\d+$/],
  ["::1", /^\[::1\]:\d+$/],
])("a server on %s has an address that clients can read", async (ip, form) => {
  const server = createServer().listen(0, ip);
  onTestFinished(() => void server.close());
  await once(server, "listening");
  expect(addressOf(server)).toMatch(form);
});

describe("an error of listen", () => {
  test.each([
    ["EADDRINUSE", "another program listens there; try another with --port"],
    ["EACCES", /^permission denied; .+ --?\w|try a higher one$/],
    ["EADDRNOTAVAIL", "this machine has no such address"],
    ["EWHATEVER", "its own words"],
  ])("%s is explained in one line", (code, why) => {
    const error = Object.assign(new Error("its own words"), { code });
    const [, said] =
      /^Cannot listen on ::1 port 80: (.*)$/.exec(
        whyNotListening({ ip: "::1", port: 80 }, error),
      ) ?? [];
    expect(said).toMatch(why);
  });
});
