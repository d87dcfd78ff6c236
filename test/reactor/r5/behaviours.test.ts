// Every behaviour of HTTP, held against r5.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { HTTP_BEHAVIOURS } from "../../../behaviours/http/all.ts";
import { holdHttp } from "../../../behaviours/http/hold.ts";
import { type Server, startServer } from "../../../behaviours/server.ts";

let server: Required<Server>;
beforeAll(async () => {
  const program = join(inject("built"), "r5-state-machine/server.js");
  server = await startServer({ command: [process.execPath, program] });
});
afterAll(async () => {
  server.process.kill("SIGKILL");
  await server.process.ended;
});

describe.each(Object.entries(HTTP_BEHAVIOURS))("%s", (_, behaviours) => {
  test("have titles of their own", () => {
    const titles = behaviours.map(({ title }) => title);
    expect(titles).toEqual([...new Set(titles)]);
  });

  test.concurrent.each(behaviours)("$title", async (behaviour) => {
    const { unmet, transcript } = await holdHttp(behaviour, server, 10_000);
    expect(unmet?.message, transcript.join("\n")).toBeUndefined();
  });
});
