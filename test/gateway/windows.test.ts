import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway.ts';
import { execute } from '../support/execute.ts';
import { openGateway, openGatewayOver } from '../support/open-gateway.ts';
import { propertyRuns } from '../support/property-runs.ts';
import type { Answering, Script } from '../support/scripted-upstream.ts';

interface Page {
  readonly runs: {
    readonly nodes: readonly { readonly id: string }[];
    readonly totalCount?: object;
    readonly pageInfo?: { readonly startCursor: string | null; readonly endCursor: string | null };
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
    ['createdBefore: "2025-12-31T23:00:00.000000001Z"', {}, 'exact before'],
    ['createdBefore: "2025-12-31T22:59:59.999999Z"', {}, ''],
    ['minDurationNs: 60000000000', {}, 'minute'],
    ['minDurationNs: "PT1M", maxDurationNs: "PT60S"', {}, 'minute'],
    ['minDurationNs: 0', {}, 'short minute'],
    ['maxDurationNs: 59999999999', {}, 'short'],
    [`notStatuses: [CREATED, RUNNING, COMPLETED, FAILED, CANCELLED], ${SAME_TIME}`, {}, 'newer'],
    [`notStatuses: [COMPLETED], ${SAME_TIME}`, {}, 'newer failed'],
    ['stopReasons: [ERROR, MAX_STEPS]', {}, 'failed'],
    [
      `notStopReasons: [ERROR], notStatuses: [FAILED, CANCELLED], metadata: { path: "id", exists: false }, ${SAME_TIME}`,
      {},
      'newer none object short minute',
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
    const head = args.includes('$') ? 'query ($value: JSON) ' : '';
    const query = `${head}{ runs(first: 50, ${args}) { nodes { id } totalCount { value precision } } }`;
    const { data, errors } = await execute<Page, object>(open.gateway, query, variables);
    expect(errors).toBeUndefined();
    expect(data?.runs?.nodes.map(({ id }) => nameOf.get(id)).join(' ')).toBe(names);
    const value = names.split(' ').filter(Boolean).length;
    expect(data?.runs?.totalCount).toEqual({ value, precision: 'EXACT' });
  });
});

const LONG = 1_000_000;
const minute = (index: number): string => new Date(Date.UTC(2025, 0, 1, 0, index)).toISOString();
const longId = (index: number): string => `run-${String(index).padStart(8, '0')}-0000-4000-8000-000000000000`;

/** Runs a minute apart, of which some take long and have failed with metadata. */
const runsWhere = (isLong: readonly boolean[]) =>
  isLong.map((long, index) => ({
    id: longId(index),
    agent_id: 'agent-1',
    created_at: minute(index),
    status: long ? 'failed' : 'completed',
    stop_reason: long ? 'error' : 'end_turn',
    metadata: long ? { rare: true } : null,
    run_ns: long ? LONG : 1,
  }));

interface Walk {
  readonly way: 'first' | 'last';
  readonly size: number;
  readonly args: string;
  readonly flags?: readonly string[];
  /** Other fields that read at the same time, until there is an error. */
  readonly others?: number;
}

/** Follows a list by pages, and each error as it says. Returns the runs in that order, and how many errors there were. */
async function walk(gateway: Gateway, { way, size, args, flags = [], others = 0 }: Walk) {
  const cursorName = way === 'first' ? 'after' : 'before';
  const ids: string[] = [];
  let errorCount = 0;
  let asked: { size: number; cursor: string | null; flags: readonly string[]; found?: number } = {
    size,
    cursor: null,
    flags,
  };
  for (let requests = 0; requests < 1000; requests++) {
    const beside = Array.from(
      { length: errorCount > 0 ? 0 : others },
      (_, n) => `f${n}: runs(last: ${size + n}, minDurationNs: 5) { nodes { id } }`,
    );
    const page = `${way}: ${asked.size}, ${cursorName}: $cursor, ${args}`;
    const text = `query ($cursor: String) {
      runs(${page}) { nodes { id } pageInfo { startCursor endCursor ${asked.flags.join(' ')} } }
      ${beside.join(' ')}
    }`;
    // oxlint-disable-next-line no-await-in-loop -- Each page begins where the one before it ended.
    const { data, errors = [] } = await execute<Page, object>(gateway, text, { cursor: asked.cursor });
    const error = errors.find(({ path }) => path?.[0] === 'runs');
    if (error !== undefined) {
      const { code, found, cursor, argument } = error.extensions ?? {};
      expect({ code, argument }).toEqual({ code: 'SCAN_BUDGET_EXCEEDED', argument: cursorName });
      expect(asked.found, 'So many were promised').toBeUndefined();
      errorCount++;
      const at = String(cursor);
      asked =
        Number(found) > 0
          ? { size: Number(found), cursor: at, flags: [], found: Number(found) }
          : { size, cursor: at, flags: asked.cursor === at ? [] : flags };
      continue;
    }
    const nodes = data?.runs?.nodes.map(({ id }) => id) ?? [];
    expect(nodes).toHaveLength(asked.found ?? nodes.length);
    ids.push(...(way === 'first' ? nodes : nodes.toReversed()));
    if (nodes.length < asked.size) return { ids, errorCount };
    const cursor = data?.runs?.pageInfo?.[way === 'first' ? 'endCursor' : 'startCursor'] ?? null;
    asked = { size, cursor, flags };
  }
  throw new Error('It never ends');
}

const isInternal = (path: string): boolean => path === '/v1/_internal_runs/';
const NO_INTERNAL_LIST: Script = ({ path }, next) =>
  isInternal(path) ? { status: 404, body: { detail: 'Not Found' } } : next();
