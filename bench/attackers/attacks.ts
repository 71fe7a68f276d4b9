import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { selectionKey } from '../../src/live/index.ts';
import { encodeSnapshot } from '../../src/live/snapshots/cursor.ts';
import { closed, dial, dialWebSocket, frame, head, post, subscribe, type Target } from './wire.ts';

/** Goes on until its connections are gone; it is then started again, until the attack ends. */
type Attack = (target: Target) => Promise<void>;

const EVENTS = 'subscription { runEvents { kind runId cursor run { status } } }';
const EVENT_STREAM = 'text/event-stream';
/** How long an attacker holds what it has got, in milliseconds. */
const HELD_MS = 10_000;
const MEBIBYTE = 1024 * 1024;

/** Every attacker by its name. Each is a caller of its own. */
export const ATTACKS: Readonly<Record<string, Attack>> = {
  /** Subscriptions with a megabyte of variables that no operation declares, by either transport. */
  async payloads(target) {
    const variables = { junk: 'x'.repeat(1_000_000) };
    const socket = await dialWebSocket(target, target.token);
    for (let id = 0; id < 53; id++) socket.write(subscribe(id, EVENTS, variables));
    const body = JSON.stringify({ query: EVENTS, variables });
    await times(53, async () => hold(target, post(target.token, body, EVENT_STREAM), HELD_MS));
    await closed(socket, 1);
    socket.destroy();
  },

  /** Bodies of a megabyte in chunks of one byte, six bytes on the wire for each. */
  async chunks(target) {
    const request = `${head(target.token)}transfer-encoding: chunked\r\n\r\n`;
    await times(8, async () => hold(target, Buffer.concat([Buffer.from(request), CHUNKS]), HELD_MS));
  },

  /** Answers of megabytes that are never read, by all transports. */
  async unread(target) {
    const body = JSON.stringify({ query: LARGE });
    await Promise.all([
      times(8, async () => hold(target, post(target.token, body), HELD_MS, true)),
      times(8, async () => hold(target, post(target.token, body, EVENT_STREAM), HELD_MS, true)),
      times(8, async () => {
        const socket = await dialWebSocket(target, target.token);
        socket.pause();
        for (let id = 0; id < 4; id++) socket.write(subscribe(id, LARGE));
        await closed(socket, HELD_MS);
        socket.destroy();
      }),
    ]);
  },

  /** Messages of a mebibyte from clients that never say who they are, and ones that never end from one that does. */
  async messages(target) {
    const message = frame(JSON.stringify({ type: 'x', payload: 'x'.repeat(MEBIBYTE - 100) }));
    await Promise.all([
      times(500, async () => {
        const socket = await dialWebSocket(target);
        socket.write(message.subarray(0, -1));
        await closed(socket, HELD_MS);
        socket.destroy();
      }),
      times(50, async () => {
        const socket = await dialWebSocket(target, target.token);
        socket.write(message.subarray(0, -1));
        await closed(socket, HELD_MS);
        socket.destroy();
      }),
    ]);
  },

  /** Cursors that name 300 runs that never were. */
  async cursors(target) {
    await times(34, async () => {
      const query = `subscription { runEvents(after: "${forgedCursor()}") { kind } }`;
      await hold(target, post(target.token, JSON.stringify({ query }), EVENT_STREAM), 3_000);
    });
  },

  /** As many subscriptions as it can get, all the same. */
  async subscriptions(target) {
    await times(100, async () => {
      const socket = await dialWebSocket(target, target.token);
      for (let id = 0; id < 100; id++) socket.write(subscribe(id, EVENTS));
      answerPings(socket);
      await closed(socket, HELD_MS);
      socket.destroy();
    });
  },

  /** Look-ups for a thousand rows each, by clients that leave before they are answered. */
  async lookUps(target) {
    const query = '{ runs(first: 1000) { nodes { usage { totalTokens } } } }';
    await times(100, async (index) => {
      const operation = `query Q${index} ${query}`;
      await hold(target, post(target.token, JSON.stringify({ query: operation })), 3_000);
    });
  },

  /** JSON that is as deep as it can be, behind a key that is written with an escape. */
  async nesting(target) {
    const depth = 195_000;
    const body = `{"query":"{__typename}","\\u0061":${'{"":'.repeat(depth)}1${'}'.repeat(depth)}}`;
    await times(8, async () => hold(target, post(target.token, body), 1_000));
  },
};

/** Does something so many times at once. What the gateway refuses is done no more in this round. */
async function times(count: number, act: (index: number) => Promise<void>): Promise<void> {
  await Promise.allSettled(Array.from({ length: count }, async (_, index) => act(index)));
}

/** Sends something by a connection of its own, and holds that for a while, or until it is closed. */
async function hold(target: Target, bytes: string | Buffer, ms: number, isUnread = false): Promise<void> {
  const socket = await dial(target);
  if (isUnread) socket.pause();
  else socket.resume();
  socket.write(bytes);
  await closed(socket, ms);
  socket.destroy();
}

function answerPings(socket: Awaited<ReturnType<typeof dial>>): void {
  socket.on('data', (chunk: Buffer) => {
    if (chunk[0] === 0x89) socket.write(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]));
  });
}

const CHUNKS = Buffer.from('1\r\n \r\n'.repeat(1_000_000));

/** As long an answer as an operation may ask for: about 28 MB. */
const LARGE = `{ ${Array.from({ length: 9 }, (_, n) => `p${n}: runs(first: 1000) { nodes { ...all } }`).join(' ')} }
  fragment all on Run { ${Array.from({ length: 14 }, (_, n) => `m${n}: metadata`).join(' ')} }`;

function forgedCursor(): string {
  const fingerprint = { digest: 1, isLate: false, isShown: true };
  const known = new Map(Array.from({ length: 300 }, () => [`run-${randomUUID()}`, fingerprint]));
  const snapshot = { start: null, watermark: null, known, slow: new Map() };
  return encodeSnapshot(snapshot, selectionKey({ filter: {}, window: {} }));
}

/** Attacks again and again; where nothing holds, not more than ten times a second. */
export async function attackUntil(name: string, target: Target): Promise<void> {
  while (!target.signal.aborted) {
    // oxlint-disable-next-line no-await-in-loop -- One round after the other.
    await Promise.all([ATTACKS[name]?.(target).catch(() => undefined), sleep(100)]);
  }
}
