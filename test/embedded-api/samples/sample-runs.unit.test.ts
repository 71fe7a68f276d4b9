import { expect, test } from 'vitest';
import { DEFAULT_ACTOR, SECOND_ACTOR } from '../../../embedded-api/model/actors.ts';
import { MESSAGE_TYPES, STOP_REASONS } from '../../../embedded-api/model/enum-values.ts';
import { listedRun } from '../../../embedded-api/routes/runs.ts';
import { sampleRuns } from '../../../embedded-api/samples/sample-runs.ts';
import { RUNS } from '../../../embedded-api/store/kinds.ts';
import { openStore } from '../../../embedded-api/store/store.ts';

const NOW = new Date('2026-11-20T17:02:59Z');
const runs = [...sampleRuns({ count: 2000, seed: 1, now: NOW })];
const own = runs.filter(({ organization_id }) => organization_id === DEFAULT_ACTOR.organizationId);
const share = (matching: readonly unknown[]): number => matching.length / own.length;

test('the same seed gives the same runs, another seed others', () => {
  expect([...sampleRuns({ count: 2000, seed: 1, now: NOW })]).toEqual(runs);
  const others = new Set([...sampleRuns({ count: 2000, seed: 2, now: NOW })].map(({ id }) => id));
  expect(runs.filter(({ id }) => others.has(id))).toEqual([]);
});

test('another present moves all times by the same whole minutes, and nothing else', () => {
  const later = [...sampleRuns({ count: 2000, seed: 1, now: new Date('2026-11-21T05:04:03Z') })];
  const shift = Date.parse('2026-11-21T05:04:00Z') - Date.parse('2026-11-20T17:02:00Z');
  const moved = (at: string | null) =>
    at && new Date(Date.parse(`${at.slice(0, 23)}Z`) + shift).toISOString().slice(0, 23) + at.slice(23);
  const times = ['created_at', 'completed_at', 'callback_sent_at'] as const;
  for (const [at, run] of runs.entries()) {
    const expected = { ...run };
    for (const name of times) Object.assign(expected, { [name]: moved(run[name]) });
    expect(later[at]).toEqual(expected);
  }
});

test('nothing has ended in the future', () => {
  const present = '2026-11-20T17:02:00.000000Z';
  expect(runs.filter(({ completed_at }) => completed_at !== null && completed_at >= present)).toEqual([]);
});

test.each([1, 2, 3, 4])('the newest runs of seed %i, also those that failed, are in English', (seed) => {
  const newest = [...sampleRuns({ count: 2000, seed, now: NOW })].toReversed();
  const failed = newest.find(({ status }) => status === 'failed');
  for (const run of [...newest.slice(0, 20), failed]) {
    const { note = '' } = Object(run?.metadata ?? {});
    expect(note).toMatch(/^[ -~]*$/);
  }
});

test.each([1, 2, 5, 6, 500])(
  '%i sample runs are that many runs of the default organization and five of another one',
  (count) => {
    using store = openStore();
    store.insert(sampleRuns({ count, seed: 3, now: NOW }));
    expect(store.count()).toBe(count);
    const foreign = store.list({ organizationId: SECOND_ACTOR.organizationId, ascending: true, limit: 10 });
    expect(foreign).toHaveLength(5);
  },
);

test('runs are made as they are asked for', () => {
  const [first] = sampleRuns({ count: 1_000_000, seed: 1, now: NOW }).take(1);
  expect(first?.organization_id).toBe(DEFAULT_ACTOR.organizationId);
});

test('the newest run has the same creation time for every seed and size', () => {
  for (const options of [
    { count: 1, seed: 9 },
    { count: 77, seed: 2 },
  ]) {
    const newest = [...sampleRuns({ ...options, now: NOW })]
      .filter((run) => run.organization_id === DEFAULT_ACTOR.organizationId)
      .at(-1);
    expect(newest?.created_at).toBe('2026-11-20T17:00:00.000000Z');
  }
});

test('ids are lower-case version 4 UUIDs and never repeat', () => {
  const uuid4 = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
  expect(new Set(runs.map(({ id }) => id)).size).toBe(runs.length);
  for (const run of runs) {
    expect(run.id).toMatch(new RegExp(`^run-${uuid4}$`));
    expect(run.agent_id).toMatch(new RegExp(`^agent-${uuid4}$`));
  }
});

