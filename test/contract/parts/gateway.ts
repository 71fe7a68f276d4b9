import { beforeEach, describe, expect, test } from 'vitest';
import { createGateway } from '../../../src/gateway.ts';
import { type Answer, execute } from '../../support/execute.ts';
import type { Page } from '../../support/walk.ts';
import { type Given, MAX_LIMIT, ORDERS, tooFew } from '../observe.ts';
import { lacks } from '../releases.ts';
import { OBSERVING_TIMEOUT_MS } from '../run-details.ts';

export function describeGateway(given: Given): void {
  describe('the gateway', () => {
    beforeEach((context) => context.skip(...tooFew(given())));

    test.for(ORDERS.flatMap((order) => [true, false].map((isForward) => [order, isForward] as const)))(
      'walks (%s, forward: %s) as the list of the API goes',
      { timeout: OBSERVING_TIMEOUT_MS },
      async ([order, isForward], context) => {
        context.skip(...lacks(given(), 'the gateway'));
        const { target, heads } = given();
        // The last page of one order is the first of the other.
        const { rows, complete } = heads[isForward ? order : order === 'asc' ? 'desc' : 'asc'];
        await using gateway = await createGateway({ upstreamUrl: target.baseUrl, apiKey: target.apiKey });
        const query = `query ($order: SortOrder, $cursor: String) {
          runs(order: $order, ${isForward ? 'first: 37, after' : 'last: 37, before'}: $cursor) {
            nodes { id createdAt } pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
          }
        }`;
        const walked: object[] = [];
        let cursor: string | null = null;
        for (let more = true; more && walked.length < MAX_LIMIT;) {
          const variables: object = { order: order.toUpperCase(), cursor };
          const { data, errors }: Answer<{ runs: Page<object> }> = await execute(gateway, query, variables);
          expect(errors).toBeUndefined();
          const { nodes = [], pageInfo } = data?.runs ?? {};
          expect(isForward ? pageInfo?.hasPreviousPage : pageInfo?.hasNextPage).toBe(walked.length > 0);
          more = (isForward ? pageInfo?.hasNextPage : pageInfo?.hasPreviousPage) === true;
          cursor = (isForward ? pageInfo?.endCursor : pageInfo?.startCursor) ?? null;
          walked.push(...(isForward ? nodes : nodes.toReversed()));
          // Of a longer list the end is not known.
          if (complete) expect(more).toBe(walked.length < rows.length);
        }
        expect(walked.slice(0, MAX_LIMIT)).toEqual(
          rows.map(({ id, created_at }) => ({ id, createdAt: created_at })),
        );
      },
    );
  });
}
