// What a browser's thread lacks of Node's, before anything of the machine is loaded.

/** The ends of a channel, as a browser has them. */
interface Port {
  onmessage: (event: { data: boolean }) => void;
  postMessage(isFirst: boolean): void;
}

const channel = new MessageChannel() as unknown as { port1: Port; port2: Port };
const waiting: (() => void)[] = [];
// Two hops: between them the browser reports a rejection that nobody handles, which Node
// does before the next turn.
channel.port1.onmessage = ({ data: isFirst }) => {
  if (isFirst) channel.port2.postMessage(false);
  else waiting.shift()?.();
};

/** As Node's: runs something in a turn of its own, when all that is due has run. */
function breathe(run: () => void): void {
  waiting.push(run);
  channel.port2.postMessage(true);
}

Object.assign(globalThis, { setImmediate: breathe });
// An engine without it has no limit either.
Error.captureStackTrace ??= () => {};
