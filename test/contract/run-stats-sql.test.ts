import process from 'node:process';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { execute } from '../support/execute.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { HAS_TEMPORAL, type Unit, UNITS, ZONES } from '../support/temporal-periods.ts';
import { ADDRESS_VARIABLES } from './arguments.ts';
import { openDatabase } from './database.ts';

/** A server, and the address of its PostgreSQL database, which `psql` reads. */
const upstreamUrl = process.env[ADDRESS_VARIABLES.upstream];
const database = process.env['CONTRACT_DATABASE'];

const ORGANIZATION = 'org-00000000-0000-4000-8000-000000000000';

interface Selection {
  readonly statuses?: readonly string[];
  readonly agentId?: string;
  readonly createdAfter?: string;
  readonly createdBefore?: string;
  readonly minDurationNs?: number;
}

const QUERY = `query ($by: TimeUnit!, $zone: String, $statuses: [RunStatus!], $agentId: ID, $createdAfter: DateTime, $createdBefore: DateTime, $minDurationNs: Nanoseconds) {
  runStats(statuses: $statuses, agentId: $agentId, createdAfter: $createdAfter, createdBefore: $createdBefore, minDurationNs: $minDurationNs) {
    count { value }
    failed { value }
    overTime(by: $by, timezone: $zone) { from to count { value precision } failed durations { p50 p95 max } }
    byAgent(first: 1000) { agent { id } count { value } failed durations { p50 p95 max } }
    slowest(first: 25) { id }
  }
}`;

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- A query knows what it selects.
function sql<Value>(query: string): Value {
  const [value] = openDatabase(database ?? '').read([query]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- What the query selects.
  return value as Value;
}

const NUMBERS = `count(*) AS count, count(*) FILTER (WHERE status = 'failed') AS failed,
  percentile_disc(0.5) WITHIN GROUP (ORDER BY ns) AS p50, percentile_disc(0.95) WITHIN GROUP (ORDER BY ns) AS p95, max(ns) AS max`;

function bySql(selection: Selection, by: Unit, zone: string): Answer {
  const conditions = [
    `organization_id = '${ORGANIZATION}' AND NOT is_deleted`,
    selection.statuses && `status IN (${selection.statuses.map((each) => `'${each.toLowerCase()}'`).join()})`,
    selection.agentId && `agent_id = '${selection.agentId}'`,
    selection.createdAfter && `created_at >= '${selection.createdAfter}'`,
    selection.createdBefore && `created_at < '${selection.createdBefore}'`,
    selection.minDurationNs && `ns >= ${selection.minDurationNs}`,
  ].filter((condition) => condition !== undefined);
  // PostgreSQL reads a bare offset the other way round.
  const local = zone.startsWith('-')
    ? `(created_at AT TIME ZONE INTERVAL '${zone}')`
    : `(created_at AT TIME ZONE '${zone}')`;
  // Hours that clocks show twice differ in their offset.
  const offset = by === 'HOUR' ? `${local} - (created_at AT TIME ZONE 'UTC')` : `INTERVAL '0'`;
  return sql(`WITH listed AS (
      SELECT id, runs.created_at, status, runs.agent_id, runs.organization_id, runs.is_deleted,
        coalesce(run_ns, total_duration_ns) AS ns
      FROM runs LEFT JOIN run_metrics USING (id)
    ), wanted AS (
      SELECT *, date_trunc('${by}', ${local}) AS label, ${offset} AS shift FROM listed
      WHERE ${conditions.join(' AND ')}
    )
    SELECT json_build_object(
      'count', (SELECT count(*) FROM wanted),
      'failed', (SELECT count(*) FROM wanted WHERE status = 'failed'),
      'periods', (SELECT coalesce(json_agg(json_build_array(to_char(label, 'YYYY-MM-DD"T"HH24'), count, failed, p50, p95, max) ORDER BY first), '[]')
        FROM (SELECT label, min(created_at) AS first, ${NUMBERS} FROM wanted GROUP BY label, shift) AS periods),
      'agents', (SELECT coalesce(json_agg(json_build_array(agent_id, count, failed, p50, p95, max) ORDER BY count DESC, agent_id COLLATE "C"), '[]')
        FROM (SELECT agent_id, ${NUMBERS} FROM wanted GROUP BY agent_id) AS agents),
      'slowest', (SELECT coalesce(json_agg(id ORDER BY ns DESC, created_at DESC, id DESC), '[]')
        FROM (SELECT * FROM wanted WHERE ns IS NOT NULL ORDER BY ns DESC, created_at DESC, id DESC LIMIT 25) AS slowest)
    )`);
}

type Numbers = readonly [string, number, number, number | null, number | null, number | null];

interface Answer {
  readonly count: number;
  readonly failed: number;
  readonly periods: readonly Numbers[];
  readonly agents: readonly Numbers[];
  readonly slowest: readonly string[];
}

interface Group {
  readonly count: { readonly value: number; readonly precision?: string };
  readonly failed: number;
  readonly durations: { readonly p50: number; readonly p95: number; readonly max: number } | null;
}

interface Data {
  readonly runStats: {
    readonly count: { readonly value: number };
    readonly failed: { readonly value: number };
    readonly overTime: readonly (Group & { readonly from: string; readonly to: string })[];
    readonly byAgent: readonly (Group & { readonly agent: { readonly id: string } })[];
    readonly slowest: readonly { readonly id: string }[];
  };
}

const NONE = { p50: null, p95: null, max: null };

function numbers(key: string, { count, failed, durations }: Group): Numbers {
  const { p50, p95, max } = durations ?? NONE;
  return [key, count.value, failed, p50, p95, max];
}

/** What a clock shows at the start of a period. A day may begin later than midnight. */
function label(from: string, by: Unit, zone: string): string {
  const at = Temporal.Instant.from(from).toZonedDateTimeISO(zone);
  return by === 'HOUR' ? at.toPlainDateTime().toString().slice(0, 13) : `${at.toPlainDate().toString()}T00`;
}

const lacks = upstreamUrl === undefined || database === undefined || !HAS_TEMPORAL;
const NEEDS = '(needs CONTRACT_UPSTREAM, CONTRACT_DATABASE, psql and a Node with Temporal)';

function openGateway(): Promise<Gateway> {
  const options = { scanBudget: 100_000, maxCost: 100_000, operationTimeoutMs: 120_000 };
  return createGateway({ upstreamUrl: upstreamUrl ?? '', ...options });
}

it.skipIf(lacks)(`Statistics are those of SQL ${NEEDS}`, async () => {
  await using gateway = await openGateway();
  const rows = sql<[string, string, number | null][]>(
    `SELECT json_agg(json_build_array(agent_id, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), total_duration_ns)) FROM runs`,
  );
  const row = fc.constantFrom(...rows);
  const instant = row.map(([, created]) => created);
  const selections = fc.record(
    {
      statuses: fc.subarray(['COMPLETED', 'FAILED', 'RUNNING', 'CANCELLED'], { minLength: 1 }),
      agentId: row.map(([agent]) => agent),
      createdAfter: instant,
      createdBefore: instant,
      minDurationNs: row.map(([, , ns]) => ns ?? 1),
    },
    { requiredKeys: [] },
  );
  let [cases, periods, refused] = [0, 0, 0];
  await fc.assert(
    fc.asyncProperty(
      selections,
      fc.constantFrom(...UNITS),
      fc.constantFrom(...ZONES),
      async (selection, by, zone) => {
        const expected = bySql(selection, by, zone);
        const variables = { ...selection, by, zone };
        const { data, errors } = await execute<Data, object>(gateway, QUERY, variables);
        cases++;
        if (errors?.[0]?.extensions?.['argument'] === 'by') {
          refused++;
          return;
        }
        expect(errors).toBeUndefined();
        const stats = data?.runStats;
        const over = stats?.overTime ?? [];
        periods += over.length;
        expect({
          count: stats?.count.value,
          failed: stats?.failed.value,
          periods: over
            .filter(({ count }) => count.value > 0)
            .map((period) => numbers(label(period.from, by, zone), period)),
          agents: stats?.byAgent.map((group) => numbers(group.agent.id, group)),
          slowest: stats?.slowest.map(({ id }) => id),
        }).toEqual(expected);
        expect(over.every(({ count }) => count.precision === 'EXACT')).toBe(true);
        expect(over.slice(1).map(({ from }) => from)).toEqual(over.slice(0, -1).map(({ to }) => to));
      },
    ),
    { numRuns: propertyRuns(60) },
  );
  console.log(`${cases} selections, ${periods} periods; ${refused} refused for too many periods`);
});

it.skipIf(lacks)(`Tokens are those of SQL ${NEEDS}`, async () => {
  await using gateway = await openGateway();
  const ours = `organization_id = '${ORGANIZATION}' AND NOT is_deleted`;
  const agents = sql<string[]>(
    // The API can't show steps without tags.
    `SELECT json_agg(agent_id) FROM (SELECT agent_id FROM runs WHERE ${ours} GROUP BY agent_id
      HAVING bool_and(id NOT IN (SELECT run_id FROM steps WHERE run_id IS NOT NULL AND tags IS NULL))) AS agents`,
  );
  let stepCount = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...agents), fc.nat(150), async (agentId, first) => {
      const summed = `SELECT id FROM runs WHERE ${ours} AND agent_id = '${agentId}' ORDER BY created_at DESC, id DESC LIMIT ${first}`;
      const expected = sql<{ stepCount: number }>(`SELECT json_build_object(
        'promptTokens', coalesce(sum(prompt_tokens), 0), 'completionTokens', coalesce(sum(completion_tokens), 0),
        'totalTokens', coalesce(sum(total_tokens), 0), 'stepCount', count(*),
        'runCount', (SELECT json_build_object(
          'value', least(count(*), ${first}),
          'precision', CASE WHEN count(*) > ${first} THEN 'AT_LEAST' ELSE 'EXACT' END
        ) FROM runs WHERE ${ours} AND agent_id = '${agentId}')
      ) FROM steps WHERE run_id IN (${summed})`);
      const { data, errors } = await execute<{ runStats: { tokens: object } }, object>(
        gateway,
        `query ($agentId: ID, $first: Int) { runStats(agentId: $agentId) { tokens(first: $first) {
          promptTokens completionTokens totalTokens stepCount runCount { value precision }
        } } }`,
        { agentId, first },
      );
      expect(errors).toBeUndefined();
      expect(data?.runStats.tokens).toEqual(expected);
      stepCount += expected.stepCount;
    }),
    { numRuns: propertyRuns(5) },
  );
  expect(stepCount).toBeGreaterThan(0);
});
