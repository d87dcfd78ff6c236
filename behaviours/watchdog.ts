// A process that outlives ours and ends the processes that we have started. If we are killed by
// SIGKILL, we cannot do that ourselves.
import { spawn } from "node:child_process";
import type { Socket } from "node:net";

/** Keeps a list, by `+ 12` and `- 12`. At the end of its input, kills the processes still in it. */
const SCRIPT = `
left=
while read -r sign target; do
  case $sign in
    +) left="$left $target " ;;
    -) left="\${left%% $target *} \${left#* $target }" ;;
  esac
done
for target in $left; do kill -s KILL -- "$target"; done`;

let input: Socket | undefined;

/**
 * Kills a process once ours has ended, in whatever way. Does nothing on Windows.
 *
 * @param target The id of a process; negative for a process group.
 * @returns A function that cancels this. Call it when the process has ended, because its id may
 * be reused.
 */
export function endWithUs(target: number): () => void {
  if (process.platform === "win32" || target === 0) return () => {};
  input ??= startWatchdog();
  input.write(`+ ${target}\n`);
  return () => void input?.write(`- ${target}\n`);
}

function startWatchdog(): Socket {
  const { PATH } = process.env;
  // In its own group, so that Ctrl-C does not reach it.
  const watchdog = spawn("sh", ["-c", SCRIPT], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
    env: { ...(PATH !== undefined && { PATH }) },
  });
  // Without a shell, there is no watchdog.
  watchdog.on("error", () => {}).unref();
  // A pipe to a child is a socket.
  const socket = watchdog.stdin as Socket;
  socket.on("error", () => {}).unref();
  return socket;
}
