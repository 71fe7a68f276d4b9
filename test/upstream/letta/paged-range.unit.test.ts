import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../src/errors/upstream-error.ts';
import { VanishedPositionError } from '../../../src/lists/errors.ts';
import { createDialectMemory, type Dialect } from '../../../src/lists/ranges/dialect.ts';
import { createPageSizes } from '../../../src/lists/ranges/page-sizes.ts';
import { pagedRange } from '../../../src/lists/ranges/paged-range.ts';
import type { Follow } from '../../../src/lists/ranges/paged-range.ts';
import type { ListEndpoint } from '../../../src/lists/ranges/probe-dialect.ts';
import { rowsFollowing } from '../../../src/lists/ranges/range-query.ts';
import { LIST_PAGES } from '../../../src/runs/limits.ts';
import { RUN_LIST } from '../../../src/runs/list.ts';
import { positionOf } from '../../../src/runs/position.ts';
import type { RunFilter } from '../../../src/runs/run-filters.ts';
import type { Run } from '../../../src/runs/run.ts';
import { decodeRuns } from '../../../src/wire/decode-run.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { listRuns } from '../../support/run-list.ts';

/** Runs, oldest first, of which some share an instant. */
function wireRuns(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    id: `run-${String(index).padStart(8, '0')}`,
    agent_id: 'agent-1',
    created_at: `2025-01-01T00:00:00.${String(Math.floor(index / 3)).padStart(6, '0')}Z`,
    status: 'completed',
    background: null,
    conversation_id: null,
    stop_reason: null,
  }));
}

interface ServerOptions {
  readonly dialect: Dialect;
  /** A larger limit is refused, or where it is `silent`, fewer rows come. */
  readonly max: number;
  readonly isSilent?: boolean;
  /** Called before each answer. */
  readonly onRequest?: (rows: ReturnType<typeof wireRuns>) => void;
}

function serve(count: number, { dialect, max, isSilent = false, onRequest }: ServerOptions) {
  const runs = wireRuns(count);
  const limits: number[] = [];
  const sizes = createPageSizes(LIST_PAGES.runs);
  const list: ListEndpoint<Run, RunFilter>['page'] = async ({ order, limit, cursors = {} }) => {
    limits.push(limit);
    onRequest?.(runs);
    if (limit > max && !isSilent) {
      const refusedParameters = [{ name: 'limit', max }];
      throw new UpstreamError('UPSTREAM_REJECTED', 'no', { status: 422, refusedParameters });
    }
    const rows = listRuns(runs, { ...cursors, order, limit: Math.min(limit, max) }, dialect);
    return { rows: decodeRuns(rows), orders: [] };
  };
  const exists = async (id: string) => runs.some((run) => run.id === id);
  const memory = { dialect: createDialectMemory({ forced: dialect }), failedCheck: () => undefined };
  const proving = { list: RUN_LIST, memory };
  const read = (limit: number, after: Run | null = null, order: 'asc' | 'desc' = 'asc') =>
    pagedRange(
      { filter: {}, order, after: after && positionOf(after), limit },
      (page) => rowsFollowing(page, { page: list, exists }, proving),
      { list: RUN_LIST, memory: { sizes } },
    );
  return { runs, read, limits, sizes, all: decodeRuns(runs) };
}

describe.each(['reversed', 'documented'] as const)('A range of a %s server', (dialect) => {
  it.each<[count: number, limit: number, max: number, isSilent: boolean, limits: readonly number[]]>([
    [1200, 1000, 1000, false, [1000]],
    [1200, 1000, 200, false, [1000, 200, 200, 200, 200, 200]],
    [130, 1000, 1000, false, [1000]],
    [130, 1000, 50, false, [1000, 50, 50, 50]],
    [100, 100, 50, false, [100, 50, 50]],
    // The last page is full, so it may not be the last.
    [100, 101, 50, false, [101, 50, 50, 1]],
    // Fewer than were asked for, and others behind them: that many are asked for next.
    [450, 1000, 200, true, [1000, 800, 200]],
    [1200, 1000, 100, true, [1000, 900, 100, 100, 100, 100, 100, 100, 100, 100]],
    // As many, and nothing behind them.
    [200, 1000, 1000, false, [1000, 800]],
    [199, 1000, 1000, false, [1000]],
    // Short lists are one request, whatever their length.
    [50, 1000, 1000, false, [1000]],
  ])('of %i runs, of which %i are wanted and %i come at a time (silently: %s)', async (...args) => {
    const [count, limit, max, isSilent, limits] = args;
    const server = serve(count, { dialect, max, isSilent });
    expect(await server.read(limit)).toEqual(server.all.slice(0, limit));
    expect(server.limits).toEqual(limits);
  });

  it('is doubted until a longer page has come', async () => {
    const server = serve(300, { dialect, max: 1000 });
    const from = server.all[99] ?? null;
    for (let time = 0; time < 2; time++) expect(await server.read(1000, from)).toEqual(server.all.slice(100));
    expect(server.limits).toEqual([1000, 800, 1000, 800]);
    expect(await server.read(1000)).toEqual(server.all);
    expect(await server.read(1000, from)).toEqual(server.all.slice(100));
    expect(server.limits.slice(4)).toEqual([1000, 1000]);
  });

  it('is not taken to be cut because of a run that was made meanwhile', async () => {
    const server = serve(101, {
      dialect,
      max: 1000,
      onRequest: (runs) => hidden.length > 0 && runs.push(...hidden.splice(0, requests++)),
    });
    const hidden = server.runs.splice(100, 1);
    let requests = 0;
    expect(await server.read(1000)).toEqual(server.all);
    expect(server.limits).toEqual([1000, 900]);
    expect(server.sizes.current).toBe(1000);
  });

  it('is that of one list, whatever comes at a time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          count: fc.nat(400),
          max: fc.constantFrom(1, 2, 3, 7, 10, 50, 200, 1000),
          isSilent: fc.boolean(),
          limit: fc.integer({ min: 1, max: 1000 }),
          from: fc.nat(400),
          order: fc.constantFrom('asc', 'desc'),
        }),
        async ({ count, max, isSilent, limit, from, order }) => {
          // What no server's pages have for a size isn't doubted.
          const server = serve(count, { dialect, max, isSilent: isSilent && max >= 100 });
          const list = order === 'asc' ? server.all : server.all.toReversed();
          const start = Math.min(from, count) - 1;
          const rows = await server.read(limit, list[start] ?? null, order);
          expect(rows).toEqual(list.slice(start + 1, start + 1 + limit));
        },
      ),
      { numRuns: propertyRuns(50) },
    );
  });

  it('goes on if the run that a page ends with is deleted meanwhile, which it then leaves out', async () => {
    let requests = 0;
    const server = serve(30, {
      dialect,
      max: 10,
      onRequest: (runs) => {
        requests += 1;
        if (requests === 3) runs.splice(9, 1);
      },
    });
    expect(await server.read(25)).toEqual(server.all.toSpliced(9, 1).slice(0, 25));
  });
});

it('A range is an error where no page can be continued', async () => {
  const all = decodeRuns(wireRuns(30));
  const follow: Follow<Run, RunFilter> = async ({ after, limit }) => {
    if (after !== null) throw new VanishedPositionError(after.id);
    return all.slice(0, limit);
  };
  const sizes = createPageSizes(LIST_PAGES.runs);
  sizes.recordCut(10);
  const outcome = pagedRange({ filter: {}, order: 'asc', after: null, limit: 30 }, follow, {
    list: RUN_LIST,
    memory: { sizes },
  });
  await expect(outcome).rejects.toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE' });
});
