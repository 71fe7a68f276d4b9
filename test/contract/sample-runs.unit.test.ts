import { expect, test } from 'vitest';
import { createLiveRuns } from '../../embedded-api/live/live-runs.ts';
import { createApi } from '../../embedded-api/routes/api.ts';
import { listedRun } from '../../embedded-api/routes/runs.ts';
import { createRandom } from '../../embedded-api/samples/random.ts';
import { insertSamples } from '../../embedded-api/samples/sample-runs.ts';
import { DEFAULT_ACTOR } from '../../embedded-api/store/actors.ts';
import { BLANK_RUN, type Run, RunStore } from '../../embedded-api/store/run-store.ts';
import { messagesIn, pendingIn, requestOf } from '../../embedded-api/store/stored-conversations.ts';
import { RUN_STATUSES, STOP_REASONS, type WireRun } from '../support/run-fields.ts';

// What somebody sees who tries `npm start` without a server.

const NOW = new Date('2026-11-20T17:00:00Z');
const { organizationId } = DEFAULT_ACTOR;

function samples(seed = 1): RunStore {
  const store = new RunStore();
  insertSamples(store, { count: 2000, seed, now: NOW });
  return store;
}

/** Newest first. */
function runsOf(store: RunStore): readonly WireRun[] {
  return store
    .of(organizationId)
    .map((run) => JSON.parse(listedRun(run)))
    .toReversed();
}

test('The same seed makes the same sample runs, and as many as asked for', () => {
  expect(runsOf(samples())).toEqual(runsOf(samples()));
  expect(runsOf(samples())).toHaveLength(2000);
  expect(runsOf(samples(2))[0]?.id).not.toBe(runsOf(samples())[0]?.id);
});

test.each([1, 2])(
  'Sample runs of seed %i are of every kind, none in the future, none without an agent',
  (seed) => {
    const store = samples(seed);
    const runs = runsOf(store);
    expect(new Set(runs.map(({ status }) => status))).toEqual(new Set(RUN_STATUSES));
    expect(new Set(runs.map((run) => run.stop_reason))).toEqual(new Set([...STOP_REASONS, null]));
    const agents = new Set(store.agents.of(organizationId).map(({ id }) => id));
    for (const { agent_id, completed_at, created_at, status } of runs) {
      expect(agents).toContain(agent_id);
      expect(completed_at === null).toBe(status === 'created' || status === 'running');
      for (const at of [created_at, completed_at ?? '']) expect(at < NOW.toISOString()).toBe(true);
    }
    // Those who open a page see these first.
    const failed = runs.find(({ status }) => status === 'failed');
    for (const { id } of [...runs.slice(0, 20), failed ?? { id: '' }])
      expect(JSON.stringify(runs.find((run) => run.id === id)?.metadata)).toMatch(/^[ -~]*$/);
  },
);

test('What happened in a sample run fits how it ended', () => {
  const store = samples();
  const types = new Set<string>();
  for (const { id, status, stop_reason } of runsOf(store).slice(0, 300)) {
    const steps = store.steps.of(id);
    const items = store.messages.of(id).flatMap((message) => message.items);
    for (const { message_type } of items) types.add(message_type);
    const last = steps.at(-1);
    if (last === undefined) {
      expect(status).toBe('created');
      continue;
    }
    const { asks, answers, denies } = store.find(id) ?? BLANK_RUN;
    const ended = { running: 'pending', completed: 'success' }[status] ?? status;
    // A run that is cancelled long after it paused has the steps that it had.
    const expected = asks === null ? [stop_reason, ended] : ['requires_approval', 'success'];
    expect([last['stop_reason'], last['status']]).toEqual(expected);
    expect(steps.slice(0, -1).every((step) => step['status'] === 'success')).toBe(true);
    const { message } = Object(last['error_data']);
    // What a model did wrong, no tool says.
    if (String(last['error_type']).startsWith('LLM')) expect(JSON.stringify(items)).not.toContain(message);
    // The results of an answered call belong to the step of the request.
    const requested = [answers, denies].flatMap((other) => store.steps.of(other ?? ''));
    const stepIds = [null, ...[...steps, ...requested].map((step) => step.id)];
    for (const { step_id } of items) expect(stepIds).toContain(step_id);
  }
  expect(types.size).toBeGreaterThanOrEqual(7);
});

/** What came behind the request of a run that paused, in its conversation. */
function fateOf(store: RunStore, run: Run): string {
  const messages = messagesIn(store, run);
  const at = messages.findIndex(({ items }) => items.some(({ id }) => id === requestOf(store, run.id)?.id));
  const next = messages[at + 1];
  if (next === undefined) return pendingIn(store, run)?.run_id === run.id ? 'waits' : 'lost';
  const { message_type, reason }: { message_type?: string; reason?: string } = Object(next.items[0]);
  if (message_type !== 'approval_response_message') return `${message_type}`;
  if (reason?.startsWith('The user cancelled'))
    return next.run_id === run.id ? 'cancelled' : 'denied by a cancel';
  return store.find(next.run_id)?.answers === run.id ? 'answered' : 'answered by another';
}

