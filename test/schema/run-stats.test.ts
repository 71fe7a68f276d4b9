import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { insertSamples } from '../../embedded-api/samples/sample-runs.ts';
import { startRunsApi } from '../../embedded-api/server.ts';
import { openStore } from '../../embedded-api/store/store.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { execute } from '../support/execute.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { randomRuns } from '../support/random-runs.ts';
import { randomSteps } from '../support/random-steps.ts';
import { FILTER_ARGUMENTS, FILTER_VARIABLES } from '../support/run-filters.ts';
import { BOUND_ARGUMENTS, BOUND_VARIABLES, nanosOf, type Window } from '../support/run-windows.ts';
import { startWindowedUpstream } from '../support/windowed-upstream.ts';

const COUNT = 'count { value precision }';
const STATS = `query ($agents: Int, ${FILTER_VARIABLES}, ${BOUND_VARIABLES}) {
  runStats(${FILTER_ARGUMENTS}, ${BOUND_ARGUMENTS}) {
    ${COUNT}
    byStatus { rawStatus ${COUNT} }
    byStopReason { rawStopReason ${COUNT} }
    byAgent(first: $agents) { agent { id } ${COUNT} }
    durations { p50 p95 max runCount { value precision } }
  }
  runs(first: 1000, ${FILTER_ARGUMENTS}, ${BOUND_ARGUMENTS}) { nodes { id } }
}`;

type Filter = Partial<Record<'statuses' | 'agentId' | 'stopReason' | 'background', unknown>> & Window;

let gateway: Gateway;
let database: DatabaseSync;

beforeAll(async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'run-stats-'));
  const file = path.join(folder, 'runs.db');
  const store = openStore({ file });
  insertSamples(store, { count: 900, seed: 4, now: new Date('2026-03-01T00:00:00Z') });
  const api = await startRunsApi({ store });
  gateway = await createGateway({ upstreamUrl: api.baseUrl });
  database = new DatabaseSync(file, { readOnly: true });
  return async () => {
    database.close();
    await gateway[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
    store[Symbol.dispose]();
    rmSync(folder, { recursive: true });
  };
});

const OURS = "organization_id = 'org-00000000-0000-4000-8000-000000000000'";
const DURATION = "coalesce(run_ns, json ->> 'total_duration_ns')";

/** The same selection in SQL, with instants as texts of UTC. */
function conditionOf(filter: Filter): { where: string; values: (string | number)[] } {
  const conditions: string[] = [OURS];
  const values: (string | number)[] = [];
  const add = (condition: string, ...some: (string | number)[]): void => {
    conditions.push(condition);
    values.push(...some);
  };
  const { statuses, agentId, stopReason, background } = filter;
  if (Array.isArray(statuses)) {
    const names = statuses.map((status) => String(status).toLowerCase());
    add(`status IN (${names.map(() => '?').join()})`, ...names);
  }
  if (typeof agentId === 'string') add('agent_id = ?', agentId);
  if (typeof stopReason === 'string') add('stop_reason = ?', stopReason.toLowerCase());
  if (typeof background === 'boolean') add('background = ?', Number(background));
  if (filter.createdAfter !== undefined) add('created_at >= ?', filter.createdAfter);
  if (filter.createdBefore !== undefined) add('created_at < ?', filter.createdBefore);
  if (filter.minDurationNs !== undefined) add(`${DURATION} >= ?`, filter.minDurationNs);
  if (filter.maxDurationNs !== undefined) add(`${DURATION} <= ?`, filter.maxDurationNs);
  return { where: conditions.join(' AND '), values };
}

