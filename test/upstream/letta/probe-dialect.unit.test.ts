import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../src/errors/upstream-error.ts';
import { type ListEndpoint, probeDialect } from '../../../src/lists/ranges/probe-dialect.ts';
import { RUN_LIST } from '../../../src/runs/list.ts';
import type { RunFilter } from '../../../src/runs/run-filters.ts';
import type { Run } from '../../../src/runs/run.ts';
import { decodeRuns } from '../../../src/wire/decode-run.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { randomRuns } from '../../support/random-runs.ts';
import { type Dialect, listRuns, sortRuns } from '../../support/run-list.ts';

const RUNS = sortRuns(randomRuns(6, 21), 'desc');

/** A server whose list is another one for each request. */
function changingServer(dialect: Dialect, lists: readonly (typeof RUNS)[]): ListEndpoint<Run, RunFilter> {
  let requests = 0;
  return {
    async page({ order, limit, cursors = {} }) {
      const runs = lists[requests++] ?? [];
      return { rows: decodeRuns(listRuns(runs, { order, limit, ...cursors }, dialect)), orders: [] };
    },
    exists: async (id) => lists[requests++]?.some((run) => run.id === id) ?? false,
  };
}

describe.each(['reversed', 'documented'] as const)('A probe of a %s server', (dialect) => {
  it('finds its dialect', async () => {
    expect(await probeDialect(changingServer(dialect, [RUNS, RUNS, RUNS, RUNS]), RUN_LIST)).toBe(dialect);
  });

  it.each([0, 1])('finds nothing where there is %i run', async (count) => {
    const few = RUNS.slice(0, count);
    expect(await probeDialect(changingServer(dialect, [few, few, few, few]), RUN_LIST)).toBeUndefined();
  });

  it('never finds the other one, whatever runs are made and deleted meanwhile', async () => {
    // A run is there for a while, and newer ones come later; none comes back.
    const lifetime = fc.tuple(fc.nat(3), fc.nat(3));
    await fc.assert(
      fc.asyncProperty(fc.tuple(...RUNS.map(() => lifetime)), fc.boolean(), async (lifetimes, swap) => {
        const oldestFirst = RUNS.toReversed();
        let latest = 0;
        const starts = lifetimes.map(([start]) => (latest = Math.max(latest, start - 1)));
        const isThere = (index: number, time: number): boolean =>
          (starts[index] ?? 0) <= time && time <= (lifetimes[index]?.[1] ?? 0);
        const listAt = (time: number) => oldestFirst.filter((_run, index) => isThere(index, time));
        // The two requests in the middle may be served in either order.
        const times = swap ? [0, 2, 1, 3] : [0, 1, 2, 3];
        const found = await probeDialect(changingServer(dialect, times.map(listAt)), RUN_LIST);
        expect([undefined, dialect]).toContain(found);
      }),
      { numRuns: propertyRuns(2_000) },
    );
  });
});

it('A probe that fails finds nothing', async () => {
  const list = () => Promise.reject(new UpstreamError('UPSTREAM_ERROR', 'down'));
  expect(await probeDialect({ page: list, exists: async () => true }, RUN_LIST)).toBeUndefined();
});

it('A probe of a server that ignores cursors finds nothing', async () => {
  const list: ListEndpoint<Run, RunFilter>['page'] = async ({ limit }) => ({
    rows: decodeRuns(RUNS.slice(0, limit)),
    orders: [],
  });
  expect(await probeDialect({ page: list, exists: async () => true }, RUN_LIST)).toBeUndefined();
});