test('times never fall, and tie, touch and round now and then', () => {
  const micros = own.map(
    ({ created_at }) => Date.parse(created_at.slice(0, 19) + 'Z') * 1000 + Number(created_at.slice(20, 26)),
  );
  const gaps = micros.slice(1).map((at, index) => at - (micros[index] ?? 0));
  expect(gaps.every((gap) => gap >= 0)).toBe(true);
  expect(share(gaps.filter((gap) => gap === 0))).toBeCloseTo(0.04, 1);
  expect(share(gaps.filter((gap) => gap === 1))).toBeCloseTo(0.04, 1);
  expect(share(gaps.filter((gap) => gap > 1 && gap < 1_000_000))).toBeGreaterThan(0.1);
  expect(own.filter(({ created_at }) => created_at.endsWith('.000000Z')).length).toBeGreaterThan(20);
});

test.each([1, 2, 3, 4])(
  'all stop reasons occur within 2000 runs of seed %i, each with its status',
  (seed) => {
    const STATUS: Record<string, string> = {
      end_turn: 'completed',
      max_steps: 'completed',
      tool_rule: 'completed',
      requires_approval: 'completed',
      cancelled: 'cancelled',
    };
    const reasons = new Set<string>();
    for (const { status, stop_reason } of sampleRuns({ count: 2000, seed, now: NOW })) {
      if (stop_reason === null) {
        expect(['created', 'running', 'failed']).toContain(status);
        continue;
      }
      reasons.add(stop_reason);
      expect(status).toBe(STATUS[stop_reason] ?? 'failed');
    }
    expect(reasons).toEqual(new Set(STOP_REASONS));
  },
);

test('unfinished runs have no end, finished ones last from 80 ms to 40 min', () => {
  const active = own.filter(({ status }) => status === 'created' || status === 'running');
  expect(share(active)).toBeGreaterThan(0.005);
  expect(share(active)).toBeLessThan(0.05);
  for (const run of active) {
    expect([run.completed_at, run.total_duration_ns, run.run_ns, run.callback_sent_at]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  }
  for (const { total_duration_ns, run_ns, ttft_ns } of own.filter(
    ({ completed_at }) => completed_at !== null,
  )) {
    expect(total_duration_ns).toBeGreaterThanOrEqual(80e6);
    expect(total_duration_ns).toBeLessThan(2401e9);
    if (run_ns !== null) expect(run_ns).toBeLessThan(Number(total_duration_ns));
    if (run_ns !== null) expect(run_ns).toBeGreaterThan(0);
    if (ttft_ns !== null) expect(ttft_ns).toBeLessThan(Number(total_duration_ns));
  }
});

test('every kind of field value occurs', () => {
  expect(new Set(own.map(({ background }) => background))).toEqual(new Set([true, false, null]));
  expect(new Set(own.map(({ callback_status_code }) => callback_status_code))).toEqual(
    new Set([null, 200, 503]),
  );
  expect(own.some(({ callback_error }) => callback_error !== null)).toBe(true);
  const conversations = own.flatMap(({ conversation_id }) => conversation_id ?? []);
  expect(new Set(conversations).size).toBeLessThan(conversations.length / 2);
  const requests = own.map(({ request_config }) => JSON.stringify(request_config));
  expect(requests).toContain('null');
  expect(requests).toContain('{}');
  expect(requests.some((text) => MESSAGE_TYPES.every((type) => text.includes(type)))).toBe(true);
  const metadata = own.map((run) => JSON.stringify(run.metadata));
  expect(metadata.some((text) => text.includes('"error":"'))).toBe(true);
  expect(metadata.some((text) => text.includes('"error":{'))).toBe(true);
});

test.each(Object.keys({ ...RUNS.keys, run_ns: null, num_steps: null, tools_used: null }))(
  'some sample run has a value for the field %s',
  (name) => {
    expect(own.some((run) => Reflect.get(run, name) !== null)).toBe(true);
  },
);

test('a few agents do most of the work', () => {
  const perAgent = Map.groupBy(own, ({ agent_id }) => agent_id);
  const sizes = [...perAgent.values()].map((list) => list.length).toSorted((a, b) => b - a);
  expect(sizes.length).toBeGreaterThan(25);
  expect(sizes.length).toBeLessThanOrEqual(33);
  expect((sizes[0] ?? 0) + (sizes[1] ?? 0) + (sizes[2] ?? 0)).toBeGreaterThan(own.length / 4);
});

test('a row is about 830 bytes of JSON, one in four in another script', () => {
  using store = openStore();
  store.insert(runs);
  const rows = store.list({ organizationId: DEFAULT_ACTOR.organizationId, ascending: false, limit: 2000 });
  const texts = rows.map(listedRun);
  const average = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / texts.length;
  expect(average).toBeGreaterThan(760);
  expect(average).toBeLessThan(900);
  // Anything but Latin letters and general punctuation.
  const other = texts.filter((text) => /[^ -\u024f\u2000-\u206f]/.test(text));
  expect(other.length / texts.length).toBeCloseTo(0.25, 1);
});
