import { execFileSync } from 'node:child_process';
import { env } from 'node:process';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { placed, relayPage } from '../core/relay-model.ts';
import { execute } from '../support/execute.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { RUN_STATUSES } from '../support/run-fields.ts';
import { ADDRESS_VARIABLES } from './address-variables.ts';

// A gateway before a real server, against the PostgreSQL of that server as a witness that shares no code with it.
const upstreamUrl = env[ADDRESS_VARIABLES.upstream] ?? '';
const database = env['CONTRACT_DATABASE'] ?? '';
const it = test.skipIf(upstreamUrl === '' || database === '');
const NEEDS = '(needs CONTRACT_UPSTREAM, CONTRACT_DATABASE with its URI, and psql)';
const OPTIONS = { upstreamUrl, scanBudget: 100_000, maxCost: 1_000_000, operationTimeoutMs: 300_000 };

/** The result of a query for one JSON value. */
function read(query: string): unknown {
  const args = [database, '-XAtq', '-v', 'ON_ERROR_STOP=1', '-f', '-'];
  const input = `${query};\n`;
  return JSON.parse(execFileSync('psql', args, { input, encoding: 'utf8', maxBuffer: 2 ** 30 }));
}

/** A filter of runs as it is written in GraphQL, and what it means in SQL. */
type Filter = readonly [graphql: string, sql: string];

interface Known {
  readonly ids: readonly string[];
  readonly created: readonly string[];
  readonly agents: readonly string[];
}

/**
 * Random filters over what there is in the database. More of them leave no runs.
 * @param hasDurations whether lists show durations, as they do since Letta 0.14.0
 */
function filters({ created, agents }: Known, hasDurations: boolean): fc.Arbitrary<readonly Filter[]> {
  const is = (all: readonly string[]): string => `status IN (${all.map((one) => `'${one}'`).join(', ')})`;
  const capitals = (all: readonly string[]): string => `[${all.join(', ').toUpperCase()}]`;
  const statuses = fc.subarray([...RUN_STATUSES], { minLength: 1 });
  const bound = fc.constantFrom(['After', '>='], ['Before', '<']);
  const size = fc.constantFrom(['min', '>='], ['max', '<=']);
  const durations = fc
    .tuple(size, fc.nat(3600))
    .map(([[name, sign], s]): Filter => [
      `${name}DurationNs: "PT${s}S"`,
      `ns ${sign} ${s}::bigint * 1000000000`,
    ]);
  const kinds: readonly fc.Arbitrary<Filter>[] = [
    statuses.map((all) => [`statuses: ${capitals(all)}`, is(all)]),
    statuses.map((all) => [`notStatuses: ${capitals(all)}`, `NOT ${is(all)}`]),
    fc.constantFrom(...agents).map((id) => [`agentId: "${id}"`, `agent_id = '${id}'`]),
    fc
      .tuple(bound, fc.constantFrom(...created))
      .map(([[name, sign], at]) => [`created${name}: "${at}"`, `created_at ${sign} '${at}'::timestamptz`]),
    ...(hasDurations ? [durations] : []),
  ];
  return fc.subarray([...kinds], { maxLength: 3 }).chain((chosen) => fc.tuple(...chosen));
}

interface Expected {
  readonly ids: readonly string[];
  readonly longest: number | null;
  readonly middle: number | null;
}

it(`Random pages, counts and durations are those of SQL ${NEEDS}`, { timeout: 1_800_000 }, async () => {
  await using gateway = await createGateway(OPTIONS);
  const query = '{ runs(last: 1) { nodes { id } } }';
  const oldest = await execute<{ runs: { nodes: [{ id: string }] } }>(gateway, query);
  const { errors: refusals } = await execute(gateway, '{ runStats { durations { max } } }');
  const hasDurations = refusals === undefined;
  if (!hasDurations) expect(refusals).toMatchObject([{ extensions: { code: 'UPSTREAM_UNSUPPORTED' } }]);
  // What the caller sees: the runs of the organization of one of them.
  const seen = `WITH listed AS (
    SELECT runs.*, coalesce(run_ns, total_duration_ns) AS ns FROM runs LEFT JOIN run_metrics USING (id)
    WHERE NOT runs.is_deleted AND runs.organization_id =
      (SELECT organization_id FROM runs WHERE id = '${oldest.data?.runs.nodes[0].id}'))`;
  const known = read(`${seen} SELECT json_build_object(
    'ids', json_agg(id ORDER BY created_at DESC, id COLLATE "C" DESC), 'agents', json_agg(DISTINCT agent_id),
    'created', json_agg(to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))) FROM listed`) as Known;
  const cursor = fc.option(fc.nat(known.ids.length - 1), { nil: undefined, freq: 2 });
  const cases = fc.record({
    chosen: filters(known, hasDurations),
    isAscending: fc.boolean(),
    side: fc.constantFrom('first', 'last'),
    size: fc.oneof(fc.nat(9), fc.nat(1000)),
    after: cursor,
    before: cursor,
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ chosen, isAscending, side, size, ...ends }) => {
      const conditions = ['true', ...chosen.map(([, sql]) => sql)].join(' AND ');
      const { ids, longest, middle } = read(`${seen} SELECT json_build_object(
        'ids', coalesce(json_agg(id), '[]'), 'longest', max(ns),
        'middle', percentile_disc(0.5) WITHIN GROUP (ORDER BY ns)) FROM listed WHERE ${conditions}`) as Expected;
      const list = placed(isAscending ? known.ids.toReversed() : known.ids);
      const [after, before] = [ends.after, ends.before].map((at) => (at === undefined ? at : list[at]));
      const wanted = new Set(ids);
      const matching = list.filter(({ row }) => wanted.has(row));
      const { rows, ...pageInfo } = relayPage(matching, { order: 'asc', [side]: size, after, before });
      const written = chosen.map(([graphql]) => graphql).join(', ');
      const cursors = Object.entries({ after, before }).flatMap(([name, end]) =>
        end ? `${name}: "${end.row}"` : [],
      );
      const order = isAscending ? 'ASC' : 'DESC';
      const { data, errors } = await execute<{ runs: object; runStats: object }>(
        gateway,
        `{
          runs(${[`${side}: ${size}, order: ${order}`, written, ...cursors].join(', ')}) {
            nodes { id } pageInfo { hasNextPage hasPreviousPage } totalCount { value precision }
          }
          runStats${written && `(${written})`} { count { value precision } ${hasDurations ? 'durations { p50 max }' : ''} }
        }`,
      );
      expect(errors).toBeUndefined();
      const count = { value: wanted.size, precision: 'EXACT' };
      const durations = longest === null ? null : { p50: middle, max: longest };
      expect(data?.runs).toEqual({ nodes: rows.map(({ row: id }) => ({ id })), pageInfo, totalCount: count });
      expect(data?.runStats).toEqual(hasDurations ? { count, durations } : { count });
    }),
    { numRuns: propertyRuns(200), seed: 1 },
  );
});
