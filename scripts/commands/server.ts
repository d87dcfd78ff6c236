// just server: runs the finished chat server, as one would for friends.
// In this process: its options, signals and messages are the step's own.
import { endAsInterrupted, printHelp } from "../cli.ts";

const USAGE = `
just server [options]

Runs the finished chat, which is step 18, until Ctrl-C. LOG_LEVEL in the environment says what
it logs: trace, debug, info (default), warn, error, fatal, silent.

  just server                           on 127.0.0.1, port 42069
  just server --ip 0.0.0.0 --port 4711  for all who can reach this machine

  -i, --ip IP      the address to listen on (127.0.0.1)
  -p, --port PORT  the port, 0 for any that is free (42069, or PORT if set)
  -h, --help       prints this
`;

if (process.argv.some((word) => word === "--help" || word === "-h")) printHelp(USAGE);
endAsInterrupted();
await import("../../examples/18-final/server.ts");
