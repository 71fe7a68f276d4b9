import type { Ask } from './load.ts';

/** A shape of operation, and who can serve it. */
export interface Shape {
  readonly name: string;
  readonly ask: Ask;
  /** Pages of runs in one answer. */
  readonly pages: number;
  /** Whether a schema of the list alone can serve it, as the contenders have. */
  readonly isCommon: boolean;
}

const FIELDS = `id status createdAt completedAt agentId conversationId background stopReason
  totalDurationNs ttftNs metadata requestConfig { useAssistantMessage assistantMessageToolName }
  callbackUrl callbackStatusCode`;
const PAGE = `edges { cursor node { ${FIELDS} } } pageInfo { hasNextPage endCursor }`;

/**
 * The same page in every shape.
 *
 * @param rows of a page
 * @param runIds a hundred runs
 * @param agentIds twenty agents
 */
export function shapesOf(
  rows: number,
  runIds: readonly string[],
  agentIds: readonly string[],
): readonly Shape[] {
  const first = { first: rows };
  const plain = `query Page($first: Int) { runs(first: $first) { ${PAGE} } }`;
  const post = (query: string, variables: object): Ask => ({
    path: '/graphql',
    body: JSON.stringify({ query, variables }),
  });
  const search = new URLSearchParams({ query: plain, variables: JSON.stringify(first) });
  return [
    common('plain', post(plain, first)),
    common(
      'directives',
      post(
        `query Page($first: Int, $yes: Boolean!, $no: Boolean!) { runs(first: $first) {
          edges { cursor node { ${FIELDS.replace('status', 'status @include(if: $yes)').replace('ttftNs', 'ttftNs @skip(if: $no)')} } }
          pageInfo @include(if: $yes) { hasNextPage endCursor } } }`,
        { ...first, yes: true, no: false },
      ),
    ),
    common(
      'a second root',
      post(
        `query Page($first: Int, $id: ID!) { runs(first: $first) { ${PAGE} } run(id: $id) { id status } }`,
        {
          ...first,
          id: runIds[0],
        },
      ),
    ),
    common('by GET', { path: `/graphql?${search}` }),
    common(
      'fragments',
      post(
        `query Page($first: Int) { runs(first: $first) { edges { cursor ... { node { ...Row ... { id __typename } } } } pageInfo { ...Info } } }
        fragment Info on PageInfo { hasNextPage endCursor }
        fragment Row on Run { ${FIELDS} }`,
        first,
      ),
    ),
    common(
      'two pages',
      post(
        `query Pages($first: Int, $other: Int) { a: runs(first: $first) { ${PAGE} } b: runs(first: $other) { ${PAGE} } }`,
        {
          ...first,
          other: rows - 1,
        },
      ),
      2,
    ),
    own(
      'runs of 20 agents',
      post(
        `query Agents($ids: [ID!]!) { nodes(ids: $ids) { ... on Agent { id runs(first: 5) { ${PAGE} } } } }`,
        {
          ids: agentIds,
        },
      ),
    ),
    own(
      '100 entities',
      post(
        `query Entities($all: [_Any!]!) { _entities(representations: $all) { ... on Run { ${LOOKED_UP} } } }`,
        {
          all: runIds.map((id) => ({ __typename: 'Run', id })),
        },
      ),
    ),
    own(
      '100 ids',
      post(`query Nodes($ids: [ID!]!) { nodes(ids: $ids) { ... on Run { ${LOOKED_UP} } } }`, { ids: runIds }),
    ),
  ];
}

/** Without what needs another request for a run that is looked up. */
const LOOKED_UP = FIELDS.replace('totalDurationNs ', '');

function common(name: string, ask: Ask, pages = 1): Shape {
  return { name, ask, pages, isCommon: true };
}

function own(name: string, ask: Ask): Shape {
  return { name, ask, pages: 1, isCommon: false };
}
