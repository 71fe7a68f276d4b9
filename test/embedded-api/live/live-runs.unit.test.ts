import { expect, test } from 'vitest';
import { createLiveRuns } from '../../../embedded-api/live/live-runs.ts';
import { DEFAULT_ACTOR } from '../../../embedded-api/model/actors.ts';
import type { RunRow, StoredRun } from '../../../embedded-api/model/rows.ts';
import { sampleDetails } from '../../../embedded-api/samples/details/run-details.ts';
import { createRandom } from '../../../embedded-api/samples/random.ts';
import { insertSamples } from '../../../embedded-api/samples/sample-runs.ts';
import { openStore, type RunStore } from '../../../embedded-api/store/store.ts';

const START = new Date('2026-11-20T17:00:00Z');
const { organizationId } = DEFAULT_ACTOR;
const ACTIVE = { status: ['created', 'running'] };

const after = (seconds: number): Date => new Date(START.getTime() + seconds * 1000);

/** What is sent of a row, with its columns, whose times have six fraction digits. */
type Shown = Omit<StoredRun, keyof RunRow> & RunRow;
const shown = (row: RunRow): Shown => ({ ...JSON.parse(row.json), ...row });
const all = (store: RunStore, filters = {}): Shown[] =>
  store.list({ organizationId, filters, ascending: true, limit: 100_000 }).map(shown);
const retrieve = (store: RunStore, id: string): Shown | undefined => {
  const row = store.retrieve(id, organizationId);
  return row && shown(row);
};
const stepsOf = (store: RunStore, id: string) =>
  store.steps
    .list(id, { organizationId, ascending: true, limit: 1000 })
    .map((row) => ({ ...JSON.parse(row.json), ...row }));
const messagesOf = (store: RunStore, id: string) => store.messages.list(id, { ascending: true, limit: 1000 });

const hasEnded = (store: RunStore, id: string): boolean => retrieve(store, id)?.completed_at !== null;

/** Live runs in an empty store. */
function liveStore({ seed = 1, kept }: { seed?: number; kept?: number } = {}) {
  const store = openStore();
  const random = createRandom(seed);
  return {
    store,
    live: createLiveRuns({ store, start: START, random, ...(kept !== undefined && { kept }) }),
  };
}

test('the same seed makes the same runs, however often the clock is looked at', () => {
  const often = liveStore();
  for (let seconds = 0; seconds <= 100; seconds += 0.1) often.live.advance(after(seconds));
  const once = liveStore();
  once.live.advance(after(100));
  const state = ({ store }: typeof once) =>
    all(store).map((run) => ({ run, steps: stepsOf(store, run.id), messages: messagesOf(store, run.id) }));
  expect(state(often)).toEqual(state(once));
  expect(state(often).length).toBeGreaterThan(5);
  const other = liveStore({ seed: 2 });
  other.live.advance(after(100));
  expect(state(other)).not.toEqual(state(once));
});

test('one to four runs are under way at any time, and something changes every few seconds', () => {
  const { store, live } = liveStore();
  const counts = new Set<number>();
  let quiet = 0;
  let longest = 0;
  let before = '';
  for (let seconds = 0; seconds <= 1800; seconds += 1) {
    live.advance(after(seconds));
    const active = all(store, ACTIVE);
    counts.add(active.length);
    const state = active.map(({ id, status }) => [id, status, stepsOf(store, id).map((step) => step.status)]);
    quiet = JSON.stringify(state) === before ? quiet + 1 : 0;
    before = JSON.stringify(state);
    longest = Math.max(longest, quiet);
  }
  expect(counts).toEqual(new Set([1, 2, 3, 4]));
  expect(longest).toBeLessThan(8);
});

test('a run is created, runs, takes its steps one after the other, and ends with its metrics', () => {
  const { store, live } = liveStore();
  live.advance(START);
  const [first] = all(store);
  expect(first).toMatchObject({
    status: 'created',
    stop_reason: null,
    completed_at: null,
    run_ns: null,
    num_steps: 0n,
  });
  const { id = '' } = first ?? {};
  expect(messagesOf(store, id)).toEqual([]);
  const statuses: string[] = [];
  for (let seconds = 0; seconds <= 70; seconds += 0.25) {
    live.advance(after(seconds));
    const run = retrieve(store, id);
    if (run === undefined) throw new Error('expected the run to stay');
    if (statuses.at(-1) !== run.status) statuses.push(run.status);
    const steps = stepsOf(store, id);
    const isOver = run.completed_at !== null;
    expect(steps.slice(0, -1).every(({ status }) => status === 'success')).toBe(true);
    if (isOver) expect(steps.length).toBe(Number(run.num_steps));
    for (const { status, step_ns } of steps) expect(step_ns === null).toBe(status === 'pending');
    const measured = steps.reduce((sum, { step_ns }) => sum + (step_ns ?? 0n), 0n);
    if (isOver) expect(measured).toBeLessThanOrEqual(run.run_ns ?? BigInt(run.total_duration_ns ?? 0));
    const latest = [...steps, ...messagesOf(store, id)]
      .map(({ created_at }) => String(created_at))
      .toSorted()
      .at(-1);
    expect((latest ?? '') <= after(seconds).toISOString().replace('Z', '999Z')).toBe(true);
    for (const { created_at } of messagesOf(store, id)) {
      expect(created_at > run.created_at && created_at < (run.completed_at ?? '9')).toBe(true);
    }
  }
  expect(statuses.slice(0, 2)).toEqual(['created', 'running']);
  expect(statuses).toHaveLength(3);
});