function statsBySql(filter: Filter, agents: number): object {
  const { where, values } = conditionOf(filter);
  const rows = (sql: string): Record<string, unknown>[] => database.prepare(sql).all(...values);
  const exact = (value: unknown): object => ({ value: Number(value), precision: 'EXACT' });
  const groups = (column: string): { value: unknown; count: object }[] =>
    rows(
      `SELECT ${column} AS value, count(*) AS runs FROM runs WHERE ${where} GROUP BY 1 ORDER BY runs DESC, coalesce(value, '')`,
    ).map(({ value, runs }) => ({ value, count: exact(runs) }));
  const durationsOf = (part: number): number | undefined => {
    const doubled = database.prepare(rankSql(part, where)).all(...values, ...values);
    return doubled[0]?.['ns'] as number | undefined;
  };
  const [counted] = rows(`SELECT count(*) AS runs, count(${DURATION}) AS timed FROM runs WHERE ${where}`);
  return {
    count: exact(counted?.['runs']),
    byStatus: groups('status').map(({ value, count }) => ({ rawStatus: value, count })),
    byStopReason: groups('stop_reason').map(({ value, count }) => ({ rawStopReason: value, count })),
    byAgent: groups('agent_id')
      .slice(0, agents)
      .map(({ value, count }) => ({ agent: { id: value }, count })),
    durations:
      counted?.['timed'] === 0
        ? null
        : {
            p50: durationsOf(0.5),
            p95: durationsOf(0.95),
            max: durationsOf(1),
            runCount: exact(counted?.['timed']),
          },
  };
}

/** The n-th smallest duration, where n is the nearest rank. */
function rankSql(part: number, where: string): string {
  const timed = `FROM runs WHERE ${where} AND ${DURATION} IS NOT NULL`;
  return `SELECT ${DURATION} AS ns ${timed} ORDER BY ns LIMIT 1 OFFSET (SELECT cast(ceil(${part} * count(*)) AS INTEGER) - 1 ${timed})`;
}

interface Answer {
  readonly runStats: object;
  readonly runs: { readonly nodes: readonly { readonly id: string }[] };
}

it('Statistics, and the rows of the same window, are what SQL says of the data of the embedded API', async () => {
  const all = database
    .prepare(`SELECT created_at, agent_id, ${DURATION} AS ns FROM runs WHERE ${OURS}`)
    .all() as { created_at: string; agent_id: string; ns: number | null }[];
  const row = fc.constantFrom(...all);
  const some = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 2 });
  const cases = fc.record({
    statuses: some(fc.subarray(['COMPLETED', 'FAILED', 'RUNNING', 'CANCELLED'], { minLength: 1 })),
    agentId: some(row.map(({ agent_id }) => agent_id)),
    stopReason: some(fc.constantFrom('END_TURN', 'ERROR', 'CANCELLED')),
    background: some(fc.boolean()),
    createdAfter: some(row.map(({ created_at }) => created_at)),
    createdBefore: some(row.map(({ created_at }) => created_at)),
    minDurationNs: some(row.map(({ ns }) => ns ?? 0)),
    maxDurationNs: some(row.map(({ ns }) => ns ?? 0)),
  });
  const present = cases.map((given): Filter =>
    Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  );
  const rare = fc.constantFrom<Filter>(
    {},
    { statuses: ['RUNNING'] },
    { createdAfter: '2999-01-01T00:00:00Z' },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.oneof({ weight: 5, arbitrary: present }, { weight: 1, arbitrary: rare }),
      fc.nat(4),
      async (filter, agents) => {
        const { data, errors } = await execute<Answer, object>(gateway, STATS, { ...filter, agents });
        expect(errors).toBeUndefined();
        expect(data?.runStats).toEqual(statsBySql(filter, agents));
        const { where, values } = conditionOf(filter);
        const ids = database
          .prepare(`SELECT id FROM runs WHERE ${where} ORDER BY created_at DESC, id DESC`)
          .all(...values);
        expect(data?.runs.nodes).toEqual(ids.map(({ id }) => ({ id })));
      },
    ),
    { numRuns: propertyRuns(150) },
  );
});

const TOKENS = [
  'promptTokens',
  'completionTokens',
  'totalTokens',
  'cachedInputTokens',
  'cacheWriteTokens',
  'reasoningTokens',
] as const;
const WIRE_TOKENS = [
  'prompt_tokens',
  'completion_tokens',
  'total_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'reasoning_tokens',
] as const;

