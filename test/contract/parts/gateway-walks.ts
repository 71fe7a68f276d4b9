import { beforeEach, describe, expect } from 'vitest';
import { createGateway, type Gateway } from '../../../src/gateway.ts';
import type { Order } from '../../support/run-list.ts';
import { type Given, MAX_LIMIT, tooFew } from '../observe.ts';
import { type Skips, testUnless } from '../skips.ts';

const PAGE = 37;

const WALK = `
  query Walk($order: SortOrder, $first: Int, $after: String, $last: Int, $before: String) {
    runs(order: $order, first: $first, after: $after, last: $last, before: $before) {
      edges { node { id createdAt } }
      pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
    }
  }
`;

interface Connection {
  readonly edges: readonly { readonly node: { readonly id: string; readonly createdAt: string } }[];
  readonly pageInfo: {
    readonly startCursor: string | null;
    readonly endCursor: string | null;
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
  };
}

interface Step {
  readonly rows: readonly { readonly id: string; readonly created_at: string }[];
  readonly cursor: string | null;
  /** Whether the page says that there are runs behind it, and ahead of it, as the walk goes. */
  readonly more: boolean;
  readonly less: boolean;
}

async function fetchStep(
  gateway: Gateway,
  order: Order,
  direction: 'forward' | 'backward',
  cursor: string | null,
): Promise<Step> {
  const window = direction === 'forward' ? { first: PAGE, after: cursor } : { last: PAGE, before: cursor };
  const variables = { order: order.toUpperCase(), ...window };
  const response = await gateway.fetch(
    new Request('http://gateway/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: WALK, variables }),
    }),
  );
  const { data, errors }: { data?: { runs: Connection | null }; errors?: unknown } = await response.json();
  expect(errors).toBeUndefined();
  const { edges = [], pageInfo } = data?.runs ?? {};
  const rows = edges.map(({ node: { id, createdAt } }) => ({ id, created_at: createdAt }));
  const {
    startCursor = null,
    endCursor = null,
    hasNextPage = false,
    hasPreviousPage = false,
  } = pageInfo ?? {};
  return direction === 'forward'
    ? { rows, cursor: endCursor, more: hasNextPage, less: hasPreviousPage }
    : { rows: rows.toReversed(), cursor: startCursor, more: hasPreviousPage, less: hasNextPage };
}

/** The list that a walk must equal: the last page of one order is the first of the other. */
const WALKS = [
  { direction: 'forward', order: 'desc', equals: 'desc' },
  { direction: 'forward', order: 'asc', equals: 'asc' },
  { direction: 'backward', order: 'desc', equals: 'asc' },
  { direction: 'backward', order: 'asc', equals: 'desc' },
] as const;

export function describeGatewayWalks(given: Given, { gateway: reason }: Skips): void {
  describe('the gateway', () => {
    beforeEach((context) => context.skip(...tooFew(given())));

    for (const { direction, order, equals } of WALKS) {
      testUnless(reason, `a walk ${direction} (${order}) equals the REST list (${equals})`, async () => {
        const { target, heads } = given();
        const { rows, complete } = heads[equals];
        await using gateway = await createGateway({ upstreamUrl: target.baseUrl, apiKey: target.apiKey });
        const walked: Step['rows'][number][] = [];
        let step: Step | undefined;
        do {
          step = await fetchStep(gateway, order, direction, step?.cursor ?? null);
          expect(step.less).toBe(walked.length > 0);
          walked.push(...step.rows);
          // Of a longer list the end is not known.
          if (complete) expect(step.more).toBe(walked.length < rows.length);
        } while (step.more && step.rows.length > 0 && walked.length < MAX_LIMIT);
        expect(walked.slice(0, MAX_LIMIT)).toEqual(rows.map(({ id, created_at }) => ({ id, created_at })));
      });
    }
  });
}
