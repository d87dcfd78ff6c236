// All cases of abuse. What can be seen on the wire alone is in behaviours/hostile.ts.
import { CROWDS } from "./crowds.ts";
import { ENDS } from "./ends.ts";
import { FLAGS } from "./flags.ts";
import { LOGS } from "./logs.ts";
import type { AbuseCase } from "./site.ts";
import { SLOW_CLIENTS } from "./slow-clients.ts";

export const CASES: readonly AbuseCase[] = [
  ...FLAGS,
  ...SLOW_CLIENTS,
  // The usual ends and logs are in final.test.ts, too.
  ...[...ENDS, ...LOGS].map((one) => ({ ...one, slow: true })),
  ...CROWDS,
];