describe('The tokens of runs', () => {
  const runs = randomRuns(130, 2);
  const newestFirst = runs.toSorted((a, b) =>
    nanosOf(a.created_at) === nanosOf(b.created_at)
      ? a.id < b.id
        ? 1
        : -1
      : nanosOf(a.created_at) < nanosOf(b.created_at)
        ? 1
        : -1,
  );
  const steps = new Map(
    runs.map(({ id }, seed) => {
      const [all = []] = fc.sample(randomSteps(id, 3), { numRuns: 1, seed });
      // Numbers that JSON.stringify can write; large ones are tested with single runs.
      const small = all.map((step) =>
        Object.fromEntries(
          Object.entries(step).map(([key, value]) => [
            key,
            typeof value === 'bigint' ? Number(value % 1000n) : value,
          ]),
        ),
      );
      return [id, small] as const;
    }),
  );

  it.each([
    [100, false, undefined, { value: 100, precision: 'EXACT' }],
    [130, false, undefined, { value: 100, precision: 'AT_LEAST' }],
    [130, true, undefined, { value: 100, precision: 'AT_LEAST' }],
    [130, true, 7, { value: 7, precision: 'AT_LEAST' }],
    [130, false, 129, { value: 129, precision: 'AT_LEAST' }],
    [130, true, 130, { value: 130, precision: 'EXACT' }],
    [130, false, 1000, { value: 130, precision: 'EXACT' }],
    [130, false, 0, { value: 0, precision: 'AT_LEAST' }],
    [0, false, undefined, { value: 0, precision: 'EXACT' }],
  ])(
    'are the sums over all steps of the newest of %i runs (window: %s, first: %s)',
    async (count, isBounded, first, runCount) => {
      const some = newestFirst.slice(0, count);
      await using upstream = await startWindowedUpstream(some, { steps });
      await using own = await createGateway({ upstreamUrl: upstream.baseUrl });
      // With this bound alone, the list is read from its other end.
      const bound = isBounded ? '(createdBefore: "2999-01-01T00:00:00Z")' : '';
      const { data } = await execute<{ runStats: { tokens: object } }, never>(
        own,
        `{ runStats${bound} { tokens${first === undefined ? '' : `(first: ${first})`} { ${TOKENS.join(' ')} stepCount runCount { value precision } } } }`,
      );
      const summed = some.slice(0, first ?? 100).flatMap(({ id }) => steps.get(id) ?? []);
      const sums = TOKENS.map((name, index) => {
        const key = WIRE_TOKENS[index] ?? '';
        const known = summed.map((step) => step[key]).filter((value) => typeof value === 'number');
        const isTotal = index < 3;
        return [name, known.length === 0 && !isTotal ? null : known.reduce((sum, value) => sum + value, 0)];
      });
      expect(data?.runStats.tokens).toEqual({
        ...Object.fromEntries(sums),
        stepCount: summed.length,
        runCount,
      });
    },
  );

  it('are asked for only if they are selected', async () => {
    await using upstream = await startWindowedUpstream(newestFirst, { steps });
    await using own = await createGateway({ upstreamUrl: upstream.baseUrl });
    await execute(own, '{ runStats { count { value } byStatus { status } durations { p50 } } }');
    // Some runs that have ended have no duration, as all have on old servers: the version tells.
    expect(upstream.requests).toEqual(['/v1/runs/?limit=1000&order=desc', '/v1/health/']);
  });
});

it('A number of agents that is out of bounds is refused', async () => {
  const { errors } = await execute(gateway, '{ runStats { byAgent(first: -1) { agent { id } } } }');
  expect(errors?.[0]).toMatchObject({
    message: 'first: expected a whole number from 0 to 1000, but got -1',
    extensions: { code: 'BAD_USER_INPUT', argument: 'first' },
  });
});
