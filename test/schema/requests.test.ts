import { beforeAll, describe, expect, it } from 'vitest';
import { graphql } from '../gql/gql.ts';
import { execute, query } from '../support/execute.ts';
import { randomRuns } from '../support/random-runs.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const SomeCursors = graphql(`
  query SomeCursors {
    runs(first: 1000) {
      edges {
        cursor
        node {
          id
        }
      }
    }
  }
`);

let test: TestGateway;
/** The cursors of the list's fifth and fortieth run, and their ids. */
let fifth: { cursor: string; id: string };
let fortieth: { cursor: string; id: string };

beforeAll(async () => {
  test = await startTestGateway({ runs: randomRuns(1200, 11) });
  const { runs } = await query(test.gateway, SomeCursors);
  const at = (index: number) => {
    const edge = runs?.edges[index];
    return { cursor: edge?.cursor ?? '', id: edge?.node.id ?? '' };
  };
  [fifth, fortieth] = [at(4), at(39)];
  return () => test[Symbol.asyncDispose]();
});

/** What a selection asks the upstream for, without what every list request has in common. */
async function upstreamRequests(fields: string): Promise<string[]> {
  test.upstreamRequests.length = 0;
  const { errors } = await execute(test.gateway, `{ ${fields} }`);
  expect(errors).toBeUndefined();
  return test.upstreamRequests
    .map((path) => path.replace('/v1/runs/?', '').replace(fifth.id, 'FIFTH').replace(fortieth.id, 'FORTIETH'))
    .toSorted();
}

const BOTH = 'pageInfo { hasNextPage hasPreviousPage }';
const TOP = 'limit=1&order=desc';
const BOTTOM = 'limit=1&order=asc';

describe('The upstream is asked', () => {
  it.each<[string, () => string, string[]]>([
    [
      'once, for no row too many, without page flags',
      () => 'runs(first: 10) { nodes { id } }',
      ['limit=10&order=desc'],
    ],
    ['once for a hundred rows by default', () => 'runs { edges { cursor } }', ['limit=100&order=desc']],
    [
      'once for the cursors of a page',
      () => 'runs(first: 3) { pageInfo { startCursor endCursor } }',
      ['limit=3&order=desc'],
    ],
    [
      'once, for one row more, with hasNextPage',
      () => 'runs(first: 10) { nodes { id } pageInfo { hasNextPage } }',
      ['limit=11&order=desc'],
    ],
    [
      'once at the start of the list, where nothing can come before',
      () => `runs(first: 10) { nodes { id } ${BOTH} }`,
      ['limit=11&order=desc'],
    ],
    [
      'once for hasNextPage behind a cursor',
      () => `runs(first: 10, after: "${fifth.cursor}") { nodes { id } pageInfo { hasNextPage } }`,
      ['before=FIFTH&limit=11&order=desc'],
    ],
    [
      'twice with hasPreviousPage behind a cursor',
      () => `runs(first: 10, after: "${fifth.cursor}") { nodes { id } ${BOTH} }`,
      ['before=FIFTH&limit=11&order=desc', TOP],
    ],
    [
      'twice for hasPreviousPage alone behind a cursor, without a row too many',
      () => `runs(first: 10, after: "${fifth.cursor}") { nodes { id } pageInfo { hasPreviousPage } }`,
      ['before=FIFTH&limit=10&order=desc', TOP],
    ],
    [
      'only for the top of the list where hasPreviousPage is all that is selected',
      () => `runs(first: 10, after: "${fifth.cursor}") { pageInfo { hasPreviousPage } }`,
      [TOP],
    ],
    ['once for the last page', () => `runs(last: 10) { nodes { id } ${BOTH} }`, ['limit=11&order=asc']],
    [
      'twice for a page ahead of a cursor',
      () => `runs(last: 10, before: "${fortieth.cursor}") { nodes { id } ${BOTH} }`,
      ['before=FORTIETH&limit=11&order=asc', BOTTOM],
    ],
    [
      'once for a page between two cursors without flags',
      () => `runs(first: 50, after: "${fifth.cursor}", before: "${fortieth.cursor}") { nodes { id } }`,
      ['before=FIFTH&limit=50&order=desc'],
    ],
    [
      'twice for a page between two cursors',
      () =>
        `runs(first: 50, after: "${fifth.cursor}", before: "${fortieth.cursor}") { nodes { id } ${BOTH} }`,
      ['before=FIFTH&limit=51&order=desc', TOP],
    ],
    [
      'twice for hasNextPage of a thousand rows, the most that one answer can have',
      () => 'runs(first: 1000) { nodes { id } pageInfo { hasNextPage } }',
      [BOTTOM, 'limit=1000&order=desc'],
    ],
    [
      'three times for a thousand rows behind a cursor with all flags, and never more often',
      () => `runs(first: 1000, after: "${fifth.cursor}") { nodes { id } ${BOTH} }`,
      ['before=FIFTH&limit=1000&order=desc', BOTTOM, TOP],
    ],
    ['never for an empty page without flags', () => 'runs(first: 0) { nodes { id } }', []],
    [
      'never for an empty page behind a cursor',
      () => `runs(first: 0, after: "${fifth.cursor}") { nodes { id } }`,
      [],
    ],
    [
      'for one row to tell what follows an empty page',
      () => 'runs(first: 0) { nodes { id } pageInfo { hasNextPage } }',
      ['limit=1&order=desc'],
    ],
    ['never for nothing but a type name', () => 'runs { __typename pageInfo { __typename } }', []],
    [
      'once more, by one look-up, for the place of a plain id',
      () => `runs(first: 10, after: "${fifth.id}") { nodes { id } pageInfo { hasNextPage } }`,
      ['/v1/runs/FIFTH', 'before=FIFTH&limit=11&order=desc'],
    ],
    [
      'as fragments, aliases, @skip and @include say',
      () => `runs(first: 10) {
        nodes { id }
        ... on RunConnection { info: pageInfo { ...Flags } }
        pageInfo @skip(if: true) { hasPreviousPage }
      } } fragment Flags on PageInfo { more: hasNextPage @include(if: true) hasPreviousPage @include(if: false)`,
      ['limit=11&order=desc'],
    ],
  ])('%s', async (_name, fields, expected) => {
    expect(await upstreamRequests(fields())).toEqual(expected.toSorted());
  });

  it('with every filter by the name it has in REST', async () => {
    const requests = await upstreamRequests(
      `runs(first: 2, agentIds: ["agent-1", "agent-2"], background: false, conversationId: "conv-1", orderBy: CREATED_AT,
        order: ASC, statuses: [FAILED, CANCELLED], stopReason: LLM_API_ERROR) { nodes { id } }`,
    );
    expect(requests).toContain(
      'statuses=failed&statuses=cancelled&stop_reason=llm_api_error&agent_ids=agent-1&agent_ids=agent-2&conversation_id=conv-1&background=false&limit=2&order=asc',
    );
    expect(
      await upstreamRequests('runs(first: 2, active: true, agentId: "agent-1") { nodes { id } }'),
    ).toEqual(['active=true&agent_id=agent-1&limit=2&order=desc']);
    expect(await upstreamRequests('runs(first: 2, active: false, ascending: true) { nodes { id } }')).toEqual(
      ['limit=2&order=asc'],
    );
  });

  it('once for a run, however often it is asked for, and not for what is no id of a run', async () => {
    const { id } = fifth;
    const requests = await upstreamRequests(
      `a: run(id: "${id}") { id } b: run(id: "${id}") { status } c: run(id: "agent-1") { id } d: run(id: "run-1/../x") { id }`,
    );
    expect(requests).toEqual(['/v1/runs/FIFTH']);
  });
});

describe('The dialect of the upstream', () => {
  const page = (after: string) => `{ runs(first: 5, after: "${after}") { nodes { id } } }`;

  it('costs nothing to find where the first guess is right', async () => {
    await using own = await startTestGateway({ runs: randomRuns(30, 3), dialect: 'reversed' });
    const { runs } = await query(own.gateway, SomeCursors);
    own.upstreamRequests.length = 0;
    for (const edge of runs?.edges.slice(1, 6) ?? []) await execute(own.gateway, page(edge.cursor));
    expect(own.upstreamRequests).toHaveLength(5);
  });

  it('costs a probe of four requests and one more, once, where it is not', async () => {
    await using own = await startTestGateway({ runs: randomRuns(30, 3), dialect: 'documented' });
    const { runs } = await query(own.gateway, SomeCursors);
    own.upstreamRequests.length = 0;
    for (const edge of runs?.edges.slice(1, 6) ?? []) await execute(own.gateway, page(edge.cursor));
    expect(own.upstreamRequests).toHaveLength(10);
  });

  it.each(['reversed', 'documented'] as const)(
    'is proven once, by a probe of four requests, where an empty page proves nothing (%s)',
    async (dialect) => {
      await using own = await startTestGateway({ runs: randomRuns(30, 3), dialect });
      const { runs } = await query(own.gateway, SomeCursors);
      const oldest = runs?.edges.at(-1)?.cursor ?? '';
      own.upstreamRequests.length = 0;
      for (let i = 0; i < 3; i++) {
        const { data } = await execute<{ runs: { nodes: unknown[] } }, never>(own.gateway, page(oldest));
        expect(data?.runs.nodes).toEqual([]);
      }
      // The guess is right, or the page is requested in the other dialect as well.
      expect(own.upstreamRequests).toHaveLength(dialect === 'reversed' ? 7 : 8);
    },
  );

  it('is checked at the newest run, behind which the wrong dialect finds nothing', async () => {
    await using own = await startTestGateway({ runs: randomRuns(30, 3), dialect: 'documented' });
    const { runs } = await query(own.gateway, SomeCursors);
    own.upstreamRequests.length = 0;
    const { data } = await execute<{ runs: { nodes: unknown[] } }, never>(
      own.gateway,
      page(runs?.edges[0]?.cursor ?? ''),
    );
    expect(data?.runs.nodes).toHaveLength(5);
    expect(own.upstreamRequests).toHaveLength(6);
  });

  it('is the configured one, and then the other one is not tried', async () => {
    await using own = await startTestGateway({
      runs: randomRuns(30, 3),
      dialect: 'documented',
      config: { upstreamDialect: 'reversed' },
    });
    const { runs } = await query(own.gateway, SomeCursors);
    own.upstreamRequests.length = 0;
    const { errors } = await execute(own.gateway, page(runs?.edges[9]?.cursor ?? ''));
    expect(errors?.[0]?.extensions?.['code']).toBe('INVALID_CURSOR');
    expect(own.upstreamRequests).toHaveLength(1);
  });
});
