// Proves that nothing more is on its way.
import { Missed } from "../../../behaviours/line-client.ts";
import type { Peer } from "./peer.ts";
import type { Stage } from "./stage.ts";

/** Where nothing can be asked, this long must do, in milliseconds. */
const GRACE = 100;

/**
 * Waits until what is on its way to these clients must have come. For one that can ask
 * nothing the others ask: an answer to them proves that the server has dealt with it too.
 *
 * @returns Something that came and was not expected, as a session tells it.
 * @throws {Missed} When one gets no answer.
 */
export async function settle(
  { host, peers: all, watcher }: Stage,
  peers: readonly Peer[],
): Promise<string | undefined> {
  const { probe } = host;
  const asks = probe.kind === "none" ? "" : probe.asks;
  const needed = peers.every((peer) => peer.canAsk(host)) ? peers : all;
  const asking = needed.filter((peer) => peer.canAsk(host));
  if (asking.length === 0) await new Promise((resolve) => setTimeout(resolve, GRACE));
  for (const peer of asking) {
    watcher?.asks(peer.label, host.probe);
    await peer.ask(host).catch((error: unknown) => {
      if (!(error instanceof Missed)) throw error;
      // It has seen something else instead, perhaps.
      const seen = peer.untaken !== "" || peer.end !== undefined;
      if (seen && peers.includes(peer)) return;
      throw new Missed(`no answer to ${peer.label}'s "${asks}": ${error.message}`);
    });
    watcher?.answered(peer.label);
  }
  for (const peer of peers) {
    if (peer.hungUp) continue;
    const line = peer.look() ?? peer.untaken;
    if (peer.untaken !== "" && !peer.skipping) return `${peer.label} < ${line}`;
    if (peer.end !== undefined) return `${peer.label} is closed`;
  }
  return undefined;
}
