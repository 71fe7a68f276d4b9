import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLive, decodeSnapshot, type Live, StreamError } from '../../src/live/index.ts';
import { encodeSnapshot } from '../../src/live/snapshots/cursor.ts';
import { createMemory } from '../../src/memory/index.ts';
import { createLiveStore, type LiveStore, runWith } from '../support/live-store.ts';

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-01-01T00:00:00Z') }));
afterEach(() => void vi.useRealTimers());

const RUN = runWith({ created_at: '2025-12-31T23:59:00Z', status: 'running' });

function createStore(): LiveStore {
  const store = createLiveStore();
  store.runs.set(RUN.id, RUN);
  return store;
}

/** Opens a stream, and says how it ended. */
function open(live: Live, store: LiveStore, account: string) {
  const caller = live.forCaller(account, () => store.source);
  const events = caller.listEvents({ filter: {}, window: {} }, undefined);
  const outcome: { endedAt?: number; error?: unknown } = {};
  const read = async (): Promise<void> => {
    try {
      for await (const _event of events) continue;
    } catch (error) {
      outcome.error = error;
    }
    outcome.endedAt = Date.now();
  };
  void read();
  return { events, outcome, account };
}

const codeOf = (error: unknown): unknown =>
  error instanceof StreamError && error.cause instanceof Error && 'code' in error.cause
    ? error.cause.code
    : error;

it('Whoever has the most streams gives way to who has fewer, and shares come to be equal', async () => {
  const store = createStore();
  const live = createLive({ maxSubscriptions: 90, random: () => 0 });
  const greedy = Array.from({ length: 90 }, () => open(live, store, 'greedy'));
  await vi.advanceTimersByTimeAsync(2000);
  expect(() => open(live, store, 'greedy')).toThrow(
    expect.objectContaining({ code: 'TOO_MANY_SUBSCRIPTIONS', message: expect.stringContaining('90') }),
  );
  const first = open(live, store, 'modest');
  await vi.advanceTimersByTimeAsync(2000);
  // Its newest one, with a cursor to go on from later.
  expect(greedy.map(({ outcome }) => codeOf(outcome.error))).toEqual([
    ...Array.from({ length: 89 }, () => undefined),
    'TOO_MANY_SUBSCRIPTIONS',
  ]);
  expect(greedy.at(-1)?.outcome.error).toMatchObject({ cursor: expect.any(String) });
  // Two more callers take what they can: all three have the same at last, and nobody gains by trying on.
  const rivals = ['rival', 'other'].flatMap((account) => {
    const opened = [];
    for (;;) {
      try {
        opened.push(open(live, store, account));
      } catch {
        return opened;
      }
    }
  });
  await vi.advanceTimersByTimeAsync(2000);
  const openOf = (account: string): number =>
    [...greedy, ...rivals, first].filter(
      (stream) => stream.account === account && stream.outcome.endedAt === undefined,
    ).length;
  for (const account of ['greedy', 'rival', 'other']) {
    expect(openOf(account)).toBeGreaterThanOrEqual(29);
    expect(openOf(account)).toBeLessThanOrEqual(30);
  }
  expect(first.outcome).toEqual({});
  expect(live.load.subscriptions).toBe(90);
  for (const { events } of [...greedy, ...rivals, first]) void events.return?.();
  await vi.advanceTimersByTimeAsync(1);
  expect(live.load).toEqual({ subscriptions: 0, pollers: 0 });
  expect(vi.getTimerCount()).toBe(0);
});

it('A stream that nobody reads gives its place away, and causes no more polls', async () => {
  const store = createStore();
  const live = createLive({ maxSubscriptions: 2, random: () => 0 });
  const deaf = [1, 2].map(() =>
    live.forCaller('deaf', () => store.source).listEvents({ filter: {}, window: {} }, undefined),
  );
  await deaf[1]?.return?.();
  const unread = live.forCaller('deaf', () => store.source).runUpdates(RUN.id);
  const { events } = open(live, store, 'modest');
  expect(live.load).toEqual({ subscriptions: 2, pollers: 2 });
  await expect(unread.next()).rejects.toMatchObject({ cause: { code: 'TOO_MANY_SUBSCRIPTIONS' } });
  expect(await unread.next()).toMatchObject({ done: true });
  await events.return?.();
  await deaf[0]?.return?.();
  expect(live.load).toEqual({ subscriptions: 0, pollers: 0 });
});

