import { execFileSync } from 'node:child_process';
import { env } from 'node:process';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { relayPageAmong } from '../core/relay-model.ts';
import { execute } from '../support/execute.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { ADDRESS_VARIABLES } from './address-variables.ts';
import { type KnownValues, literal, type Written, writtenFilters } from './written-filters.ts';

// A gateway before a real server, against the PostgreSQL of that server as a witness that shares no code with it.
const upstreamUrl = env[ADDRESS_VARIABLES.upstream] ?? '';
const database = env['CONTRACT_DATABASE'] ?? '';
const it = test.skipIf(upstreamUrl === '' || database === '');
const NEEDS = '(needs CONTRACT_UPSTREAM, CONTRACT_DATABASE with its URI, and psql)';
const OPTIONS = { upstreamUrl, scanBudget: 100_000, maxCost: 1_000_000, operationTimeoutMs: 300_000 };

/** The results of queries for one JSON value each, in their order. */
function read(...queries: readonly string[]): unknown[] {
  const args = [database, '-XAtq', '-v', 'ON_ERROR_STOP=1', '-f', '-'];
  const input = queries.map((query) => `${query};\n`).join('');
  const output = execFileSync('psql', args, { input, encoding: 'utf8', maxBuffer: 2 ** 30 });
  return output
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}

/** What the caller sees: the runs of the organization of one of them. */
const listed = (id: string): string => `WITH listed AS (
    SELECT runs.*, coalesce(run_ns, total_duration_ns) AS ns FROM runs LEFT JOIN run_metrics USING (id)
    WHERE NOT runs.is_deleted AND runs.organization_id = (SELECT organization_id FROM runs WHERE id = ${literal(id)})
  )`;

function bySql(filters: readonly Written[]): string {
  const conditions = ['true', ...filters.map(({ sql }) => sql)].join(' AND ');
  return `SELECT json_build_object('ids', coalesce(json_agg(id), '[]'), 'failed', count(*) FILTER (WHERE status = 'failed'),
    'longest', max(ns), 'middle', percentile_disc(0.5) WITHIN GROUP (ORDER BY ns)) FROM listed WHERE ${conditions}`;
}

interface Expected {
  readonly ids: readonly string[];
  readonly failed: number;
  readonly longest: number | null;
  readonly middle: number | null;
}

it(`Random pages, counts and durations are those of SQL ${NEEDS}`, { timeout: 1_800_000 }, async () => {
  await using gateway = await createGateway(OPTIONS);
  const oldest = await execute<{ runs: { nodes: [{ id: string }] } }, never>(
    gateway,
    '{ runs(last: 1) { nodes { id } } }',
  );
  const seen = listed(oldest.data?.runs.nodes[0].id ?? '');
  const [all, known] = read(
    `${seen} SELECT json_agg(id ORDER BY created_at DESC, id COLLATE "C" DESC) FROM listed`,
    `${seen}, scalars AS (SELECT DISTINCT key, value::text FROM listed, jsonb_each(
       CASE WHEN json_typeof(metadata_) = 'object' THEN metadata_::jsonb ELSE '{}' END)
       WHERE key <> '' AND jsonb_typeof(value) NOT IN ('object', 'array') AND length(value::text) < 500)
     SELECT json_build_object(
       'created', (SELECT json_agg(to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) FROM listed),
       'agents', (SELECT json_agg(DISTINCT agent_id) FROM listed),
       'metadata', (SELECT json_agg(json_build_array(key, value)) FROM scalars))`,
  ) as [string[], KnownValues];
  const cursor = fc.option(fc.nat(all.length - 1), { nil: undefined, freq: 2 });
  const cases = fc.record({
    filters: writtenFilters(known),
    isAscending: fc.boolean(),
    side: fc.constantFrom('first', 'last'),
    size: fc.oneof(fc.nat(9), fc.nat(1000)),
    after: cursor,
    before: cursor,
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ filters, isAscending, side, size, ...ends }) => {
      const [expected] = read(`${seen} ${bySql(filters)}`) as [Expected];
      const list = isAscending ? all.toReversed() : all;
      const [after, before] = [ends.after, ends.before].map((at) => (at === undefined ? at : list[at]));
      const wanted = new Set(expected.ids);
      const { rows, ...pageInfo } = relayPageAmong(list, (id) => wanted.has(id), {
        [side]: size,
        after,
        before,
      });
      const written = filters.map(({ graphql }) => graphql);
      const args = [`${side}: ${size}, order: ${isAscending ? 'ASC' : 'DESC'}`, ...written];
      if (after !== undefined) args.push(`after: "${after}"`);
      if (before !== undefined) args.push(`before: "${before}"`);
      const { data, errors } = await execute<{ runs: object; runStats: object }, never>(
        gateway,
        `{
          runs(${args.join(', ')}) { nodes { id } pageInfo { hasNextPage hasPreviousPage } totalCount { value precision } }
          runStats${written.length === 0 ? '' : `(${written.join(', ')})`} {
            count { value precision } failed { value precision } durations { p50 max }
          }
        }`,
      );
      expect(errors).toBeUndefined();
      const count = { value: wanted.size, precision: 'EXACT' };
      expect(data?.runs).toEqual({ nodes: rows.map((id) => ({ id })), pageInfo, totalCount: count });
      const { failed, middle, longest } = expected;
      const durations = longest === null ? null : { p50: middle, max: longest };
      expect(data?.runStats).toEqual({ count, failed: { value: failed, precision: 'EXACT' }, durations });
    }),
    { numRuns: propertyRuns(200), seed: 1 },
  );
});

