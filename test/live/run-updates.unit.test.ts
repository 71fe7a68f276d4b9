import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLive } from '../../src/live/index.ts';
import type { Run } from '../../src/runs/run.ts';
import { createLiveStore, runWith } from '../support/live-store.ts';

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-01-01T00:00:00Z') }));
afterEach(() => void vi.useRealTimers());

const CREATED = '2026-01-01T00:00:00Z';

/** Watches a run while it goes through these states, and returns what was told of it. */
async function told(
  states: readonly Partial<Run>[],
  { run = runWith({ created_at: CREATED }), stepMs = 20_000, lastMs = 40_000 } = {},
) {
  const store = createLiveStore();
  const updates: (string | null)[] = [];
  let isOver = false;
  const live = createLive({ maxSubscriptions: 10 });
  store.runs.set(run.id, run);
  const read = async (): Promise<void> => {
    for await (const update of live.forCaller('one', () => store.source).runUpdates(run.id)) {
      updates.push(
        update && [update.status, update.stopReason ?? '-', update.totalDurationNs ?? '-'].join(' '),
      );
    }
    isOver = true;
  };
  void read();
  for (const state of states) {
    await vi.advanceTimersByTimeAsync(stepMs);
    store.runs.set(run.id, { ...run, ...state });
  }
  await vi.advanceTimersByTimeAsync(lastMs);
  const requests = store.asked.runs;
  return { updates, isOver, requests, load: live.load };
}

const END = { status: 'failed', stopReason: 'error' } as const;

it.each<[string, Partial<Run>[], string[], boolean]>([
  ['ends with the run', [{ ...END, totalDurationNs: 7 }], ['created - -', 'failed error 7'], true],
  [
    'goes on while the run waits for approval, and after it',
    [
      { status: 'completed', stopReason: 'requires_approval', totalDurationNs: 3 },
      { status: 'running', stopReason: null, totalDurationNs: 3 },
      { status: 'completed', stopReason: 'end_turn', totalDurationNs: 9 },
    ],
    ['created - -', 'completed requires_approval 3', 'running - 3', 'completed end_turn 9'],
    true,
  ],
  ['goes on for a status that nobody knows', [{ status: 'paused' }], ['created - -', 'paused - -'], false],
])('It %s', async (_name, states, updates, isOver) => {
  expect(await told(states)).toMatchObject({ updates, isOver });
});

it.each([1000, 4000, 14_000])('It brings a duration that comes %d ms after the end', async (stepMs) => {
  for (let index = 0; index < 3; index++) {
    const states = [END, { ...END, totalDurationNs: 7 }];
    const { updates, isOver } = await told(states, { stepMs });
    expect({ updates, isOver }).toEqual({
      updates: ['created - -', 'failed error -', 'failed error 7'],
      isOver: true,
    });
  }
});

it('It brings the new duration of a run that had one from before it went on', async () => {
  const run = runWith({ created_at: CREATED, status: 'running', total_duration_ns: 3 });
  const states = [END, { ...END, totalDurationNs: 7 }];
  const { updates, isOver } = await told(states, { run, stepMs: 4000 });
  expect({ updates, isOver }).toEqual({
    updates: ['running - 3', 'failed error 3', 'failed error 7'],
    isOver: true,
  });
});

it('It is over at last without a duration, and at once if the run ended long ago', async () => {
  expect(await told([END], { lastMs: 10_000 })).toMatchObject({ isOver: false });
  expect(await told([END], { lastMs: 60_000 })).toMatchObject({ isOver: true });
  const old = runWith({ created_at: CREATED, status: 'failed', completed_at: '2025-12-31T00:00:00' });
  expect(await told([], { run: old, lastMs: 100 })).toMatchObject({ isOver: true });
});

it('It asks seldom for a run that waits for approval, and often for one that is under way', async () => {
  const run = runWith({ created_at: CREATED, status: 'completed', stop_reason: 'requires_approval' });
  const { requests } = await told([{}, {}], { run });
  expect(requests).toBeLessThan(20);
  expect((await told([{}, {}])).requests).toBeGreaterThan(50);
});