test('A sample request waits, or was answered by a later run, or denied by a cancel', () => {
  const fates = [1, 2, 3].flatMap((seed) => {
    const store = samples(seed);
    const paused = store.of(organizationId).filter(({ asks }) => asks !== null);
    return paused.map((run) => fateOf(store, run));
  });
  const counts = Object.entries(Object.groupBy(fates, (fate) => fate)).map(([fate, all]) => [
    fate,
    all?.length ?? 0,
  ]);
  expect(new Set(counts.map(([fate]) => fate))).toEqual(
    new Set(['waits', 'answered', 'cancelled', 'denied by a cancel']),
  );
  expect(Object.fromEntries(counts)['answered']).toBeGreaterThan(fates.length / 2);
});

test.each([1, 2])(
  'Among the newest samples of seed %i is every kind of request, and one that was approved',
  (seed) => {
    const store = samples(seed);
    const newest = store.of(organizationId).slice(-15);
    const waiting = newest.filter((run) => run.asks !== null && fateOf(store, run) === 'waits');
    const places = waiting.map(
      ({ asks, conversation_id }) => `${asks}, ${conversation_id === null ? 'default' : 'other'}`,
    );
    expect(places).toEqual(
      expect.arrayContaining([
        'approval, default',
        'approvals, default',
        'approval, other',
        'client tool, default',
      ]),
    );
    const done = newest.filter(({ answers, status }) => answers !== null && status === 'completed');
    const returns = done.flatMap(({ id }) => store.messages.of(id)).flatMap(({ items }) => items);
    expect(returns).toContainEqual(
      expect.objectContaining({ message_type: 'approval_response_message', approve: true }),
    );
  },
);

test('One to four live runs are under way at any time, change every few seconds, and end in every way', () => {
  const store = new RunStore();
  const advance = createLiveRuns({ store, start: NOW, random: createRandom(1), kept: 20 });
  const seen = new Map<string, string[]>();
  let [quiet, before] = [0, ''];
  for (let seconds = 0; seconds <= 2400; seconds += 4) {
    advance(new Date(NOW.getTime() + seconds * 1000));
    const runs = runsOf(store);
    const active = runs.filter(({ completed_at }) => completed_at === null);
    expect([1, 2, 3, 4]).toContain(active.length);
    expect(runs.length).toBeLessThanOrEqual(20 + 4 + 1);
    const state = JSON.stringify(active.map(({ id, status }) => [id, status, store.steps.of(id).length]));
    quiet = state === before ? quiet + 1 : 0;
    before = state;
    expect(quiet).toBeLessThan(3);
    for (const { id, status } of runs) {
      const statuses = seen.get(id) ?? [];
      if (statuses.at(-1) !== status) seen.set(id, [...statuses, status]);
    }
  }
  const ended = [...seen.values()].filter((statuses) => statuses.length === 3);
  expect(ended.length).toBeGreaterThan(50);
  for (const statuses of ended) expect(statuses.slice(0, 2)).toEqual(['created', 'running']);
  expect(new Set(ended.map(([, , last]) => last))).toEqual(new Set(['completed', 'failed', 'cancelled']));
});

test('A live run that is cancelled stays so with its step, and others follow, also after a long gap', () => {
  const store = new RunStore();
  const live = createLiveRuns({ store, start: NOW, random: createRandom(2) });
  const advance = (seconds: number) => live(new Date(NOW.getTime() + seconds * 1000));
  const isActive = ({ completed_at }: WireRun) => completed_at === null;
  advance(0);
  const pending = () => runsOf(store).find(({ id }) => store.steps.of(id).at(-1)?.['status'] === 'pending');
  for (let seconds = 1; pending() === undefined; seconds += 1) advance(seconds);
  const id = pending()?.id ?? '';
  const api = createApi({ store, now: () => NOW });
  const path = `/v1/agents/${store.find(id)?.agent_id}/messages/cancel`;
  const body = JSON.stringify({ run_ids: [id] });
  api({ method: 'POST', path, query: new URLSearchParams(), headers: {}, body });
  const messages = store.messages.of(id).length;
  advance(3600);
  expect(store.find(id)).toMatchObject({ status: 'cancelled', stop_reason: 'cancelled' });
  expect(store.steps.of(id).at(-1)).toMatchObject({ status: 'cancelled', stop_reason: 'cancelled' });
  expect(store.messages.of(id)).toHaveLength(messages);
  const runs = runsOf(store);
  expect(runs.filter(isActive).length).toBeGreaterThan(0);
  // None was created for most of the hour.
  const early = runs.filter(({ created_at }) => Date.parse(created_at) < NOW.getTime() + 3_480_000);
  expect(early.every((run) => !isActive(run))).toBe(true);
  expect(runs.length - early.length).toBeLessThan(50);
});
