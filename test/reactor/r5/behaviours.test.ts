// Every behaviour of HTTP, held against r5, with each poller that can run here.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { HTTP_BEHAVIOURS } from "../../../behaviours/http/all.ts";
import { holdHttp } from "../../../behaviours/http/hold.ts";
import { type Server, startServer } from "../../../behaviours/server.ts";
import { availablePollers } from "../../../examples/shared/poll/readiness/pollers.ts";
import { someOf } from "../../requirements.ts";

test.each(Object.entries(HTTP_BEHAVIOURS))("%s have titles of their own", (_, some) => {
  const titles = some.map(({ title }) => title);
  expect(titles).toEqual([...new Set(titles)]);
});

describe.each(someOf(availablePollers()))("by $name", ({ name }) => {
  let server: Required<Server>;
  beforeAll(async () => {
    const program = join(inject("built"), "r5-state-machine/server.js");
    server = await startServer({
      command: [process.execPath, program, "--poller", name],
    });
  });
  afterAll(async () => {
    server.process.kill("SIGKILL");
    await server.process.ended;
  });

  describe.each(Object.entries(HTTP_BEHAVIOURS))("%s", (_, behaviours) => {
    test.concurrent.each(behaviours)("$title", async (behaviour) => {
      const { unmet, transcript } = await holdHttp(behaviour, server, 10_000);
      expect(unmet?.message, transcript.join("\n")).toBeUndefined();
    });
  });
});
