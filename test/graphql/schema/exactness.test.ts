import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../../src/gateway.ts';
import { graphql } from '../../gql/gql.ts';
import { query } from '../../support/execute.ts';
import { randomRuns } from '../../support/random-runs.ts';
import { relayPage } from '../../support/relay-algorithm.ts';
import { expectedNode, matches, randomFilters, sortKey } from '../../support/run-model.ts';
import { startTestGateway } from '../../support/test-gateway.ts';

const ExactPage = graphql(`
  query ExactPage(
    $first: Int
    $after: String
    $last: Int
    $before: String
    $active: Boolean
    $agentId: ID
    $agentIds: [ID!]
    $background: Boolean
    $conversationId: ID
    $order: SortOrder
    $statuses: [RunStatus!]
    $stopReason: StopReason
  ) {
    runs(
      first: $first
      after: $after
      last: $last
      before: $before
      active: $active
      agentId: $agentId
      agentIds: $agentIds
      background: $background
      conversationId: $conversationId
      order: $order
      statuses: $statuses
      stopReason: $stopReason
    ) {
      edges {
        cursor
        node {
          id
          agentId
          agent {
            id
          }
          background
          baseTemplateId
          callbackError
          callbackSentAt
          callbackStatusCode
          callbackUrl
          completedAt
          conversationId
          createdAt
          metadata
          requestConfig {
            assistantMessageToolKwarg
            assistantMessageToolName
            includeReturnMessageTypes
            useAssistantMessage
          }
          status
          rawStatus
          stopReason
          rawStopReason
          totalDurationNs
          ttftNs
        }
      }
      nodes {
        id
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`);

function pageSize(count: number): fc.Arbitrary<number> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 8 }) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: Math.min(count + 2, 1000) }) },
    { weight: 1, arbitrary: fc.constantFrom(999, 1000) },
  );
}

/**
 * How many runs there are, and how many random pages of them are compared in each dialect. A fresh
 * gateway for each page knows nothing yet of its upstream's dialect.
 */
const DATA_SETS = [
  { count: 0, cases: 50, fresh: true },
  { count: 1, cases: 100, fresh: true },
  { count: 2, cases: 300, fresh: true },
  { count: 3, cases: 300, fresh: true },
  { count: 5, cases: 300, fresh: true },
  { count: 3, cases: 200, fresh: false },
  { count: 12, cases: 500, fresh: false },
  { count: 60, cases: 500, fresh: false },
  { count: 1000, cases: 100, fresh: false },
  { count: 1003, cases: 100, fresh: false },
];

describe.each([
  { dialect: 'reversed', rowCopying: true },
  { dialect: 'documented', rowCopying: true },
  { dialect: 'reversed', rowCopying: false },
] as const)('With a $dialect upstream (row copying: $rowCopying)', ({ dialect, rowCopying }) => {
  it.each(DATA_SETS)(
    '$cases random pages of $count runs (fresh gateway each: $fresh) are what the Relay specification says',
    async ({ count, cases, fresh }) => {
      const oldestFirst = randomRuns(count, count + 7).toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
      const newestFirst = oldestFirst.toReversed();
      await using test = await startTestGateway({ runs: oldestFirst, dialect, config: { rowCopying } });
      const everything = await query(test.gateway, ExactPage, { first: 1000, order: 'ASC' });
      const rest = await query(test.gateway, ExactPage, { last: count % 1000, order: 'ASC' });
      const edges = [...(everything.runs?.edges ?? []), ...(count > 1000 ? (rest.runs?.edges ?? []) : [])];
      const cursorOf = new Map(edges.map((edge) => [edge.node.id, edge.cursor]));
      expect(cursorOf.size).toBe(count);

      const place = fc.record({ index: fc.nat(Math.max(count - 1, 0)), plain: fc.boolean() });
      const cursor = count === 0 ? fc.constant(undefined) : fc.option(place, { nil: undefined, freq: 2 });
      const pageCase = fc.record({
        filters: randomFilters,
        order: fc.constantFrom('ASC', 'DESC', undefined),
        size: fc.option(fc.record({ which: fc.constantFrom('first', 'last'), n: pageSize(count) }), {
          nil: undefined,
        }),
        after: cursor,
        before: cursor,
      });
      await fc.assert(
        fc.asyncProperty(pageCase, async ({ filters, order, size, after, before }) => {
          const list = order === 'ASC' ? oldestFirst : newestFirst;
          const rowAt = (at: typeof after) => (at === undefined ? undefined : oldestFirst[at.index]);
          const textOf = (at: typeof after) => {
            const id = rowAt(at)?.id;
            return at?.plain || id === undefined ? id : cursorOf.get(id);
          };
          const sizes = size === undefined ? {} : { [size.which]: size.n };
          const expected = relayPage(list, (run) => matches(run, filters), {
            ...(size === undefined ? { first: 100 } : sizes),
            after: rowAt(after),
            before: rowAt(before),
          });
          await using own = fresh
            ? await createGateway({ upstreamUrl: test.gateway.upstreamUrl, rowCopying })
            : null;
          const answer = await query(own ?? test.gateway, ExactPage, {
            ...filters,
            ...sizes,
            order,
            after: textOf(after),
            before: textOf(before),
          });
          const expectedEdges = expected.rows.map((run) => ({
            cursor: cursorOf.get(run.id),
            node: expectedNode(run),
          }));
          expect(answer.runs).toEqual({
            edges: expectedEdges,
            nodes: expected.rows.map(({ id }) => ({ id })),
            pageInfo: {
              hasNextPage: expected.hasNextPage,
              hasPreviousPage: expected.hasPreviousPage,
              startCursor: expectedEdges[0]?.cursor ?? null,
              endCursor: expectedEdges.at(-1)?.cursor ?? null,
            },
          });
        }),
        { numRuns: cases },
      );
    },
    120_000,
  );
});

it('These tests run in a time zone that is not UTC', () => {
  expect(new Date(2025, 0, 1).getTimezoneOffset()).not.toBe(0);
});
