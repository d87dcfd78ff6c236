// Checks every behaviour of HTTP on a step: r5 to r8.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HTTP_BEHAVIOURS } from "../../../behaviours/http/all.ts";
import type { Server } from "../../../behaviours/server.ts";
import { holdHttp } from "../hold-http.ts";
import { end, startStep } from "./server.ts";

/** Tests for one server, with these flags. */
export function holdsAllHttp(slug: string, ...args: string[]): void {
  let server: Required<Server>;
  beforeAll(async () => {
    server = await startStep(slug, ...args);
  });
  afterAll(() => end(server));
  describe.each(Object.entries(HTTP_BEHAVIOURS))("%s", (_, behaviours) => {
    test.concurrent.each(behaviours)("$title", async (behaviour) => {
      const { unmet, transcript } = await holdHttp(behaviour, server, 20_000);
      expect(unmet?.message, transcript.join("\n")).toBeUndefined();
    });
  });
}
