import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { execute } from '../support/execute.ts';
import { propertyRuns, TEST_TIMEOUT_MS } from '../support/property-runs.ts';
import { type RandomRun, randomRuns } from '../support/random-runs.ts';
import { sortRuns } from '../support/run-list.ts';
import { BOUND_ARGUMENTS, BOUND_VARIABLES, isWithin, type Window } from '../support/run-windows.ts';
import { startWindowedUpstream } from '../support/windowed-upstream.ts';

const MODELS = randomRuns(10, 1);
const LONG = 1_000_000;

/** Runs of which some take long: how many others lie ahead of each of those. */
function runsWithGaps(gaps: readonly number[], seed: number): RandomRun[] {
  const isLong = gaps.flatMap((gap) => [...Array.from({ length: gap }, () => false), true]);
  return isLong.map((long, index) => ({
    ...MODELS[(index + seed) % MODELS.length]!,
    id: `run-${String(index).padStart(8, '0')}-0000-4000-8000-000000000000`,
    created_at: minute(index),
    run_ns: long ? LONG : 1,
  }));
}

function minute(index: number): string {
  return new Date(Date.UTC(2025, 0, 1, 0, index)).toISOString().replace('.000Z', '.000000Z');
}

const VARIABLES = `$first: Int, $after: String, $last: Int, $before: String, $order: SortOrder, ${BOUND_VARIABLES}`;
const PAGE = `first: $first, after: $after, last: $last, before: $before, order: $order, ${BOUND_ARGUMENTS}`;
const NODES = 'nodes { id } pageInfo { startCursor endCursor }';

interface Asked {
  readonly size: number;
  readonly cursor: string | null;
  readonly flags: readonly string[];
  /** How many runs there are to be, if an error said so. */
  readonly found?: number;
}

interface Listing {
  readonly nodes: readonly { readonly id: string }[];
  readonly pageInfo: { readonly startCursor: string | null; readonly endCursor: string | null };
}

const cases = fc.record({
  gaps: fc.array(fc.oneof(fc.nat(3), fc.nat(60), fc.nat(400)), { minLength: 1, maxLength: 14 }),
  seed: fc.nat(9),
  budget: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 50, max: 300 })),
  internal: fc.constantFrom('honest', 'missing', 'misses half of the runs' as const),
  isForward: fc.boolean(),
  order: fc.constantFrom('ASC', 'DESC'),
  size: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 400 })),
  flags: fc.subarray(['hasNextPage', 'hasPreviousPage']),
  /** Parts of the list, and whether only the long ones are wanted. */
  window: fc.record({ from: fc.option(fc.nat(99)), to: fc.option(fc.nat(99)), isLong: fc.boolean() }),
  /** How many other fields read at the same time, at first. */
  others: fc.constantFrom(0, 0, 0, 15),
});
type Case = typeof cases extends fc.Arbitrary<infer Value> ? Value : never;

/** The first page finds one run, and a flag of the next one takes too many rows. */
const TWO_ERRORS: Case = {
  gaps: [4, 54, 60],
  seed: 0,
  budget: 50,
  internal: 'honest',
  isForward: false,
  order: 'ASC',
  size: 10,
  flags: ['hasNextPage'],
  window: { from: null, to: null, isLong: true },
  others: 0,
};

/** Follows a list by pages, and each error as it says. Returns what was listed, and how many errors there were. */
async function walk(gateway: Gateway, { isForward, order, size, flags, others }: Case, window: Window) {
  const [sizeName, cursorName] = isForward ? (['first', 'after'] as const) : (['last', 'before'] as const);
  const ids: string[] = [];
  let errorCount = 0;
  let asked: Asked = { size, cursor: null, flags };
  for (let requests = 0; ; requests++) {
    if (requests > 2000) throw new Error('It never ends');
    const pageInfo = `pageInfo { __typename ${asked.flags.join(' ')} }`;
    const beside =
      errorCount > 0
        ? []
        : Array.from(
            { length: others },
            (_, n) => `f${n}: runs(last: ${size + n}, minDurationNs: 5) { ${NODES} }`,
          );
    const text = `query (${VARIABLES}) { runs(${PAGE}) { ${NODES} ${pageInfo} } ${beside.join(' ')} }`;
    // Each page begins where the one before it ended.
    // oxlint-disable-next-line no-await-in-loop -- See above.
    const { data, errors = [] } = await execute<{ runs: Listing | null }, object>(gateway, text, {
      [sizeName]: asked.size,
      [cursorName]: asked.cursor,
      order,
      ...window,
    });
    const error = errors.find(({ path }) => path?.[0] === 'runs');
    if (error !== undefined) {
      const { code, found, cursor, argument } = error.extensions as {
        code: string;
        found: number;
        cursor: string | null;
        argument: string;
      };
      expect({ code, argument }).toEqual({ code: 'SCAN_BUDGET_EXCEEDED', argument: cursorName });
      expect(asked.found, 'That many were promised').toBeUndefined();
      errorCount++;
      asked =
        found > 0
          ? { size: found, cursor, flags: [], found }
          : { size, cursor, flags: asked.cursor === cursor ? [] : flags };
      continue;
    }
    const runs = data?.runs;
    if (runs == null) throw new Error('Unexpected: no page');
    const some = runs.nodes.map(({ id }) => id);
    expect(some).toHaveLength(asked.found ?? some.length);
    ids.push(...(isForward ? some : some.toReversed()));
    if (some.length < asked.size) return { ids, errorCount };
    asked = { size, cursor: runs.pageInfo[isForward ? 'endCursor' : 'startCursor'], flags };
  }
}

describe('SCAN_BUDGET_EXCEEDED', () => {
  it(
    'can be followed as it says: the whole list comes, in order, once',
    async () => {
      let errorCount = 0;
      await fc.assert(
        fc.asyncProperty(cases, async (each) => {
          const oldestFirst = sortRuns(runsWithGaps(each.gaps, each.seed), 'asc');
          const at = (percent: number | null): string | undefined =>
            percent === null ? undefined : minute(Math.floor((oldestFirst.length * percent) / 100));
          const { from, to, isLong } = each.window;
          const [createdAfter, createdBefore] = [at(from), at(to)];
          const window: Window = {
            ...(createdAfter !== undefined && { createdAfter }),
            ...(createdBefore !== undefined && { createdBefore }),
            ...(isLong && { minDurationNs: LONG }),
          };
          await using upstream = await startWindowedUpstream(oldestFirst, { internal: each.internal });
          await using gateway = await createGateway({
            upstreamUrl: upstream.baseUrl,
            upstreamDialect: 'reversed',
            scanBudget: each.budget,
            maxCost: 1_000_000,
          });
          const walked = await walk(gateway, each, window);
          errorCount += walked.errorCount;
          const isDown = (each.order === 'DESC') === each.isForward;
          const list = isDown ? oldestFirst.toReversed() : oldestFirst;
          expect(walked.ids).toEqual(list.filter((run) => isWithin(run, window)).map(({ id }) => id));
        }),
        { numRuns: propertyRuns(15), examples: [[TWO_ERRORS]] },
      );
      expect(errorCount).toBeGreaterThanOrEqual(2);
    },
    TEST_TIMEOUT_MS,
  );
});
