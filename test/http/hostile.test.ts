import { createConnection } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { listen } from '../../src/http/listen.ts';

let url: string;

beforeAll(async () => {
  const parts = new AsyncDisposableStack();
  const gateway = parts.use(await createGateway());
  url = parts.use(await listen(gateway, { host: '127.0.0.1', port: 0 })).url;
  return () => parts.disposeAsync();
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
  ])('with fragments that double %s costs no more than its length', async (_name, root, type, field) => {
    expect(await ask(fragmentsThatDouble(root, type, field))).toMatchObject({ status: 200 });
  });

  it.each([
    ['nested selections', `{${'...{'.repeat(3000)}__typename${'}'.repeat(3001)}`],
    ['nested lists', `{ runs(agentIds: ${'['.repeat(4000)}${']'.repeat(4000)}) { nodes { id } } }`],
    ['nested types', `query ($a: ${'['.repeat(4000)}Int${']'.repeat(4000)}) { __typename }`],
    ['very many fields', `{ ${'a: __typename '.repeat(10_000)} }`],
  ])('of %s is a mistake of its sender', async (_name, query) => {
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

describe('A hostile request', () => {
  it.each(['variables={', 'variables=x', 'extensions=x'])(
    'with ?%s is a mistake of its sender',
    async (parameter) => {
      const response = await fetch(`${url}/graphql?query={__typename}&${parameter}`);
      expect([response.status, await response.json()]).toEqual([
        400,
        {
          errors: [{ message: 'The request contains invalid JSON.', extensions: { code: 'BAD_REQUEST' } }],
        },
      ]);
    },
  );

  it.each([
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/graphql',
    '',
  ])('as %s, which any page could send, is refused', async (type) => {
    const body = new Blob(['query={runs{nodes{id}}}']);
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    expect([response.status, await response.text()]).toEqual([415, '']);
  });

  it.each([
    'GET /health HTTP/1.1\r\nhost: a^b\r\n\r\n',
    'GET http://x/health HTTP/1.1\r\nhost: x\r\n\r\n',
    'OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n',
  ])('without an address is refused, and told nothing of the inside: %j', async (request) => {
    const { hostname, port } = new URL(url);
    const socket = createConnection({ host: hostname, port: Number(port) });
    socket.write(request);
    let answer = '';
    for await (const chunk of socket) answer += chunk;
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('{"error":"Invalid request target."}');
  });
});
