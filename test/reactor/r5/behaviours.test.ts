// Checks every behaviour of HTTP on r5 and r6, with each poller that can run here, and on
// r6 with two threads.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { HTTP_BEHAVIOURS } from "../../../behaviours/http/all.ts";
import { type Server, startServer } from "../../../behaviours/server.ts";
import { availablePollers } from "../../../examples/shared/poll/readiness/pollers.ts";
import { ALL, someOf } from "../../requirements.ts";
import { holdHttp } from "../hold-http.ts";

test.each(Object.entries(HTTP_BEHAVIOURS))("%s: titles are unique", (_, some) => {
  const titles = some.map(({ title }) => title);
  expect(titles).toEqual([...new Set(titles)]);
});

const POLLERS = someOf(availablePollers()).map(({ name }) => ["--poller", name]);
const SUBJECTS = [
  ...POLLERS.map((args) => ({ step: "r5-state-machine", args })),
  ...POLLERS.map((args) => ({ step: "r6-reactor", args })),
  ...(ALL && process.platform === "linux"
    ? [{ step: "r6-reactor", args: ["--threads", "2"] }]
    : []),
];

describe.each(SUBJECTS)("$step $args", ({ step, args }) => {
  let server: Required<Server>;
  beforeAll(async () => {
    const program = join(inject("built"), step, "server.js");
    server = await startServer({ command: [process.execPath, program, ...args] });
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
