// A socket of the adapter, and what is asked of it.
import type { TcpListener, TcpStream } from "./net.ts";
import type { Token } from "./token.ts";

/** What has been asked of it, and was not told yet. */
export interface AdaptedSocket {
  readonly source: TcpListener | TcpStream;
  /** Given when it is added. */
  token: Token;
  accepting: boolean;
  receiving: boolean;
  sending: boolean;
  /** What is still to be sent: a copy. Undefined while `sending`: the next wait tells. */
  rest: Uint8Array | undefined;
}

/** A socket of which nothing was asked yet. */
export function idleSocket(source: TcpListener | TcpStream): AdaptedSocket {
  const asked = { accepting: false, receiving: false, sending: false, rest: undefined };
  return { source, token: 0, ...asked };
}
