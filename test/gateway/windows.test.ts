import { beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway-options.ts';
import { execute } from '../support/execute.ts';
import { openGateway, openGatewayOver } from '../support/open-gateway.ts';
import type { Answering, Script } from '../support/scripted-upstream.ts';

interface Page {
  readonly runs: {
    readonly nodes: readonly { readonly id: string }[];
    readonly totalCount?: object;
    readonly pageInfo?: { readonly endCursor: string | null };
  } | null;
}

const BASE = { created_at: '2026-01-01T00:00:00Z', agent_id: 'agent-1', status: 'completed', metadata: null };
/** Rows by name, newest first, with what they have of their own, as text. */
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
  ['short', '"total_duration_ns": 59999999999'],
  ['minute', '"total_duration_ns": 60000000000'],
  ['after', '"created_at": "2025-12-31T23:00:00.000001Z"'],
  ['exact', '"created_at": "2025-12-31T23:00:00Z"'],
  ['before', '"created_at": "2025-12-31T22:59:59.999999Z"'],
];
const idOf = (index: number): string => `run-${99 - index}000000-0000-4000-8000-000000000000`;
const TEXTS = ROWS.map(([, fields], index) => {
  const own = Object.keys(JSON.parse(`{${fields}}`));
  const others = Object.entries({ id: idOf(index), ...BASE }).filter(([key]) => !own.includes(key));
  return JSON.stringify(Object.fromEntries(others)).replace(/\}$/, `,${fields}}`);
});
const nameOf = new Map(ROWS.map(([name], index) => [idOf(index), name]));

/** The list in either order and behind a cursor, with the digits of its rows. */
const listed: Answering = ({ path, query }) => {
  if (path !== '/v1/runs/') return { status: 404, body: { detail: 'Not Found' } };
  const rows = query.get('order') === 'asc' ? TEXTS.toReversed() : TEXTS;
  const cursor = query.get('before');
  const from = cursor === null ? 0 : rows.findIndex((row) => row.includes(cursor)) + 1;
  return { body: `[${rows.slice(from, from + Number(query.get('limit'))).join()}]` };
};

/** Leaves out the rows that have times of their own. */
const SAME_TIME = 'createdAfter: "2026-01-01"';

describe.each([true, false])('Of rows (copied: %s)', (rowCopying) => {
  let open: Awaited<ReturnType<typeof openGatewayOver>>;
  beforeAll(async () => {
    open = await openGatewayOver(listed, { rowCopying });
    return () => open[Symbol.asyncDispose]();
  });

  it.each([
    ['createdAfter: "2025-12-31T23:00:00Z", createdBefore: "2026-01-01T00:00:00Z"', {}, 'after exact'],
    ['createdAfter: "2026-01-01T00:00:00+01:00", createdBefore: "2026-01-01"', {}, 'after exact'],
    ['createdAfter: "2025-12-31T23:00:00.000000001Z", createdBefore: "2026-01-01"', {}, 'after'],
    ['createdBefore: "2025-12-31T23:00:00.000001Z"', {}, 'exact before'],
    ['minDurationNs: 60000000000', {}, 'minute'],
    ['minDurationNs: "PT1M", maxDurationNs: "PT60S"', {}, 'minute'],
    ['maxDurationNs: 59999999999', {}, 'short'],
    [`notStatuses: [CREATED, RUNNING, COMPLETED, FAILED, CANCELLED], ${SAME_TIME}`, {}, 'newer'],
    ['stopReasons: [ERROR, MAX_STEPS]', {}, 'failed'],
    [
      `notStopReasons: [ERROR], notStatuses: [FAILED, CANCELLED], metadata: { path: "id", exists: false }, ${SAME_TIME}`,
      {},
      'newer none object short minute',
    ],
    ['metadata: { path: "id", equals: 9007199254740993 }', {}, 'big'],
    ['metadata: { path: "id", equals: "9007199254740993" }', {}, 'text'],
    ['metadata: { path: "id", equals: $value }', { value: null }, 'null'],
    ['metadata: { path: "id", equals: [1, { b: 2, a: 1.0 }] }', {}, 'list'],
    ['metadata: { path: "id", equals: [1, { b: $value, a: 1 }] }', { value: 2 }, 'list'],
    ['metadata: { path: "order.id", equals: 1 }', {}, 'big next object'],
    ['metadata: { path: "order", equals: { id: 1 } }', {}, 'big next'],
    ['metadata: [{ path: "order", exists: true }, { path: "order.id", exists: false }]', {}, 'null list'],
    [String.raw`metadata: { path: "a\\.b.c\\\\d", equals: true }`, {}, 'text'],
    ['metadata: { path: "__proto__", equals: 1 }', {}, 'object'],
    ['metadata: { path: "toString", exists: true }', {}, ''],
  ])('%s %j selects "%s"', async (args, variables, names) => {
    const head = args.includes('$') ? 'query ($value: JSON) ' : '';
    const query = `${head}{ runs(first: 50, ${args}) { nodes { id } totalCount { value precision } } }`;
    const { data, errors } = await execute<Page, object>(open.gateway, query, variables);
    expect(errors).toBeUndefined();
    expect(data?.runs?.nodes.map(({ id }) => nameOf.get(id)).join(' ')).toBe(names);
    const value = names.split(' ').filter(Boolean).length;
    expect(data?.runs?.totalCount).toEqual({ value, precision: 'EXACT' });
  });
});

