// Step 18 under attack by crowds, how it ends, and what it logs.
import { describe } from "vitest";
import { CASES } from "./cases.ts";
import { runCases } from "./run-case.ts";

describe("18-final", { timeout: 180_000 }, () =>
  runCases(CASES.filter(({ slow }) => slow)),
);
