// just server: runs the finished chat server, as one would for friends.
// In this process: its options, signals and messages are the step's own.
import { endAsInterrupted, printHelp } from "../cli.ts";

const USAGE = `
just server [options]

Runs the finished chat, which is step 18, until Ctrl-C. LOG_LEVEL in the environment says what
it logs: trace, debug, info (default), warn, error, fatal, silent.

  just server                           on 127.0.0.1, port 42069
  just server --ip 0.0.0.0 --port 4711  for all who can reach this machine

  -i, --ip IP           the address to listen on (127.0.0.1)
  -p, --port PORT       the port, 0 for any that is free (42069, or PORT if set)
      --max-message N   characters of a message (400)
      --max-line N      bytes without a line end (16384)
      --burst N         lines that a client may send at once (20)
      --rate N          lines a second after that; 0: no limit (10)
      --max-queued N    bytes that wait beside the room's log (262144)
      --max-stuck S     seconds until one that takes nothing is cut off (30)
      --max-clients N   connections in all (10000)
      --per-address N   connections from one address (16)
      --limit-loopback  counts those of this machine too
      --keep-alive S    seconds until TCP asks a silent peer (60)
      --grace S         seconds for clients to take their last lines (5)
  -h, --help            prints this
`;

if (process.argv.some((word) => word === "--help" || word === "-h")) printHelp(USAGE);
endAsInterrupted();
await import("../../examples/18-final/server.ts");
