import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SECOND_ACTOR } from '../../../embedded-api/model/actors.ts';
import { createGateway, type Gateway } from '../../../src/gateway.ts';
import { encodeCursor } from '../../../src/lists/pages/cursor.ts';
import { execute } from '../../support/execute.ts';
import { propertyRuns, TEST_TIMEOUT_MS } from '../../support/property-runs.ts';
import { randomRuns } from '../../support/random-runs.ts';
import { relayPage } from '../../support/relay-algorithm.ts';
import { sortRuns } from '../../support/run-list.ts';
import { startTestGateway } from '../../support/test-gateway.ts';

const PAGE = `query ($first: Int, $after: String, $last: Int, $before: String, $order: SortOrder, $active: Boolean) {
  runs(first: $first, after: $after, last: $last, before: $before, order: $order, active: $active) {
    edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage }
  }
}`;

interface Page {
  readonly runs: {
    readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean };
  };
}

const RUNS = sortRuns(randomRuns(12, 5), 'asc');
const FOREIGN = randomRuns(3, 77).map((run) => ({ ...run, organization_id: SECOND_ACTOR.organizationId }));
const VICTIM = { authorization: 'Bearer victim' };
const ATTACKER = { authorization: 'Bearer attacker' };

/** Any run, of the attacker's list or not, most often one at an end of it; or one that nobody has. */
const anyId = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(RUNS[0]?.id, RUNS.at(-1)?.id) },
  { weight: 2, arbitrary: fc.constantFrom(...RUNS.map(({ id }) => id)) },
  fc.constantFrom(...FOREIGN.map(({ id }) => id), 'run-00000000-0000-4000-8000-000000000000'),
);
const anyInstant = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('9998-01-01T00:00:00.000000', '0001-01-01T00:00:00.000000') },
  fc
    .constantFrom(...RUNS)
    .map(({ created_at }) => `${new Date(created_at).toISOString().slice(0, 19)}.000000`),
);
const forged = fc
  .record({ key: anyInstant, id: anyId })
  .map(({ key, id }) => encodeCursor({ key, id: id ?? '' }));
const attack = fc
  .tuple(forged, fc.constantFrom('ASC', 'DESC'), fc.constantFrom('after', 'before'), fc.boolean())
  .map(([cursor, order, side, active]) => ({
    ...(side === 'after' ? { first: 5, after: cursor } : { last: 5, before: cursor }),
    order,
    ...(active && { active }),
  }));

/** A page of the victim, most often at an end of the list, where pages are empty. */
const honest = fc.record({
  index: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(0, 11) }, fc.nat(11)),
  order: fc.constantFrom('ASC' as const, 'DESC' as const),
  forward: fc.boolean(),
});

describe.each(['reversed', 'documented'] as const)('Forged cursors, with a %s upstream', (dialect) => {
  it.each(['fresh', 'warm'] as const)(
    'change no page of another caller, whose gateway is %s',
    async (temperature) => {
      await using test = await startTestGateway({ runs: [...RUNS, ...FOREIGN], dialect });
      const cursors = await cursorsOf(test.gateway);
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.array(attack, { maxLength: 3 }), honest), { minLength: 5, maxLength: 5 }),
          async (interleaving) => {
            await using own =
              temperature === 'fresh' ? await createGateway({ upstreamUrl: test.gateway.upstreamUrl }) : null;
            const gateway = own ?? test.gateway;
            for (const [attacks, page] of interleaving) {
              await Promise.all(attacks.map((variables) => execute(gateway, PAGE, variables, ATTACKER)));
              await expectHonestPage(gateway, page, cursors);
            }
          },
        ),
        { numRuns: propertyRuns(temperature === 'fresh' ? 40 : 100) },
      );
    },
    TEST_TIMEOUT_MS,
  );
});

type Honest = typeof honest extends fc.Arbitrary<infer Value> ? Value : never;

async function expectHonestPage(
  gateway: Gateway,
  { index, order, forward }: Honest,
  cursors: ReadonlyMap<string, string>,
): Promise<void> {
  const run = RUNS[index];
  const list = order === 'ASC' ? RUNS : RUNS.toReversed();
  const cursor = cursors.get(run?.id ?? '');
  const variables = forward ? { first: 5, after: cursor } : { last: 5, before: cursor };
  const { data, errors } = await execute<Page, object>(gateway, PAGE, { ...variables, order }, VICTIM);
  const { rows, ...pageInfo } = relayPage(
    list,
    () => true,
    forward ? { first: 5, after: run } : { last: 5, before: run },
  );
  expect(errors).toBeUndefined();
  expect(data?.runs.edges.map(({ node }) => node.id)).toEqual(rows.map(({ id }) => id));
  expect(data?.runs.pageInfo).toEqual(pageInfo);
}

async function cursorsOf(gateway: Gateway): Promise<ReadonlyMap<string, string>> {
  const { data } = await execute<Page, object>(gateway, PAGE, { first: 100 }, VICTIM);
  return new Map(data?.runs.edges.map(({ cursor, node }) => [node.id, cursor]));
}
