import { describe, expect, it } from 'vitest';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { execute } from '../support/execute.ts';
import { startFixedUpstream } from '../support/fixed-upstream.ts';
import { type RandomRun, randomRuns } from '../support/random-runs.ts';
import { startTestGateway } from '../support/test-gateway.ts';
import { startWindowedUpstream } from '../support/windowed-upstream.ts';

interface Page {
  readonly runs: {
    readonly nodes: readonly { readonly id: string }[];
    readonly totalCount: object;
  } | null;
}

const ask = (gateway: Gateway, args: string, variables = {}) =>
  execute<Page, object>(
    gateway,
    `query ${args.includes('$') ? '($value: JSON)' : ''} { runs(${args}) { nodes { id } totalCount { value precision } } }`,
    variables,
  );

describe('What the runs API can filter is left to it', () => {
  it.each([
    ['statuses: [FAILED, CANCELLED], notStatuses: [CANCELLED]', 'statuses=failed&limit=100&order=desc'],
    ['active: true, notStatuses: [CREATED, FAILED]', 'statuses=running&limit=100&order=desc'],
    ['stopReasons: [ERROR, ERROR]', 'stop_reason=error&limit=100&order=desc'],
    ['stopReasons: [ERROR, MAX_STEPS], notStopReasons: ERROR', 'stop_reason=max_steps&limit=100&order=desc'],
    ['stopReason: ERROR, notStopReasons: [MAX_STEPS]', 'stop_reason=error&limit=100&order=desc'],
    ['active: true, stopReasons: [ERROR]', 'active=true&stop_reason=error&limit=100&order=desc'],
    [
      'statuses: [FAILED], notStatuses: [CREATED], notStopReasons: [ERROR]',
      'statuses=failed&limit=100&order=desc',
    ],
    ['first: 5, stopReasons: [ERROR]', 'stop_reason=error&limit=5&order=desc'],
    // So many more rows may have to be read.
    ['first: 5, notStatuses: [CREATED]', 'limit=100&order=desc'],
    ['stopReasons: [ERROR, MAX_STEPS]', 'limit=100&order=desc'],
    ['metadata: { path: "a", exists: true }', 'limit=100&order=desc'],
  ])('%s', async (args, query) => {
    await using test = await startTestGateway({ runs: randomRuns(20, 4) });
    const { errors } = await execute(test.gateway, `{ runs(${args}) { nodes { id } } }`);
    expect(errors).toBeUndefined();
    expect(test.upstreamRequests).toEqual([`/v1/runs/?${query}`]);
  });

  it.each([
    'statuses: [FAILED], notStatuses: [FAILED]',
    'active: true, notStatuses: [CREATED, RUNNING]',
    'stopReasons: [ERROR], notStopReasons: [ERROR]',
    'stopReason: ERROR, notStopReasons: [ERROR, MAX_STEPS]',
  ])('%s: nothing remains, which takes no request', async (args) => {
    await using test = await startTestGateway({ runs: randomRuns(20, 4) });
    expect(await ask(test.gateway, args)).toEqual({
      data: { runs: { nodes: [], totalCount: { value: 0, precision: 'EXACT' } } },
    });
    expect(test.upstreamRequests).toEqual([]);
  });
});

const BASE = { created_at: '2026-01-01T00:00:00Z', agent_id: 'agent-1', status: 'completed', metadata: null };
/** Rows by name, with their metadata or the whole row as texts, newest first. */
const ROWS: readonly (readonly [name: string, fields: string])[] = [
  ['newer', '"status": "paused", "stop_reason": "tired"'],
  ['none', '"stop_reason": null'],
  ['failed', '"status": "failed", "stop_reason": "error"'],
  ['big', '"metadata": {"id": 9007199254740993, "order": {"id": 1}}'],
  ['next', '"metadata": {"id": 9007199254740992, "order": {"id": 1.0}}'],
  ['long', '"metadata": {"id": 1e25}'],
  ['null', '"metadata": {"id": null, "order": null}'],
  ['text', '"metadata": {"id": "9007199254740993", "a.b": {"c\\\\d": true}}'],
  ['list', '"metadata": {"id": [1, {"a": 1, "b": 2}], "order": [{"id": 1}]}'],
  ['object', '"metadata": {"order": {"id": 1, "open": true}, "__proto__": 1}'],
];
const idOf = (index: number): string => `run-${99 - index}000000-0000-4000-8000-000000000000`;
const LIST = `[${ROWS.map(([, fields], index) => {
  const own = Object.keys(JSON.parse(`{${fields}}`));
  const others = Object.entries({ id: idOf(index), ...BASE }).filter(([key]) => !own.includes(key));
  return JSON.stringify(Object.fromEntries(others)).replace(/\}$/, `,${fields}}`);
}).join()}]`;
const nameOf = new Map(ROWS.map(([name], index) => [idOf(index), name]));

