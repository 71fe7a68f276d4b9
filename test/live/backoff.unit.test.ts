import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { UpstreamError } from '../../src/errors/upstream-error.ts';
import { createLive, StreamError } from '../../src/live/index.ts';
import type { RunFilter } from '../../src/runs/run-filters.ts';
import { createLiveStore, runWith } from '../support/live-store.ts';
import { seededRandom } from '../support/seeded-random.ts';

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-01-01T00:00:00Z') }));
afterEach(() => void vi.useRealTimers());

function createStore() {
  const store = createLiveStore();
  const run = runWith({ created_at: '2026-01-01T00:00:00Z', status: 'running' });
  store.runs.set(run.id, run);
  return store;
}

it('After a 429 no poller of the caller polls before its time, and all poll less often then', async () => {
  const store = createStore();
  const live = createLive({ maxSubscriptions: 10, random: () => 0.5 });
  let requests = 0;
  let isRefused = false;
  store.onRequest = () => {
    requests += 1;
    if (!isRefused) return;
    throw new UpstreamError('RATE_LIMITED', 'slow down', { status: 429, retryAfterMs: 20_000 });
  };
  const outcomes: unknown[] = [];
  const watch = (caller: string, filter: RunFilter) => {
    const events = live.forCaller(caller, () => store.source).listEvents({ filter, window: {} }, undefined);
    void (async () => {
      for await (const event of events) outcomes.push(event);
    })().catch((error: unknown) => outcomes.push(error));
    return events;
  };
  const streams = [{}, { agentId: 'agent-1' }, { background: false }].map((filter) => watch('one', filter));
  await vi.advanceTimersByTimeAsync(5000);
  isRefused = true;
  await vi.advanceTimersByTimeAsync(2000);
  requests = 0;
  await vi.advanceTimersByTimeAsync(15_000);
  expect(requests).toBe(0);
  // Who comes meanwhile is told at once, without a request; another caller is not concerned.
  streams.push(watch('one', { active: true }));
  await vi.advanceTimersByTimeAsync(10);
  expect(requests).toBe(0);
  expect(outcomes).toEqual([expect.any(StreamError)]);
  expect(outcomes[0]).toMatchObject({ cause: { code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) } });
  isRefused = false;
  streams.push(watch('two', {}));
  await vi.advanceTimersByTimeAsync(10);
  expect(requests).toBeGreaterThan(0);
  await streams.at(-1)?.return?.();
  await vi.advanceTimersByTimeAsync(8000);
  const before = store.asked.lists;
  await vi.advanceTimersByTimeAsync(10_000);
  // Three lists, two requests each, every two seconds instead of every second.
  expect(store.asked.lists - before).toBeLessThanOrEqual(3 * 2 * 6 + 3);
  expect(store.asked.lists).toBeGreaterThan(before);
  for (const stream of streams) void stream.return?.();
});

it('A new run of a list that was quiet is told within a few seconds, and idle lists ask together', async () => {
  const store = createLiveStore();
  const old = runWith({ created_at: '2025-12-31T00:00:00Z', status: 'failed', total_duration_ns: 1 });
  store.runs.set(old.id, old);
  const live = createLive({ maxSubscriptions: 100, random: seededRandom(1) });
  const told: string[] = [];
  const lists = Array.from({ length: 50 }, (_, index) =>
    live
      .forCaller('one', () => store.source)
      .listEvents({ filter: index === 0 ? {} : { agentId: `agent-${index}` }, window: {} }, undefined),
  );
  for (const events of lists) {
    void (async () => {
      for await (const { id } of events) told.push(id);
    })();
  }
  await vi.advanceTimersByTimeAsync(45_000);
  const before = store.asked.lists;
  await vi.advanceTimersByTimeAsync(60_000);
  // Every 15 seconds three requests for each list, and every 2 seconds or so one for all.
  expect(store.asked.lists - before).toBeLessThanOrEqual(50 * 3 * 5 + 150);
  const run = runWith({ created_at: '2026-01-01T00:01:45Z', agent_id: 'agent-1' });
  store.runs.set(run.id, run);
  await vi.advanceTimersByTimeAsync(4000);
  expect(told).toEqual([run.id, run.id]);
  for (const events of lists) void events.return?.();
});
