import { beforeAll, describe, expect, it } from 'vitest';
import { startListening } from '../support/listening-gateway.ts';

let url: string;

beforeAll(async () => {
  const listening = await startListening();
  ({ url } = listening);
  return () => listening[Symbol.asyncDispose]();
});

async function ask(query: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query }),
  });
  return { status: response.status, text: await response.text() };
}

/** Each fragment spreads the next one twice: 2^100 fields, if each spread were followed. */
function fragmentsThatDouble(root: string, type: string, field: string): string {
  const fragments = Array.from(
    { length: 100 },
    (_, n) => `fragment F${n} on ${type} { ${field} ...F${n + 1} ...F${n + 1} }`,
  );
  return `${root} ${fragments.join(' ')} fragment F100 on ${type} { ${field} }`;
}

describe('A hostile document', () => {
  it.each([
    ['at the root', '{ ...F0 }', 'Query', '__typename'],
    ['in a page', '{ runs(first: 1) { ...F0 } }', 'RunConnection', '__typename'],
    [
      'in a page of an agent',
      '{ run(id: "run-00000000") { agent { runs(first: 1) { ...F0 } } } }',
      'RunConnection',
      '__typename',
    ],
    ['in a run', '{ runs(first: 1) { nodes { ...F0 } } }', 'Run', 'id'],
  ])(
    'with fragments that double %s is answered at the cost of its length',
    async (_name, root, type, field) => {
      expect(await ask(fragmentsThatDouble(root, type, field))).toMatchObject({ status: 200 });
    },
  );

  it.each([
    ['nested selections', `{${'...{'.repeat(3000)}__typename${'}'.repeat(3001)}`],
    ['nested lists', `{ runs(agentIds: ${'['.repeat(4000)}${']'.repeat(4000)}) { nodes { id } } }`],
    ['nested types', `query ($a: ${'['.repeat(4000)}Int${']'.repeat(4000)}) { __typename }`],
    ['very many fields', `{ ${'a: __typename '.repeat(10_000)} }`],
  ])('of %s is refused as a client error', async (_name, query) => {
    const { status, text } = await ask(query);
    expect([status, JSON.parse(text)]).toEqual([
      400,
      {
        errors: [
          expect.objectContaining({
            extensions: expect.objectContaining({ code: expect.stringMatching(/^GRAPHQL_/) }),
          }),
        ],
      },
    ]);
  });
});
