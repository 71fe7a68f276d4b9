import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SECOND_ACTOR } from '../../embedded-api/actors.ts';
import type { Gateway } from '../../src/gateway-options.ts';
import { encodeCursor } from '../../src/lists/pages/cursor.ts';
import { type RelayPage, relayPageAmong } from '../core/relay-model.ts';
import { stopClock } from '../support/clock.ts';
import { execute } from '../support/execute.ts';
import { runAt } from '../support/live-runs.ts';
import { openGateway } from '../support/open-gateway.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { randomRuns } from '../support/random-runs.ts';
import { sortRuns } from '../support/run-list.ts';
import { watchRuns } from '../support/watch.ts';

const PAGE = `query ($first: Int, $after: String, $last: Int, $before: String, $order: SortOrder, $active: Boolean) {
  runs(first: $first, after: $after, last: $last, before: $before, order: $order, active: $active) {
    edges { node { id } }
    pageInfo { hasNextPage hasPreviousPage }
  }
}`;

interface Page {
  readonly runs: {
    readonly edges: readonly { readonly node: { readonly id: string } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean };
  } | null;
}

const RUNS = sortRuns(randomRuns(12, 5), 'asc');
const FOREIGN = randomRuns(3, 77).map((run) => ({ ...run, organization_id: SECOND_ACTOR.organizationId }));
const VICTIM = { authorization: 'Bearer victim' };
const ATTACKER = { authorization: 'Bearer attacker' };

/** The creation time as cursors have it, to six digits of a second. */
function keyOf({ created_at }: { readonly created_at: string }): string {
  const [, seconds, fraction = ''] = /^(.+?)(?:\.(\d+))?Z$/.exec(created_at) ?? [];
  return `${seconds}.${fraction.padEnd(6, '0')}`;
}

/** Any run, most often one at an end of the list; one of somebody else, or one that nobody has. */
const anyId = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(RUNS[0]?.id ?? '', RUNS.at(-1)?.id ?? '') },
  { weight: 2, arbitrary: fc.constantFrom(...RUNS.map(({ id }) => id)) },
  fc.constantFrom(...FOREIGN.map(({ id }) => id), 'run-00000000-0000-4000-8000-000000000000'),
);
const anyKey = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('9998-01-01T00:00:00.000000', '0001-01-01T00:00:00.000000') },
  fc.constantFrom(...RUNS).map((run) => `${run.created_at.slice(0, 19)}.000000`),
  fc.constantFrom(...RUNS, ...FOREIGN).map(keyOf),
);
const forgery = fc.record({
  key: anyKey,
  id: anyId,
  order: fc.constantFrom('ASC' as const, 'DESC' as const),
  forward: fc.boolean(),
});
type Forgery = typeof forgery extends fc.Arbitrary<infer Value> ? Value : never;

const argumentsOf = ({ key, id, order, forward }: Forgery, active = false) => ({
  ...(forward
    ? { first: 5, after: encodeCursor({ key, id }) }
    : { last: 5, before: encodeCursor({ key, id }) }),
  order,
  ...(active && { active }),
});

/** What stands at the run of a forged cursor: where the run is, whoever has it, or else where the cursor says. */
function pageBehind({ key, id, order, forward }: Forgery): Page['runs'] {
  const cursor = [...RUNS, ...FOREIGN].find((run) => run.id === id) ?? { id, created_at: `${key}Z` };
  const all = sortRuns([...RUNS.filter((run) => run !== cursor), cursor], order === 'ASC' ? 'asc' : 'desc');
  const page = forward ? { first: 5, after: cursor } : { last: 5, before: cursor };
  return shown(
    relayPageAmong<{ readonly id: string }>(all, (run) => RUNS.some(({ id: own }) => own === run.id), page),
  );
}

const shown = ({ rows, ...pageInfo }: RelayPage<{ readonly id: string }>): Page['runs'] => ({
  edges: rows.map(({ id }) => ({ node: { id } })),
  pageInfo,
});

async function ask(gateway: Gateway, variables: object, headers: Readonly<Record<string, string>>) {
  const { data, errors } = await execute<Page, object>(gateway, PAGE, variables, headers);
  return { page: data?.runs, code: errors?.[0]?.extensions?.['code'] };
}

describe.each(['reversed', 'documented'] as const)('A forged cursor, with a %s upstream', (dialect) => {
  const open = () => openGateway({ runs: [...RUNS, ...FOREIGN], dialect });

  it('changes no page of another caller, whatever the gateway has learned before', async () => {
    await using test = await open();
    const attacks = fc.array(fc.tuple(forgery, fc.boolean()), { maxLength: 3 });
    /** Most often at an end of the list, where pages are empty. */
    const index = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(0, RUNS.length - 1) },
      fc.nat(RUNS.length - 1),
    );
    const honest = fc.tuple(index, fc.constantFrom('ASC' as const, 'DESC' as const), fc.boolean());
    const steps = fc.array(fc.tuple(attacks, honest), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(steps, fc.boolean(), async (interleaving, isFresh) => {
        await using fresh = isFresh ? await test.another() : undefined;
        const gateway = fresh ?? test.gateway;
        for (const [forged, [at, order, forward]] of interleaving) {
          await Promise.all(
            forged.map(([each, active]) => ask(gateway, argumentsOf(each, active), ATTACKER)),
          );
          const { id, created_at } = RUNS[at] ?? expect.unreachable();
          const own = { id, key: keyOf({ created_at }), order, forward };
          expect(await ask(gateway, argumentsOf(own), VICTIM)).toEqual({
            page: pageBehind(own),
            code: undefined,
          });
        }
      }),
      { numRuns: propertyRuns(30) },
    );
  });
});

describe('A cursor of a stream that names runs which are not there', () => {
  /** As somebody makes it who has a server of their own. */
  async function foreignCursor(count: number): Promise<string> {
    using clock = stopClock('2026-01-01T00:15:00Z');
    const runs = Array.from({ length: count }, (_, index) => runAt(index, index, { status: 'running' }));
    await using other = await openGateway({ runs });
    const client = watchRuns(other.gateway);
    await clock.pass(1000);
    other.store.insert([runAt(900, 899)]);
    await clock.pass(3000);
    await client.close();
    return client.events.at(-1)?.cursor ?? '';
  }
  const as = (name: string) => ({ headers: { authorization: `Bearer ${name}` } });

  it('is charged for what it makes the gateway ask, to its sender alone', async () => {
    const [after, short] = [await foreignCursor(50), await foreignCursor(10)];
    using clock = stopClock('2026-01-01T00:15:10Z');
    await using test = await openGateway({ runs: [runAt(1000, 899)], config: { rateLimit: 700 } });
    const codes: unknown[] = [];
    for (let turn = 0; turn < 10; turn++) {
      const client = watchRuns(test.gateway, '', { after, ...as('forger') });
      // oxlint-disable-next-line no-await-in-loop -- One after the other.
      await clock.pass(2000);
      codes.push(client.error?.['code']);
      await client.close();
    }
    expect(codes).toContain('RATE_LIMITED');
    // A request costs 3, and polls of the list are part of a subscription.
    expect(test.upstream.requests.length).toBeLessThan(700 / 3 + 10 * 6);
    const other = watchRuns(test.gateway, '', { after: short, ...as('other') });
    await clock.pass(10_000);
    // With the run that was new.
    expect(other.events.filter(({ kind }) => kind === 'REMOVED')).toHaveLength(11);
    await other.close();
  });
});
