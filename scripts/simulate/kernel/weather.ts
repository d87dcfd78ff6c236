// The conditions of the network and the machine: how slow, how uneven, how small.
import type { Random } from "./random.ts";

export interface Weather {
  readonly name: string;
  /** The time that anything takes to arrive, in milliseconds. */
  readonly latency: number;
  /** The most that is added to it at random, in milliseconds. */
  readonly jitter: number;
  /** How long a program may be busy before it reads what has arrived, in milliseconds. */
  readonly lag: number;
  /** How long a program may compute between two reads of the clock, in milliseconds. */
  readonly work: number;
  /** The most bytes in one packet. */
  readonly mtu: number;
  /** The bytes that a system buffers in each direction of a connection. */
  readonly sendBuffer: number;
  readonly receiveBuffer: number;
  /** How many values Math.random can return; 0 for all. More than there are clients. */
  readonly coincidence: number;
}

export const CALM: Weather = {
  name: "calm",
  latency: 0.05,
  jitter: 0,
  lag: 0,
  work: 0,
  mtu: 65536,
  sendBuffer: 65536,
  receiveBuffer: 65536,
  coincidence: 0,
};

/** Unless set here, a value is that of CALM. */
export const WEATHERS: readonly Weather[] = [
  CALM,
  { ...CALM, name: "jitter", latency: 1, jitter: 20, lag: 1, mtu: 1400 },
  { ...CALM, name: "slow", latency: 200, jitter: 400, lag: 50, mtu: 1400 },
  { ...CALM, name: "crumbs", jitter: 0.2, mtu: 17 },
  { ...CALM, name: "narrow", jitter: 1, mtu: 536, sendBuffer: 1024, receiveBuffer: 512 },
  { ...CALM, name: "busy", jitter: 1, lag: 20, work: 3, mtu: 1400 },
  { ...CALM, name: "twins", jitter: 1, coincidence: 32 },
];

/** One of them, or a mix. */
export function drawWeather(random: Random): Weather {
  const pick = () => random.of(WEATHERS);
  if (random.luck(0.5)) return pick();
  const { latency, jitter } = pick();
  const other = pick();
  // A small window with a long delay would take hours.
  const buffers = latency > 10 ? CALM : other;
  return {
    name: "mixed",
    latency,
    jitter,
    lag: pick().lag,
    work: pick().work,
    mtu: pick().mtu,
    sendBuffer: buffers.sendBuffer,
    receiveBuffer: buffers.receiveBuffer,
    coincidence: 0,
  };
}
