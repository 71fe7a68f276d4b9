import { expect, test } from 'vitest';
import { startEmbeddedApi } from '../../../embedded-api/index.ts';
import { startLiveRuns } from '../../../embedded-api/live/live-runs.ts';
import { DEFAULT_ACTOR } from '../../../embedded-api/model/actors.ts';
import { openStore, type StoredRun } from '../../../embedded-api/store/store.ts';

const NOW = new Date('2026-11-20T17:00:00Z');

function fail(error: unknown): never {
  throw error;
}

async function newest(baseUrl: string): Promise<StoredRun | undefined> {
  const response = await fetch(`${baseUrl}/v1/runs/?limit=1`);
  const runs: StoredRun[] = await response.json();
  return runs[0];
}

test('the embedded API has live runs only if it is asked for them', async () => {
  const options = { onError: fail, now: () => NOW };
  await using still = await startEmbeddedApi(options);
  expect(await newest(still.baseUrl)).toMatchObject({ created_at: '2026-11-20T16:58:00Z' });
  await using live = await startEmbeddedApi({ ...options, live: true });
  expect(await newest(live.baseUrl)).toMatchObject({ created_at: '2026-11-20T17:00:00Z', status: 'created' });
});

test('live runs go on by the clock until they are disposed of', async () => {
  using store = openStore();
  let seconds = 0;
  const now = (): Date => new Date(NOW.getTime() + (seconds += 10) * 1000);
  const live = startLiveRuns(store, { now, onError: fail });
  const count = (): number => store.count();
  const first = count();
  await expect.poll(count).toBeGreaterThan(first + 1);
  live[Symbol.dispose]();
  const [last, asked] = [count(), seconds];
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect([count(), seconds]).toEqual([last, asked]);
});

test('an error is reported, and live runs go on', async () => {
  using store = openStore();
  const reported: unknown[] = [];
  let seconds = 0;
  const now = (): Date => new Date(NOW.getTime() + (seconds += 10) * 1000);
  using _live = startLiveRuns(store, { now, onError: (error) => reported.push(error) });
  const [run] = store.list({
    organizationId: DEFAULT_ACTOR.organizationId,
    ascending: true,
    limit: 1,
    filters: { status: ['created', 'running'] },
  });
  expect(run).toBeDefined();
  store[Symbol.dispose]();
  await expect.poll(() => reported.length).toBeGreaterThan(1);
});
