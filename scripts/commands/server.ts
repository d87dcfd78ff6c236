// just server: runs the finished chat server, as you would for friends.
// It runs in this process, so its options, signals and messages are the step's own.
import { networkInterfaces } from "node:os";
import { asCalled } from "../caller.ts";
import { endAsInterrupted, printHelp } from "../cli.ts";
import { invitation } from "../invitation.ts";

const USAGE = `
just server [options]

Runs the finished chat, which is step 18, until Ctrl-C, and prints what others type to join.
On 127.0.0.1, which is the default, only this machine can connect; with --ip 0.0.0.0, anyone
who can reach it can join and read along: nothing is encrypted. Log levels: trace, debug,
info, warn, error, fatal, silent.

  just server                           on 127.0.0.1, port 42069
  just server --ip 0.0.0.0 --port 4711  for anyone who can reach this machine

  -i, --ip IP           the address to listen on (127.0.0.1)
  -p, --port PORT       the port, 0 for any that is free (42069, or PORT if set)
      --max-message N   characters of a message (400)
      --max-line N      bytes without a line end (16384)
      --burst N         lines that a client may send at once (20)
      --rate N          lines a second after that; 0: no limit (10)
      --max-queued N    bytes queued besides the room's log (262144)
      --max-stuck S     seconds until one that takes nothing is cut off (30)
      --max-clients N   connections in all (10000)
      --per-address N   connections from one address (16)
      --limit-loopback  counts those of this machine too
      --keep-alive S    seconds until TCP probes a silent peer (60)
      --grace S         seconds for clients to take their last lines (5)
      --log-level NAME  how much is logged (info, or LOG_LEVEL if set)
  -h, --help            prints this
`;

if (process.argv.some((word) => word === "--help" || word === "-h")) printHelp(USAGE);
endAsInterrupted();
const { log } = console;
// The step prints once where it listens. The import below keeps running.
console.log = (line: string) => {
  log(line);
  const [, ipv6, ipv4, port] = /^listening on (?:\[(.+)\]|(.+)):(\d+)$/.exec(line) ?? [];
  const host = ipv6 ?? ipv4;
  if (host === undefined) return;
  console.log = log;
  // On stderr, so that stdout has only what the step writes.
  console.error(asCalled(invitation(host, Number(port), networkInterfaces())));
};
await import("../../examples/18-final/server.ts");
