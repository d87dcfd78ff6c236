// Adds what a browser's thread lacks compared with Node. Loaded before the machine.

/** One end of a channel, as a browser has it. */
interface Port {
  onmessage: (event: { data: boolean }) => void;
  postMessage(isFirst: boolean): void;
}

const channel = new MessageChannel() as unknown as { port1: Port; port2: Port };
const waiting: (() => void)[] = [];
// Two hops: between them the browser reports unhandled rejections, which Node does before
// the next turn.
channel.port1.onmessage = ({ data: isFirst }) => {
  if (isFirst) channel.port2.postMessage(false);
  else waiting.shift()?.();
};

/** Like Node's `setImmediate`: runs a callback in its own turn, after everything due. */
function breathe(run: () => void): void {
  waiting.push(run);
  channel.port2.postMessage(true);
}

Object.assign(globalThis, { setImmediate: breathe });
// An engine without it has no stack limit either.
Error.captureStackTrace ??= () => {};
