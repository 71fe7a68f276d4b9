import { once } from 'node:events';
import { HELD_ATTACKS } from './held-attacks.ts';
import type { UpstreamName } from './upstreams.ts';
import {
  again,
  closed,
  dialWebSocket,
  frame,
  hold,
  json,
  post,
  repeat,
  subscribe,
  type Target,
  times,
} from './wire.ts';

export interface Attack {
  /** MiB that the formula of `docs/operate.md` allows for what the attack makes the gateway hold. */
  readonly allowedMb: number;
  /** The runs that the upstream has: see `upstreams.ts`. @default 'fat' */
  readonly upstream?: UpstreamName;
  /** Resolves when the gateway has closed all connections. */
  readonly run: (target: Target) => Promise<unknown>;
}

const KIB = 1024;
const BODY = 256 * KIB;
const MESSAGE = 64 * KIB;
/** What is counted may have so much in all; half of it is for one caller. */
const HELD_MB = 320;
const CONNECTION_MB = 1 / 16;
const EVENT_STREAM = 'text/event-stream';
/** 1,000 rows of 8 KB. */
const LARGE = (name: string): string => `query ${name} { runs(first: 1000) { nodes { id metadata } } }`;
const EVENTS = `subscription { runEvents { kind run { id ${repeat(50, (n) => `m${n}: metadata`)} } } }`;

/** What would take the gateway down, or its time, if nothing limited it. */
export const ATTACKS: Readonly<Record<string, Attack>> = {
  bodies: {
    allowedMb: HELD_MB / 2 + 500 * CONNECTION_MB,
    run: (target) => times(500, () => hold(target, post(target.token, ' '.repeat(BODY)).slice(0, -1))),
  },
  messages: {
    allowedMb: 500 * (CONNECTION_MB + MESSAGE / KIB / KIB),
    run: (target) => times(500, () => holdSocket(target, target.token, [HALF_MESSAGE])),
  },
  /** Strangers whose pings are to be answered with their payload, which they never read. */
  pings: {
    // Texts of that size are collected late, as they come by the gigabyte.
    allowedMb: 96 + 50 * (CONNECTION_MB + (2 * MESSAGE) / KIB / KIB),
    run: (target) => again(target, () => times(50, () => floodSocket(target, PING))),
  },
  streams: {
    allowedMb: HELD_MB / 2 + 300 * CONNECTION_MB,
    run: (target) =>
      times(300, () => hold(target, post(target.token, json({ query: EVENTS }), EVENT_STREAM), true)),
  },
  /** As many as it can get, by all transports and for two callers. */
  answers: {
    allowedMb: HELD_MB + 150 * CONNECTION_MB,
    run: (target) =>
      times(50, async (n) => {
        const token = `${target.token}${n % 2}`;
        const body = json({ query: LARGE(`A${n}`) });
        const queries = Array.from({ length: 4 }, (_, id) => subscribe(id, LARGE(`B${n}x${id}`)));
        await Promise.all([
          hold(target, post(token, body), true),
          hold(target, post(token, body, EVENT_STREAM), true),
          holdSocket(target, token, queries, true),
        ]);
      }),
  },
  /** Operations that wait for the upstream, each with a hundred thousand values that it doesn't need. */
  values: {
    upstream: 'slow',
    allowedMb: HELD_MB / 2,
    run: (target) =>
      times(500, (n) => hold(target, post(target.token, json({ query: SLOW(n), variables: VALUES })))),
  },
  ...HELD_ATTACKS,
};

const HALF_MESSAGE = frame(' '.repeat(MESSAGE)).subarray(0, -1);
const PING = frame(JSON.stringify({ type: 'ping', payload: { filler: ' '.repeat(MESSAGE - KIB) } }));
const SLOW = (n: number): string => `query S${n} { runs(first: ${1 + n}) { nodes { id } } }`;
const VALUES = { a: Array.from({ length: 80_000 }, () => ({})) };

/** The same by a WebSocket. */
async function holdSocket(
  target: Target,
  token: string | undefined,
  messages: readonly Buffer[],
  isUnread = false,
): Promise<void> {
  const socket = await dialWebSocket(target, token);
  if (isUnread) socket.pause();
  for (const message of messages) socket.write(message);
  await closed(socket);
}

/** Sends a message again and again as fast as it is taken, and reads nothing. */
async function floodSocket(target: Target, message: Buffer): Promise<void> {
  const socket = await dialWebSocket(target);
  socket.pause();
  const ended = closed(socket);
  while (!socket.destroyed && !target.signal.aborted) {
    if (!socket.write(message)) await Promise.race([once(socket, 'drain'), ended]);
  }
}
