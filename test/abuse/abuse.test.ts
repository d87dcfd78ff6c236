// Step 18 under attack: what takes a process to see, with limits that tests can reach. What can be
// seen on the wire alone is in behaviours/hostile.ts, and what takes long in abuse.slow.test.ts.
import { describe } from "vitest";
import { CASES } from "./cases.ts";
import { runCases } from "./run-case.ts";

describe("18-final", () => runCases(CASES.filter(({ slow }) => !slow)));
