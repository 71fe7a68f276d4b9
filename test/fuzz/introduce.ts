import type { KnownThings } from './graphql-cases.ts';

export interface Introduction extends KnownThings {
  /** The whole answer to a usual query; the same as long as the gateway is well. */
  readonly answer: string;
}

/** Asks a gateway what attacks need to know of it. @throws Error when it doesn't serve */
export async function introduce(url: string): Promise<Introduction> {
  const query =
    '{ runs(first: 20) { edges { cursor node { id status metadata } } pageInfo { hasNextPage } } }';
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const answer = await response.text();
  const { data }: { data?: { runs: { edges: readonly Edge[] } | null } } = JSON.parse(answer);
  const edge = data?.runs?.edges[7];
  if (edge === undefined) throw new Error(`expected 20 runs, but got: ${answer}`);
  return {
    cursor: edge.cursor,
    runId: edge.node.id,
    answer,
  };
}

interface Edge {
  readonly cursor: string;
  readonly node: { readonly id: string };
}