const AS_IT_IS: Script = (_request, next) => next();

describe('SCAN_BUDGET_EXCEEDED', () => {
  it('can be followed as it says: the whole list comes, in order, once', async () => {
    const cases = fc.record({
      gaps: fc.array(fc.oneof(fc.nat(3), fc.nat(60), fc.nat(300)), { minLength: 1, maxLength: 8 }),
      budget: fc.oneof(fc.integer({ min: 5, max: 20 }), fc.integer({ min: 50, max: 300 })),
      script: fc.constantFrom(AS_IT_IS, NO_INTERNAL_LIST),
      way: fc.constantFrom('first', 'last'),
      order: fc.constantFrom('ASC', 'DESC'),
      size: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 400 })),
      flags: fc.subarray(['hasNextPage', 'hasPreviousPage']),
      /** Parts of the list in percent. */
      from: fc.option(fc.nat(99)),
      to: fc.option(fc.nat(99)),
      isLong: fc.boolean(),
      others: fc.constantFrom(0, 0, 15),
    });
    let errorCount = 0;
    await fc.assert(
      fc.asyncProperty(cases, async ({ gaps, budget, script, order, from, to, isLong, ...steps }) => {
        const rows = runsWhere(gaps.flatMap((gap) => [...Array.from({ length: gap }, () => false), true]));
        const at = (percent: number): number => Math.floor((rows.length * percent) / 100);
        await using open = await openGateway({
          runs: rows,
          script,
          config: { upstreamDialect: 'reversed', scanBudget: budget, maxCost: 1_000_000 },
        });
        const args = [
          `order: ${order}`,
          ...(from === null ? [] : [`createdAfter: "${minute(at(from))}"`]),
          ...(to === null ? [] : [`createdBefore: "${minute(at(to))}"`]),
          ...(isLong ? [`minDurationNs: ${LONG}`] : []),
        ];
        const walked = await walk(open.gateway, { ...steps, args: args.join(', ') });
        errorCount += walked.errorCount;
        const wanted = rows
          .slice(from === null ? 0 : at(from), to === null ? rows.length : Math.max(at(to), at(from ?? 0)))
          .filter(({ run_ns }) => !isLong || run_ns === LONG)
          .map(({ id }) => id);
        const isDown = (order === 'DESC') === (steps.way === 'first');
        expect(walked.ids).toEqual(isDown ? wanted.toReversed() : wanted);
      }),
      { numRuns: propertyRuns(20) },
    );
    expect(errorCount).toBeGreaterThan(0);
  });

  const SPARSE = runsWhere(Array.from({ length: 300 }, (_, index) => index % 140 === 0));

  it.each([
    'minDurationNs: 1000000',
    'notStatuses: [COMPLETED, CREATED]',
    'stopReasons: [ERROR, CANCELLED]',
    'notStopReasons: [END_TURN]',
    'metadata: { path: "rare", equals: true }',
  ])('ends a page of %s that takes too many rows, and a count is a lower bound', async (args) => {
    await using open = await openGateway({ runs: SPARSE, config: { scanBudget: 50 } });
    const { ids, errorCount } = await walk(open.gateway, { way: 'first', size: 3, args });
    expect(ids).toEqual([280, 140, 0].map(longId));
    expect(errorCount).toBeGreaterThan(1);
    const count = `{ runs(first: 0, ${args}) { nodes { id } totalCount { value precision } } }`;
    expect(await execute(open.gateway, count)).toEqual({
      data: { runs: { nodes: [], totalCount: { value: 1, precision: 'AT_LEAST' } } },
    });
  });

  it('says how many runs were found, and is an error of the flag that takes too many', async () => {
    await using open = await openGateway({ runs: SPARSE, config: { scanBudget: 50 } });
    const page = (flags: string): string =>
      `{ runs(last: 1, minDurationNs: 1000000) { nodes { id } ${flags} } }`;
    const { data, errors } = await execute(open.gateway, page('pageInfo { hasPreviousPage }'));
    expect(data).toEqual({ runs: null });
    expect(errors).toMatchObject([
      { path: ['runs'], extensions: { code: 'SCAN_BUDGET_EXCEEDED', found: 1, argument: 'before' } },
    ]);
    expect(await execute(open.gateway, page(''))).toEqual({ data: { runs: { nodes: [{ id: longId(0) }] } } });
  });

  it.each(['missing', 'failing'])(
    'comes with a new cursor each time, where a window is far away and the internal list is %s',
    async (internal) => {
      const script: Script = ({ path }, next) =>
        isInternal(path) ? { status: internal === 'missing' ? 404 : 500, body: {} } : next();
      await using open = await openGateway({ runs: SPARSE, script, config: { scanBudget: 50 } });
      const args = `createdAfter: "${minute(140)}", createdBefore: "${minute(150)}"`;
      const { ids, errorCount } = await walk(open.gateway, { way: 'first', size: 20, args });
      expect(ids).toEqual(Array.from({ length: 10 }, (_, index) => longId(149 - index)));
      expect(errorCount).toBeGreaterThan(1);
    },
  );

  it('does not come where the internal list tells where the window begins', async () => {
    await using open = await openGateway({ runs: SPARSE, config: { scanBudget: 50 } });
    const args = `createdAfter: "${minute(140)}", createdBefore: "${minute(150)}"`;
    expect(await walk(open.gateway, { way: 'first', size: 20, args })).toMatchObject({ errorCount: 0 });
  });
});
