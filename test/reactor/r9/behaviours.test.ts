// Checks every behaviour of step 18 on r9, which is the same chat on our own runtime.
import { join } from "node:path";
import { inject } from "vitest";
import { holdStep } from "../../steps.ts";

const command = () => [process.execPath, join(inject("built"), "r9-chat/server.js")];

holdStep("r9-chat", { step: 18, command, alone: false });
