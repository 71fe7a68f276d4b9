import { expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { execute } from '../support/execute.ts';

interface Data {
  readonly runs: { readonly pageInfo?: { readonly hasNextPage: boolean } };
}

it.each([true, false])(
  'What is asked of a list in a fragment alone is not taken for what is asked beside it (rows copied: %s)',
  async (rowCopying) => {
    await using gateway = await createGateway({ rowCopying, live: false });
    const text = `
      { other: __typename ...Part ...More }
      fragment Part on Query { runs(first: 1) { nodes { id } } }`;
    const alone = `${text} fragment More on Query { __typename }`;
    const beside = `${text} fragment More on Query { runs(first: 1) { pageInfo { hasNextPage } } }`;
    const both = `query A { ...Part } query B { ...Part ...More }
      fragment Part on Query { runs(first: 1) { nodes { id } } }
      fragment More on Query { runs(first: 1) { pageInfo { hasNextPage } } }`;
    await execute(gateway, alone);
    expect((await execute<Data, object>(gateway, beside)).data?.runs.pageInfo?.hasNextPage).toBe(true);
    for (const operationName of ['A', 'B', 'A', 'B']) {
      const response = await gateway.fetch(
        new Request('http://gateway/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: both, operationName }),
        }),
      );
      const { data } = (await response.json()) as { readonly data: Data };
      if (operationName === 'B') expect(data.runs.pageInfo).toEqual({ hasNextPage: true });
    }
  },
);