test('within two hours runs end in every way, and last 5 to 60 seconds', () => {
  const { store, live } = liveStore();
  for (let seconds = 0; seconds <= 7200; seconds += 60) live.advance(after(seconds));
  const ended = all(store).filter(({ completed_at }) => completed_at !== null);
  for (const status of ['completed', 'failed', 'cancelled']) {
    expect(ended.some((run) => run.status === status)).toBe(true);
  }
  for (const reason of [
    'end_turn',
    'requires_approval',
    'error',
    'llm_api_error',
    'max_steps',
    'cancelled',
  ]) {
    expect(ended.some(({ stop_reason }) => stop_reason === reason)).toBe(true);
  }
  for (const { created_at, completed_at, total_duration_ns, id } of ended) {
    const seconds = (Date.parse(`${completed_at}Z`) - Date.parse(created_at)) / 1000;
    expect(seconds).toBeGreaterThanOrEqual(4.999);
    expect(seconds).toBeLessThanOrEqual(60.001);
    expect(Math.abs(Number(total_duration_ns) / 1e9 - seconds)).toBeLessThan(0.01);
    const [last] = stepsOf(store, id).toReversed();
    expect(last?.status).not.toBe('pending');
  }
  const called = ended.filter(({ callback_url }) => callback_url !== null);
  expect(called.length).toBeGreaterThan(50);
  const answers = new Set(called.map(({ callback_status_code }) => callback_status_code));
  expect(answers).toEqual(new Set([200, 503, null]));
  const waiting = ended.find(({ stop_reason }) => stop_reason === 'requires_approval');
  expect(messagesOf(store, waiting?.id ?? '').at(-1)?.json).toContain('"approval_request_message"');
  const failed = ended.filter(({ status }) => status === 'failed');
  expect(failed.every(({ metadata }) => metadata === null || 'error' in Object(metadata))).toBe(true);
});

test('the callback comes after the end, in a change of its own', () => {
  const { store, live } = liveStore();
  const seen = new Set<string>();
  for (let seconds = 0; seconds <= 600; seconds += 0.1) {
    live.advance(after(seconds));
    for (const run of all(store)) {
      if (run.callback_url !== null && run.completed_at !== null && run.callback_sent_at === null)
        seen.add(run.id);
      if (run.callback_sent_at !== null) expect(run.callback_sent_at > (run.completed_at ?? '9')).toBe(true);
    }
  }
  expect(seen.size).toBeGreaterThan(3);
});

test('a run that is cancelled does not go on, and another one follows', () => {
  const { store, live } = liveStore();
  live.advance(after(4));
  const [run] = all(store);
  const { id = '' } = run ?? {};
  store.update(id, { status: 'cancelled', stop_reason: 'cancelled', completed_at: after(4).toISOString() });
  const [kept, steps, messages] = [retrieve(store, id), stepsOf(store, id), messagesOf(store, id)];
  const open = steps.pop();
  expect(open?.status).toBe('pending');
  for (let seconds = 4; seconds <= 120; seconds += 1) {
    live.advance(after(seconds));
    expect(all(store, ACTIVE).length).toBeGreaterThan(0);
  }
  const ended = { ...open, status: 'cancelled', stop_reason: 'cancelled', json: expect.any(String) };
  expect([retrieve(store, id), stepsOf(store, id), messagesOf(store, id)]).toEqual([
    kept,
    [...steps, ended],
    messages,
  ]);
});

