import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLive } from '../../src/live/index.ts';
import type { Run } from '../../src/runs/run.ts';
import { createLiveStore, runWith } from '../support/live-store.ts';

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-01-01T00:00:00Z') }));
afterEach(() => void vi.useRealTimers());

const CREATED = '2026-01-01T00:00:00Z';

/** Watches a run while it goes through these states, and returns what was told of it. */
async function told(states: readonly Partial<Run>[], run = runWith({ created_at: CREATED })) {
  const store = createLiveStore();
  const updates: (string | null)[] = [];
  let isOver = false;
  const live = createLive({ maxSubscriptions: 10 });
  store.runs.set(run.id, run);
  const read = async (): Promise<void> => {
    for await (const update of live.forCaller('one', () => store.source).runUpdates(run.id)) {
      updates.push(update && `${update.status} ${update.stopReason ?? '-'}`);
    }
    isOver = true;
  };
  void read();
  for (const state of states) {
    await vi.advanceTimersByTimeAsync(20_000);
    store.runs.set(run.id, { ...run, ...state });
  }
  await vi.advanceTimersByTimeAsync(20_000);
  const requests = store.asked.runs;
  return { updates, isOver, requests, load: live.load };
}

it.each<[string, Partial<Run>[], string[], boolean]>([
  ['ends with the run', [{ status: 'failed', stopReason: 'error' }], ['created -', 'failed error'], true],
  [
    'goes on while the run waits for approval, and after it',
    [
      { status: 'completed', stopReason: 'requires_approval' },
      { status: 'running', stopReason: null },
      { status: 'completed', stopReason: 'end_turn' },
    ],
    ['created -', 'completed requires_approval', 'running -', 'completed end_turn'],
    true,
  ],
  ['goes on for a status that nobody knows', [{ status: 'paused' }], ['created -', 'paused -'], false],
])('It %s', async (_name, states, updates, isOver) => {
  expect(await told(states)).toMatchObject({ updates, isOver });
});

it('It asks seldom for a run that waits for approval, and often for one that is under way', async () => {
  const waiting = runWith({ created_at: CREATED, status: 'completed', stop_reason: 'requires_approval' });
  const { requests } = await told([{}, {}], waiting);
  expect(requests).toBeLessThan(20);
  expect((await told([{}, {}])).requests).toBeGreaterThan(50);
});
