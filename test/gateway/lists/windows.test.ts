import { describe, expect, it } from 'vitest';
import type { Gateway } from '../../../src/gateway-options.ts';
import { execute } from '../../support/execute.ts';
import { openGateway, openGatewayOver } from '../../support/open-gateway.ts';
import type { Script } from '../../support/scripted-upstream.ts';

interface Page {
  readonly runs: {
    readonly nodes: readonly { readonly id: string }[];
    readonly pageInfo?: { readonly endCursor: string | null };
  } | null;
}

/** The metadata of runs, whose ids end in their place, newest first. */
const METADATA = [
  '{"id": 9007199254740993}',
  '{"id": 9007199254740992}',
  '{"id": "9007199254740993"}',
  '{"id": null}',
  '{"id": [1, {"a": 1, "b": 2}]}',
];
const TEXTS = METADATA.map(
  (metadata, place) =>
    `{"id":"run-9000000${9 - place}","agent_id":"agent-1","created_at":"2026-01-01T00:00:00Z","metadata":${metadata}}`,
);

// That windows select what they say, random pages and test/runs prove.
it.each([
  ['"9007199254740993"', {}, 2],
  ['$value', { value: null }, 3],
  ['[1, { b: 2, a: 1.0 }]', {}, 4],
  ['[1, { b: $value, a: 1 }]', { value: 2 }, 4],
])('runs(metadata: { equals: %s }) compares exactly, with variables %j', async (equals, variables, place) => {
  const head = equals.includes('$') ? 'query ($value: JSON) ' : '';
  const query = `${head}{ runs(metadata: { path: "id", equals: ${equals} }) { nodes { id } } }`;
  for (const rowCopying of [true, false]) {
    await using open = await openGatewayOver(
      ({ path, query: asked }) => ({
        body: path === '/v1/runs/' && !asked.has('before') ? `[${TEXTS.join()}]` : [],
      }),
      { rowCopying },
    );
    const data = await open.dataOf<Page>(query, variables);
    expect(data.runs?.nodes).toEqual([{ id: `run-9000000${9 - place}` }]);
  }
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
    const { data, errors } = await execute<Page>(gateway, query, { after: page.after });
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
    'ends a page of %s that takes too many rows, and its cursor leads to all of them',
    async (args) => {
      await using own = await open();
      const { ids, errorCount } = await walk(own.gateway, 3, args);
      expect(ids).toEqual([280, 140, 0].map(sparseId));
      expect(errorCount).toBeGreaterThan(1);
      const count = `{ runs(first: 0, ${args}) { nodes { id } totalCount { value precision } } }`;
      expect(await own.execute(count)).toEqual({
        data: { runs: { nodes: [], totalCount: { value: 1, precision: 'AT_LEAST' } } },
      });
    },
  );

  it.each([200, 404, 500])(
    'ends a page of a window far away only where the internal list answers no rows (%i)',
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
