// A process that outlives ours, and ends what we have started, should we be killed: SIGKILL
// gives no time to do so.
import { spawn } from "node:child_process";
import type { Socket } from "node:net";

/** Keeps a list, `+ 12` and `- 12`, and at the end of its input kills those still in it. */
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
 * Ends a process by SIGKILL once ours has ended, however that was; on Windows it does nothing.
 *
 * @param target The number of a process; of a process group with a minus before it.
 * @returns What takes it back: to be called when it has ended, as its number may be another's then.
 */
export function endWithUs(target: number): () => void {
  if (process.platform === "win32" || target === 0) return () => {};
  input ??= startWatchdog();
  input.write(`+ ${target}\n`);
  return () => void input?.write(`- ${target}\n`);
}

function startWatchdog(): Socket {
  const { PATH } = process.env;
  // In a group of its own: Ctrl-C is not for it.
  const watchdog = spawn("sh", ["-c", SCRIPT], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
    env: { ...(PATH !== undefined && { PATH }) },
  });
  // Where there is no shell, we do without.
  watchdog.on("error", () => {}).unref();
  // A pipe to a child is a socket.
  const socket = watchdog.stdin as Socket;
  socket.on("error", () => {}).unref();
  return socket;
}
