import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLive, type Live, StreamError } from '../../src/live/index.ts';
import { createLiveStore, runWith, sleep } from '../support/live-store.ts';

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-01-01T00:00:00Z') }));
afterEach(() => void vi.useRealTimers());

function watch(live: Live, store: ReturnType<typeof createLiveStore>, caller = 'one') {
  const events = live.forCaller(caller, () => store.source).listEvents({ filter: {}, window: {} }, undefined);
  const outcome: { told: number; error?: unknown } = { told: 0 };
  const read = async (): Promise<void> => {
    try {
      for await (const _event of events) outcome.told += 1;
    } catch (error) {
      outcome.error = error;
    }
  };
  void read();
  return { events, outcome };
}

function createStore() {
  const store = createLiveStore();
  for (let second = 10; second < 40; second++) {
    const run = runWith({ created_at: `2025-12-31T23:59:${second}Z`, status: 'running' });
    store.runs.set(run.id, run);
  }
  return store;
}

describe('Watchers of one list', () => {
  it('a thousand of them cause one poll for each interval', async () => {
    const store = createStore();
    const live = createLive({ maxSubscriptions: 10_000, random: () => 0 });
    const watchers = Array.from({ length: 1000 }, () => watch(live, store));
    await vi.advanceTimersByTimeAsync(10_500);
    // For the first at once, for the others soon, then one a second: each of the active runs and the newest,
    // the first one also of those that wait for approval.
    expect(store.asked.lists).toBe(1 + 2 * 12);
    const run = runWith({ created_at: '2026-01-01T00:00:10Z' });
    store.runs.set(run.id, run);
    await vi.advanceTimersByTimeAsync(1500);
    expect(watchers.map(({ outcome }) => outcome.told)).toEqual(Array.from(watchers, () => 1));
    expect(live.load).toEqual({ subscriptions: 1000, pollers: 1 });
    for (const { events } of watchers) void events.return?.();
    await vi.advanceTimersByTimeAsync(1);
    expect(live.load).toEqual({ subscriptions: 0, pollers: 0 });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('are told over several turns of the event loop, so that requests are served in between', async () => {
    vi.useRealTimers();
    const store = createStore();
    const live = createLive({ maxSubscriptions: 10_000, random: () => 0 });
    const watchers = Array.from({ length: 500 }, () => watch(live, store));
    const told = (): number => watchers.reduce((sum, { outcome }) => sum + outcome.told, 0);
    await vi.waitFor(() => expect(store.asked.lists).toBeGreaterThan(4), 10_000);
    const run = runWith({ created_at: '2026-01-01T00:00:10Z' });
    store.runs.set(run.id, run);
    let mostInOneTurn = 0;
    for (let before = 0; before < 500; before = told()) {
      await new Promise(setImmediate);
      mostInOneTurn = Math.max(mostInOneTurn, told() - before);
    }
    for (const { events } of watchers) void events.return?.();
    expect(mostInOneTurn).toBeLessThanOrEqual(64);
  });

  it('of two callers are polled for each of them', async () => {
    const store = createStore();
    const live = createLive({ maxSubscriptions: 10_000, random: () => 0 });
    const watchers = [watch(live, store), watch(live, store, 'two')];
    await vi.advanceTimersByTimeAsync(10_500);
    expect(store.asked.lists).toBe(2 * (1 + 2 * 11));
    expect(live.load).toEqual({ subscriptions: 2, pollers: 2 });
    for (const { events } of watchers) void events.return?.();
  });

  it('that come and go ten thousand times leave nothing', async () => {
    const store = createStore();
    const live = createLive({ maxSubscriptions: 10_000, random: () => 0 });
    for (let round = 0; round < 10_000; round++) {
      const { events } = watch(live, store, `caller ${round % 7}`);
      if (round % 3 === 0) await vi.advanceTimersByTimeAsync(round % 5);
      void events.return?.();
    }
    await vi.advanceTimersByTimeAsync(10);
    expect(live.load).toEqual({ subscriptions: 0, pollers: 0 });
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('Whoever comes while polls fail learns of it at once; the others wait a minute', async () => {
  const store = createStore();
  const live = createLive({ maxSubscriptions: 10_000, random: () => 0 });
  const first = watch(live, store);
  await sleepFor(100);
  store.failures = Infinity;
  await sleepFor(3000);
  const second = watch(live, store);
  await sleepFor(16_000);
  expect(second.outcome.error).toBeInstanceOf(StreamError);
  expect(first.outcome.error).toBeUndefined();
  await sleepFor(61_000);
  expect(first.outcome.error).toMatchObject({ cursor: expect.any(String) });
});

async function sleepFor(ms: number): Promise<void> {
  const slept = sleep(ms);
  await vi.advanceTimersByTimeAsync(ms);
  await slept;
}

it('An account watches at most a hundred different lists and runs, in whatever projects, and others watch on', async () => {
  const store = createStore();
  const live = createLive({ maxSubscriptions: 10_000, random: () => 0 });
  const updates = (project: number, account: string, id = 'run-1') =>
    live.forCaller(`${account} ${project}`, () => store.source, { account }).runUpdates(id);
  const open = Array.from({ length: 100 }, (_, project) => updates(project, 'one'));
  const refused = { code: 'TOO_MANY_SUBSCRIPTIONS' };
  expect(() => updates(100, 'one')).toThrow(expect.objectContaining(refused));
  expect(() => updates(7, 'one', 'run-2')).toThrow(expect.objectContaining(refused));
  // What it watches already costs nothing more.
  await updates(7, 'one').return?.();
  await updates(100, 'two').return?.();
  expect(live.load.pollers).toBe(100);
  await open[0]?.return?.();
  await updates(100, 'one').return?.();
  for (const each of open) await each.return?.();
  expect(live.load).toEqual({ subscriptions: 0, pollers: 0 });
});
