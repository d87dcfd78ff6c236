// Checks every behaviour of HTTP on r5, with each poller that can run here.
import { describe, expect, test } from "vitest";
import { HTTP_BEHAVIOURS } from "../../../behaviours/http/all.ts";
import { availablePollers } from "../../../examples/shared/poll/readiness/pollers.ts";
import { someOf } from "../../requirements.ts";
import { holdsAllHttp } from "../r8/hold.ts";

test.each(Object.entries(HTTP_BEHAVIOURS))("%s: titles are unique", (_, some) => {
  const titles = some.map(({ title }) => title);
  expect(titles).toEqual([...new Set(titles)]);
});

describe.each(someOf(availablePollers()))("with $name", ({ name }) => {
  holdsAllHttp("r5-state-machine", "--poller", name);
});