const DETAILS_BY_SQL = `SELECT json_object_agg(run_id, run) FROM (
    SELECT steps.run_id, json_build_object(
      'usage', json_build_object('totalTokens', sum(total_tokens)),
      'steps', json_agg(json_build_object('id', id, 'timing', CASE WHEN step_metrics.id IS NOT NULL THEN json_build_object(
        'startedAt', step_start_ns::text, 'totalNs', step_ns, 'modelNs', llm_request_ns, 'toolNs', tool_execution_ns) END)
        ORDER BY steps.created_at, id)) AS run
    FROM steps LEFT JOIN step_metrics USING (id) WHERE steps.run_id IS NOT NULL GROUP BY steps.run_id
  ) AS runs`;

interface Details {
  readonly usage: object;
  readonly steps: readonly { readonly id: string; readonly timing: { readonly startedAt: string } | null }[];
}

/** Nanoseconds since 1970 as the instant that they are. */
function instantOf(nanoseconds: string): string {
  const fraction = nanoseconds.slice(-9).replace(/0+$/, '');
  const second = new Date(Number(nanoseconds.slice(0, -9)) * 1000).toISOString().slice(0, 19);
  return `${second}${fraction === '' ? '' : `.${fraction}`}Z`;
}

it(`The timing of steps and the tokens of runs are those of SQL ${NEEDS}`, { timeout: 600_000 }, async () => {
  await using gateway = await createGateway(OPTIONS);
  const [expected] = read(DETAILS_BY_SQL) as [Record<string, Details>];
  const query = `query ($id: ID!) { run(id: $id) {
    usage { totalTokens } steps(first: 1000) { nodes { id timing { startedAt totalNs modelNs toolNs } } }
  } }`;
  let compared = 0;
  for (const [id, { usage, steps }] of Object.entries(expected)) {
    const { data } = await execute<{ run: { steps: object | null } | null }, object>(gateway, query, { id });
    // Runs of others can't be seen, and steps without tags not sent.
    if (data?.run?.steps == null) continue;
    compared += 1;
    const nodes = steps.map(({ timing, ...step }) => ({
      ...step,
      timing: timing && { ...timing, startedAt: timing.startedAt && instantOf(timing.startedAt) },
    }));
    expect(data.run, id).toEqual({ usage, steps: { nodes } });
  }
  expect(compared).toBeGreaterThan(0);
});