test('only the newest live runs are kept, with what happened in them, and no other run is removed', () => {
  const store = openStore();
  const foreign = {
    id: 'run-0',
    agent_id: 'agent-0',
    created_at: '2020-01-01T00:00:00Z',
    status: 'completed',
  };
  store.insert([foreign]);
  const live = createLiveRuns({ store, start: START, random: createRandom(3), kept: 20 });
  const known = new Set<string>();
  for (let seconds = 0; seconds <= 1200; seconds += 1) {
    live.advance(after(seconds));
    for (const { id } of all(store)) known.add(id);
    expect(all(store).length).toBeLessThanOrEqual(20 + 4 + 1);
  }
  expect(known.size).toBeGreaterThan(60);
  const left = new Set(all(store).map(({ id }) => id));
  expect(left.has('run-0')).toBe(true);
  for (const id of known) {
    const found = [...stepsOf(store, id), ...messagesOf(store, id)];
    if (!left.has(id)) expect(found).toEqual([]);
    else if (retrieve(store, id)?.is_live === 1n && hasEnded(store, id)) {
      expect(found.length).toBeGreaterThan(1);
    }
  }
});

test('live runs go on where even those under way are too many to keep', () => {
  const { store, live } = liveStore({ kept: 1 });
  for (let seconds = 0; seconds <= 300; seconds += 1) live.advance(after(seconds));
  expect(all(store, ACTIVE).length).toBeGreaterThan(0);
});

test('after a long sleep what was under way has ended, and only two minutes are made up for', () => {
  const { store, live } = liveStore();
  live.advance(after(30));
  const before = all(store).length;
  live.advance(after(8 * 3600));
  const runs = all(store);
  expect(runs.length - before).toBeLessThan(60);
  expect(runs.slice(0, before).every(({ completed_at }) => completed_at !== null)).toBe(true);
  expect(
    runs.slice(before).every(({ created_at }) => Date.parse(created_at) >= after(8 * 3600 - 120).getTime()),
  ).toBe(true);
  expect(all(store, ACTIVE).length).toBeGreaterThan(0);
});

test('a clock that goes back changes nothing', () => {
  const { store, live } = liveStore();
  live.advance(after(60));
  const before = all(store);
  live.advance(after(10));
  expect(all(store)).toEqual(before);
});

test('sample runs that were under way have completed, the same always in the same way', () => {
  const settled = (seed: number) => {
    using store = openStore({ makeDetails: sampleDetails });
    insertSamples(store, { count: 2000, seed: 1, now: START });
    const active = all(store, ACTIVE).map(({ id }) => id);
    const others = all(store).filter(({ id }) => !active.includes(id));
    createLiveRuns({ store, start: after(seed), random: createRandom(seed) });
    expect(all(store, ACTIVE)).toEqual([]);
    expect(all(store).filter(({ id }) => !active.includes(id))).toEqual(others);
    return active.map((id) => ({ run: retrieve(store, id), steps: stepsOf(store, id) }));
  };
  const runs = settled(1);
  expect(runs.length).toBeGreaterThan(10);
  for (const { run, steps } of runs) {
    expect(run?.status).toBe('completed');
    expect((run?.completed_at ?? '9') < START.toISOString()).toBe(true);
    expect(steps.at(-1)).toMatchObject({ status: 'success', stop_reason: 'end_turn' });
  }
  expect(settled(2)).toEqual(runs);
});

test('live runs of a process that has stopped have failed, and those of others stay as they are', () => {
  using store = openStore();
  createLiveRuns({ store, start: START, random: createRandom(1) }).advance(after(10));
  store.insert([{ id: 'run-0', agent_id: 'agent-0', created_at: '2020-01-01T00:00:00Z', status: 'running' }]);
  const active = all(store, ACTIVE).filter(({ id }) => id !== 'run-0');
  expect(active.length).toBeGreaterThan(0);
  createLiveRuns({ store, start: after(100), random: createRandom(2) });
  expect(all(store, ACTIVE).map(({ id }) => id)).toEqual(['run-0']);
  for (const { id } of active) {
    expect(retrieve(store, id)).toMatchObject({ status: 'failed', stop_reason: 'error' });
    expect(stepsOf(store, id).filter(({ status }) => status === 'pending')).toEqual([]);
  }
});

test('agents tell of the last run that ended, and an empty store gets some', () => {
  const { store, live } = liveStore();
  expect(store.agents.all(organizationId).length).toBeGreaterThan(2);
  live.advance(after(300));
  for (const agent of store.agents.all(organizationId)) {
    const ended = all(store).filter(
      ({ agent_id, completed_at }) => agent_id === agent.id && completed_at !== null,
    );
    const [last] = ended.toSorted((a, b) => ((a.completed_at ?? '') > (b.completed_at ?? '') ? -1 : 1));
    const { last_run_completion, last_stop_reason } = JSON.parse(agent.json);
    expect(last_run_completion?.replace('Z', '') ?? null).toBe(last?.completed_at ?? null);
    expect(last_stop_reason).toBe(last?.stop_reason ?? null);
  }
});
