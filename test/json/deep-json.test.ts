import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { post } from '../support/execute.ts';
import { startFixedUpstream } from '../support/fixed-upstream.ts';
import { postJson, TRANSPORTS } from '../support/transports.ts';

const LEVELS = 20_000;
const ID = 'run-00000000-0000-4000-8000-000000000001';
/** V8 has fast paths without recursion, from which keys that are numbers and long integers fall. */
const DEEP: Readonly<Record<string, string>> = {
  objects: `{"x":${'{"a":'.repeat(LEVELS)}1${'}'.repeat(LEVELS)}}`,
  'objects with numbers as keys': `{"x":${'{"1":'.repeat(LEVELS)}1${'}'.repeat(LEVELS)}}`,
  lists: `{"x":${'['.repeat(LEVELS)}1${']'.repeat(LEVELS)}}`,
  'lists with a long integer': `{"x":${'['.repeat(LEVELS)}12345678901234567890${']'.repeat(LEVELS)}}`,
  'lists in an object with an escaped key': `{"\\n":${'['.repeat(LEVELS)}1${']'.repeat(LEVELS)}}`,
};

function rowWith(member: string): string {
  return `{"id":"${ID}","agent_id":"agent-1","created_at":"2025-01-01T00:00:05Z",${member}}`;
}

async function ask(rowCopying: boolean, body: string, query: string): Promise<string> {
  await using upstream = await startFixedUpstream(body);
  await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, rowCopying });
  return await post(gateway, JSON.stringify({ query }));
}

describe.each(Object.entries(DEEP))('Twenty thousand levels of %s', (_name, deep) => {
  it.each([true, false])(
    'in the metadata of a row are passed on unchanged (copying %s)',
    async (rowCopying) => {
      const list = `[${rowWith(`"metadata":${deep}`)}]`;
      const text = await ask(rowCopying, list, '{ runs(first: 1) { nodes { metadata } } }');
      // Compared as a whole, but printed in part.
      const expected = `{"data":{"runs":{"nodes":[{"metadata":${deep}}]}}}`;
      expect([text.slice(0, 200), text === expected]).toEqual([expected.slice(0, 200), true]);
    },
  );

  it('in the metadata of a run that is looked up are passed on unchanged', async () => {
    const text = await ask(true, rowWith(`"metadata":${deep}`), `{ run(id: "${ID}") { metadata } }`);
    const expected = `{"data":{"run":{"metadata":${deep}}}}`;
    expect([text.slice(0, 200), text === expected]).toEqual([expected.slice(0, 200), true]);
  });

  it.each(['brand_new', 'request_config'])('are passed over in %s', async (name) => {
    const list = `[${rowWith(`"${name}":${deep},"metadata":{"x":1}`)}]`;
    expect(await ask(true, list, '{ runs(first: 1) { nodes { metadata } } }')).toBe(
      '{"data":{"runs":{"nodes":[{"metadata":{"x":1}}]}}}',
    );
  });

  it('where a text is expected make the response invalid', async () => {
    const text = await ask(true, `[${rowWith(`"status":${deep}`)}]`, '{ runs(first: 1) { nodes { id } } }');
    expect(JSON.parse(text)).toMatchObject({
      data: { runs: null },
      errors: [{ path: ['runs'], extensions: { code: 'UPSTREAM_INVALID_RESPONSE' } }],
    });
  });

  it("in a reference's type are refused", async () => {
    await using upstream = await startFixedUpstream('[]');
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    const query = 'query ($all: [_Any!]!) { _entities(representations: $all) { __typename } }';
    const body = `{"query":${JSON.stringify(query)},"variables":{"all":[{"__typename":${deep}}]}}`;
    expect(JSON.parse(await post(gateway, body))).toMatchObject({
      errors: [{ path: ['_entities', 0], extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });

  it.each(['listener', 'fetch'] as const)('in a variable are refused by its type (%s)', async (way) => {
    await using upstream = await startFixedUpstream('[]');
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    await using transport = await TRANSPORTS[way](gateway);
    const query = 'query ($ids: [ID!]) { runs(first: 1, agentIds: $ids) { nodes { id } } }';
    const response = await postJson(
      transport,
      `{"query":${JSON.stringify(query)},"variables":{"ids":${deep}}}`,
      { accept: 'application/graphql-response+json' },
    );
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
    ]);
  });
});
