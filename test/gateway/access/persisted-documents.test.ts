import { hash } from 'node:crypto';
import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { GatewayOptions } from '../../../src/gateway-options.ts';
import { newFolder } from '../../support/new-folder.ts';
import { openGateway } from '../../support/open-gateway.ts';
import { randomRuns } from '../../support/random-runs.ts';

const PAGE = 'query Page($first: Int = 1) { runs(first: $first) { nodes { __typename } } }';
const OTHER = '{ runs(first: 1) { nodes { id status } } }';
const HASH = hash('sha256', PAGE);
const TWO = 'query A { __typename } query B { b: __typename }';
const MANIFEST = { 'md5-of-page': PAGE, 'two-operations': TWO };
const [APOLLO_PAGE, APOLLO_TWO] = Object.entries(MANIFEST).map(([id, body]) => ({
  id,
  body,
  name: 'x',
  type: 'query',
}));
const APOLLO = {
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: [APOLLO_PAGE, APOLLO_TWO],
};

type Request = Readonly<Record<string, unknown>>;
const apollo = (sha256Hash: unknown, version: unknown = 1): Request => ({
  extensions: { persistedQuery: { version, sha256Hash } },
});

const page = (count: number) => ({
  data: { runs: { nodes: Array.from({ length: count }, () => ({ __typename: 'Run' })) } },
});
const refused = (code: string, message: unknown = expect.any(String)) => ({
  errors: [expect.objectContaining({ message, extensions: expect.objectContaining({ code }) })],
});

describe.each(['POST', 'GET'])('PERSISTED_DOCUMENTS by %s', (method) => {
  async function open(manifest: object | undefined, config: GatewayOptions = {}) {
    using folder = newFolder();
    const persistedDocuments = folder.file('manifest.json', JSON.stringify(manifest ?? {}));
    const files = manifest !== undefined && { persistedDocuments };
    const test = await openGateway({ runs: randomRuns(5, 1), config: { ...config, ...files } });
    const send = async (request: Request): Promise<unknown> => {
      const texts = Object.entries(request).map(([name, value]): [string, string] => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]);
      const headers = { accept: '*/*;q=0.5', 'content-type': 'application/json' };
      const asked =
        method === 'GET'
          ? new Request(`http://gateway/graphql?${new URLSearchParams(texts)}`, { headers })
          : new Request('http://gateway/graphql', { method, headers, body: JSON.stringify(request) });
      return (await test.gateway.fetch(asked)).json();
    };
    return { ...test, send };
  }

  it.each([
    ['relay-compiler and GraphQL Code Generator', MANIFEST],
    ['Apollo', APOLLO],
  ])('a document of a manifest of %s is executed by its id as by its text', async (_tool, manifest) => {
    await using test = await open(manifest);
    for (const named of [
      { query: PAGE },
      { documentId: 'md5-of-page' },
      { doc_id: 'md5-of-page' },
      { documentId: HASH },
      { documentId: `sha256:${HASH}` },
      apollo('md5-of-page'),
      apollo(HASH),
      { query: PAGE, ...apollo(HASH) },
      { query: PAGE, ...apollo('md5-of-page') },
    ]) {
      expect(await test.send(named), JSON.stringify(named)).toEqual(page(1));
      expect(await test.send({ ...named, variables: { first: 2 } })).toEqual(page(2));
    }
    const wrong = { documentId: 'md5-of-page', variables: { first: 'x' } };
    expect(await test.send(wrong)).toEqual(refused('BAD_USER_INPUT'));
    const two = { documentId: 'two-operations' };
    expect(await test.send({ ...two, operationName: 'B' })).toEqual({ data: { b: 'Query' } });
    expect(await test.send(two)).toEqual(refused('OPERATION_RESOLUTION_FAILURE'));
  });

  it.each([
    ['a manifest', MANIFEST, 'PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound'],
    ['no manifest', undefined, 'PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported'],
  ])(
    'an unknown id is answered in the words that clients look for, with %s',
    async (_name, manifest, code, message) => {
      await using test = await open(manifest);
      for (const named of [{ documentId: 'x' }, { doc_id: '__proto__' }, apollo(hash('sha256', OTHER))]) {
        expect(await test.send(named)).toEqual(refused(code, message));
      }
      // Nothing that a client sends is registered.
      const named = apollo(hash('sha256', OTHER));
      expect(await test.send({ query: OTHER, ...named })).toHaveProperty('data');
      expect(await test.send(named)).toEqual(refused(code, message));
    },
  );

  it.each<Request>([
    { query: OTHER, ...apollo(HASH) },
    { query: OTHER, ...apollo('unknown') },
    { query: PAGE, documentId: 'md5-of-page' },
    { documentId: 'md5-of-page', ...apollo(HASH) },
    apollo(HASH, 2),
    apollo(7),
    apollo(''),
    { extensions: { persistedQuery: HASH } },
    ...(method === 'POST' ? [{ documentId: 7 }, { doc_id: '' }, { documentId: ['md5-of-page'] }] : []),
  ])('a hash that is not that of the text, or an id that is none, is a BAD_REQUEST: %j', async (request) => {
    await using test = await open(MANIFEST);
    expect(await test.send(request)).toEqual(refused('BAD_REQUEST'));
  });

  it('TRUSTED_DOCUMENTS_ONLY executes documents of the manifest and refuses everything else', async () => {
    await using test = await open(MANIFEST, { trustedDocumentsOnly: true });
    // Also by its text: what is executed is the same.
    for (const named of [{ documentId: 'md5-of-page' }, apollo(HASH), { query: PAGE }]) {
      expect(await test.send(named), JSON.stringify(named)).toEqual(page(1));
    }
    const asked = test.upstream.requests.length;
    for (const query of [
      OTHER,
      `${PAGE} `,
      '{ _service { sdl } }',
      getIntrospectionQuery(),
      // Not even parsed.
      '{',
    ]) {
      for (const named of [{ query }, { query, ...apollo(hash('sha256', query)) }]) {
        expect(await test.send(named), query).toEqual(refused('DOCUMENT_NOT_TRUSTED'));
      }
    }
    expect(await test.send({ documentId: OTHER })).toEqual(refused('PERSISTED_QUERY_NOT_FOUND'));
    expect(test.upstream.requests).toHaveLength(asked);
  });
});