describe.each([true, false])('Of rows (copied: %s)', (rowCopying) => {
  it.each([
    ['notStatuses: [CREATED, RUNNING, COMPLETED, FAILED, CANCELLED]', {}, 'newer'],
    ['notStatuses: [COMPLETED]', {}, 'newer failed'],
    ['stopReasons: [ERROR, MAX_STEPS]', {}, 'failed'],
    [
      'notStopReasons: [ERROR], notStatuses: [FAILED, CANCELLED], metadata: { path: "id", exists: false }',
      {},
      'newer none object',
    ],
    ['metadata: { path: "id", equals: 9007199254740993 }', {}, 'big'],
    ['metadata: { path: "id", equals: 9007199254740992 }', {}, 'next'],
    ['metadata: { path: "id", equals: 10000000000000000000000000 }', {}, 'long'],
    ['metadata: { path: "id", equals: 1e25 }', {}, 'long'],
    ['metadata: { path: "id", equals: "9007199254740993" }', {}, 'text'],
    ['metadata: { path: "id", equals: null }', {}, 'null'],
    ['metadata: { path: "id", equals: $value }', { value: null }, 'null'],
    ['metadata: { path: "id", equals: [1, { b: 2, a: 1.0 }] }', {}, 'list'],
    ['metadata: { path: "id", equals: $value }', { value: [1, { b: 2, a: 1 }] }, 'list'],
    ['metadata: { path: "id", equals: [1, { b: $value, a: 1 }] }', { value: 2 }, 'list'],
    ['metadata: { path: "order.id", equals: 1 }', {}, 'big next object'],
    ['metadata: { path: "order", equals: { id: 1 } }', {}, 'big next'],
    ['metadata: { path: "order.id", exists: true }', {}, 'big next object'],
    ['metadata: { path: "order", exists: true }', {}, 'big next null list object'],
    ['metadata: [{ path: "order", exists: true }, { path: "order.id", exists: false }]', {}, 'null list'],
    [String.raw`metadata: { path: "a\\.b.c\\\\d", equals: true }`, {}, 'text'],
    ['metadata: { path: "a.b", exists: true }', {}, ''],
    ['metadata: { path: "__proto__", equals: 1 }', {}, 'object'],
    ['metadata: { path: "toString", exists: true }', {}, ''],
    ['metadata: { path: "order.id.rawJSON", exists: true }', {}, ''],
  ])('%s %j selects "%s"', async (args, variables, names) => {
    await using upstream = await startFixedUpstream(LIST);
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, rowCopying });
    const { data, errors } = await ask(gateway, `first: 50, ${args}`, variables);
    expect(errors).toBeUndefined();
    expect(data?.runs?.nodes.map(({ id }) => nameOf.get(id)).join(' ')).toBe(names);
    const value = names.split(' ').filter(Boolean).length;
    expect(data?.runs?.totalCount).toEqual({ value, precision: 'EXACT' });
  });
});

describe('300 runs, with a budget of 50 rows', () => {
  const models = randomRuns(10, 1);
  const runs = Array.from({ length: 300 }, (_, index): RandomRun => ({
    ...models[index % 10]!,
    id: `run-${String(index).padStart(8, '0')}-0000-4000-8000-000000000000`,
    created_at: new Date(Date.UTC(2025, 0, 1, 0, index)).toISOString().replace('.000Z', 'Z'),
    ...(index % 140 === 0
      ? { status: 'failed', stop_reason: 'error', metadata: { rare: true } }
      : { status: 'completed', stop_reason: 'end_turn', metadata: null }),
  }));

  it.each([
    'notStatuses: [COMPLETED, CREATED]',
    'stopReasons: [ERROR, CANCELLED]',
    'notStopReasons: [END_TURN]',
    'metadata: { path: "rare", equals: true }',
  ])(
    '%s: an incomplete page is an error that says where to go on, and a count is a lower bound',
    async (args) => {
      await using upstream = await startWindowedUpstream(runs);
      await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, scanBudget: 50 });
      const found: number[] = [];
      const codes = new Set<unknown>();
      let position = 'first: 3';
      for (let request = 0; request < 20; request++) {
        const { data, errors } = await execute<Page, object>(
          gateway,
          `{ runs(${position}, ${args}) { nodes { id } } }`,
        );
        if (data?.runs != null) {
          found.push(...data.runs.nodes.map(({ id }) => Number(id.slice(4, 12))));
          if (data.runs.nodes.length === 0) break;
          position = `first: 3, after: "${data.runs.nodes.at(-1)?.id}"`;
          continue;
        }
        const extensions = errors?.[0]?.extensions ?? {};
        codes.add(extensions['code']);
        position = `first: ${Number(extensions['found']) || 3}, after: "${String(extensions['cursor'])}"`;
      }
      expect(found).toEqual([280, 140, 0]);
      expect([...codes]).toEqual(['SCAN_BUDGET_EXCEEDED']);
      const { data } = await execute<Page, object>(
        gateway,
        `{ runs(first: 0, ${args}) { totalCount { value precision } } }`,
      );
      expect(data?.runs?.totalCount).toEqual({ value: 1, precision: 'AT_LEAST' });
    },
  );
});
