// All cases, simplest first.
import type { Case } from "./case.ts";
import { CLOSED } from "./cases/closed.ts";
import { CLOSING } from "./cases/closing.ts";
import { CONNECTING } from "./cases/connecting.ts";
import { FAULTS } from "./cases/faults.ts";
import { MANY } from "./cases/many.ts";
import { MODES } from "./cases/modes.ts";
import { REGISTRATION } from "./cases/registration.ts";
import { WAITING } from "./cases/waiting.ts";
import { WAKING } from "./cases/waking.ts";

export const CASES: readonly Case[] = [
  ...REGISTRATION,
  ...MODES,
  ...CONNECTING,
  ...CLOSING,
  ...CLOSED,
  ...FAULTS,
  ...WAKING,
  ...WAITING,
  ...MANY,
];