const minute = (index: number): string => new Date(Date.UTC(2025, 0, 1, 0, index)).toISOString();
const sparseId = (index: number): string =>
  `run-${String(index).padStart(8, '0')}-0000-4000-8000-000000000000`;
/** Runs a minute apart, of which few take long, and have failed with metadata. */
const SPARSE = Array.from({ length: 300 }, (_, index) => ({
  id: sparseId(index),
  agent_id: 'agent-1',
  created_at: minute(index),
  ...(index % 140 === 0
    ? { status: 'failed', stop_reason: 'error', metadata: { rare: true }, run_ns: 1_000_000 }
    : { status: 'completed', stop_reason: 'end_turn', metadata: null, run_ns: 1 }),
}));

/**
 * Follows a list from its newest run by pages, and each error as it says.
 * Returns its runs, and how many errors there were.
 */
async function walk(gateway: Gateway, size: number, args: string) {
  const ids: string[] = [];
  let errorCount = 0;
  let page: { size: number; after: string | null; found?: number } = { size, after: null };
  for (let requests = 0; requests < 100; requests++) {
    const query = `query ($after: String) { runs(first: ${page.size}, after: $after, ${args}) { nodes { id } pageInfo { endCursor } } }`;
    // oxlint-disable-next-line no-await-in-loop -- Each page begins where the one before it ended.
    const { data, errors } = await execute<Page, object>(gateway, query, { after: page.after });
    if (data?.runs != null) {
      const nodes = data.runs.nodes.map(({ id }) => id);
      expect(nodes).toHaveLength(page.found ?? nodes.length);
      ids.push(...nodes);
      if (nodes.length < page.size) return { ids, errorCount };
      page = { size, after: data.runs.pageInfo?.endCursor ?? null };
      continue;
    }
    const error = errors?.find(({ path }) => path?.[0] === 'runs');
    const { code, found, cursor, argument } = error?.extensions ?? {};
    expect({ code, argument }).toEqual({ code: 'SCAN_BUDGET_EXCEEDED', argument: 'after' });
    expect(cursor).not.toBe(page.after);
    expect(page.found, 'So many were promised').toBeUndefined();
    errorCount++;
    const after = String(cursor);
    page = Number(found) > 0 ? { size: Number(found), after, found: Number(found) } : { size, after };
  }
  throw new Error('It never ends');
}

describe('SCAN_BUDGET_EXCEEDED', () => {
  const open = (script?: Script) =>
    openGateway({ runs: SPARSE, config: { scanBudget: 50 }, ...(script !== undefined && { script }) });

  it.each(['minDurationNs: 1000000', 'metadata: { path: "rare", equals: true }'])(
    'ends a page of %s that takes too many rows, and can be followed to all of them',
    async (args) => {
      await using own = await open();
      const { ids, errorCount } = await walk(own.gateway, 3, args);
      expect(ids).toEqual([280, 140, 0].map(sparseId));
      expect(errorCount).toBeGreaterThan(1);
      const count = `{ runs(first: 0, ${args}) { nodes { id } totalCount { value precision } } }`;
      expect(await execute(own.gateway, count)).toEqual({
        data: { runs: { nodes: [], totalCount: { value: 1, precision: 'AT_LEAST' } } },
      });
    },
  );

  it.each([200, 404, 500])(
    'comes for a window that is far away only where the internal list does not tell (%i)',
    async (status) => {
      await using own = await open(({ path }, next) =>
        path === '/v1/_internal_runs/' && status !== 200 ? { status, body: {} } : next(),
      );
      const args = `createdAfter: "${minute(140)}", createdBefore: "${minute(150)}"`;
      const { ids, errorCount } = await walk(own.gateway, 20, args);
      expect(ids).toEqual(Array.from({ length: 10 }, (_, index) => sparseId(149 - index)));
      expect(errorCount > 0).toBe(status !== 200);
    },
  );
});