it('While draining, streams end one by one within the time, and none begins', async () => {
  const store = createStore();
  let drawn = 0;
  const live = createLive({ maxSubscriptions: 1000, random: () => (drawn++ % 100) / 100 });
  const streams = Array.from({ length: 500 }, (_, index) => open(live, store, `caller ${index % 3}`));
  await vi.advanceTimersByTimeAsync(2000);
  const start = Date.now();
  live.drain(10_000);
  expect(live.isDraining).toBe(true);
  expect(() => open(live, store, 'late')).toThrow(expect.objectContaining({ code: 'SUBSCRIPTION_DRAINED' }));
  await vi.advanceTimersByTimeAsync(10_000);
  const ends = streams.map(({ outcome }) => (outcome.endedAt ?? Infinity) - start);
  for (let second = 0; second < 10; second++) {
    expect(ends.filter((ms) => Math.floor(ms / 1000) === second)).toHaveLength(50);
  }
  for (const { outcome } of streams) {
    expect(codeOf(outcome.error)).toBe('SUBSCRIPTION_DRAINED');
    expect(outcome.error).toMatchObject({ cursor: expect.any(String) });
  }
  expect(vi.getTimerCount()).toBe(0);
});

it('While draining, the streams of one connection end together, and none before its time', async () => {
  const store = createStore();
  const live = createLive({ maxSubscriptions: 1000 });
  const ends: number[][] = [];
  for (let index = 0; index < 50; index++) {
    const connection = {};
    const own: number[] = [];
    ends.push(own);
    for (const id of ['one', 'one', 'other']) {
      const runs = live.forCaller(id, () => store.source, { connection });
      const next = runs.listEvents({ filter: {}, window: {} }, undefined).next();
      next.catch(() => own.push(Date.now()));
    }
  }
  await vi.advanceTimersByTimeAsync(2000);
  const start = Date.now();
  live.drain(10_000, 4_000);
  await vi.advanceTimersByTimeAsync(10_000);
  for (const own of ends) {
    expect(own).toHaveLength(3);
    expect(new Set(own).size).toBe(1);
    expect((own[0] ?? 0) - start).toBeGreaterThanOrEqual(4_000);
  }
  expect(new Set(ends.flat()).size).toBeGreaterThan(20);
});

it('Draining that is cut short ends what is left at once', async () => {
  const store = createStore();
  const live = createLive({ maxSubscriptions: 1000 });
  const streams = Array.from({ length: 50 }, () => open(live, store, 'one'));
  await vi.advanceTimersByTimeAsync(2000);
  live.drain(60_000);
  live.drain();
  await vi.advanceTimersByTimeAsync(0);
  for (const { outcome } of streams) expect(codeOf(outcome.error)).toBe('SUBSCRIPTION_DRAINED');
  expect(vi.getTimerCount()).toBe(0);
});

it('A stream is entered with the runs that its cursor names, however short the cursor is', () => {
  const store = createStore();
  const memory = createMemory({ budgetBytes: 2 ** 30 });
  const live = createLive({ maxSubscriptions: 10, memory });
  const ids = Array.from(
    { length: 1000 },
    (_, run) => `run-00000000-0000-4000-8000-${run.toString(16).padStart(12, '0')}`,
  );
  const known = new Map(ids.map((id) => [id, { digest: 0, isLate: false, isShown: true }]));
  const cursor = encodeSnapshot({ start: null, watermark: null, known, slow: new Map() }, '');
  const snapshot = decodeSnapshot(cursor, '');
  if (typeof snapshot === 'string') throw new Error(`The cursor is ${snapshot}`);
  const events = live.forCaller('one', () => store.source).listEvents({ filter: {}, window: {} }, snapshot);
  // What was measured: 140 bytes for each.
  expect(memory.held.stream).toBeGreaterThan(140_000);
  void events.return?.();
  expect(memory.held.stream).toBe(0);
});

it('Nobody gives way to a stream for which there is no memory', () => {
  const store = createStore();
  const memory = createMemory({ budgetBytes: 10_000 });
  const live = createLive({ maxSubscriptions: 3, memory });
  const opened = Array.from({ length: 3 }, () => open(live, store, 'one'));
  const large = live.forCaller('other', () => store.source, { keptBytes: 20_000 });
  expect(() => large.listEvents({ filter: {}, window: {} }, undefined)).toThrow(
    expect.objectContaining({ code: 'OVERLOADED' }),
  );
  expect(live.load.subscriptions).toBe(3);
  expect(memory.held.stream).toBe(0);
  for (const { events } of opened) void events.return?.();
});
