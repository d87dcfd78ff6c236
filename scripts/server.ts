// just server: runs the finished chat server, as one would for friends.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { EXAMPLES } from "./steps.ts";

// In this process: its options, signals and exit codes are the command's own.
await import(pathToFileURL(join(EXAMPLES, "18-final/server.ts")).href);
