import { hash } from 'node:crypto';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { FIVE_RUNS, runId } from '../../embedded-api/running-api.ts';
import { startTestGateway } from '../../support/test-gateway.ts';
import { TRANSPORTS, type Transport } from '../../support/transports.ts';

const PAGE = 'query Page($first: Int = 1) { runs(first: $first) { nodes { id } } }';
const OTHER = '{ runs(first: 1) { nodes { id status } } }';
const HASH = hash('sha256', PAGE);
const MANIFEST = {
  'md5-of-page': PAGE,
  'two-operations': 'query A { __typename } query B { b: __typename }',
};
const ACCEPT = { accept: 'application/graphql-response+json' };

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
}

type Request = Readonly<Record<string, unknown>>;
type Send = (request: Request) => Promise<readonly [status: number, answer: Answer]>;

const apollo = (sha256Hash: unknown, version: unknown = 1): Request => ({
  extensions: { persistedQuery: { version, sha256Hash } },
});

/** How a request gets there: by both methods, through both transports. */
const WAYS = (['fetch', 'listener'] as const).flatMap((way) =>
  (['POST', 'GET'] as const).map((method) => ({ way, method })),
);

async function read(response: Response): Promise<readonly [number, Answer]> {
  const answer: Answer = JSON.parse(await response.text());
  return [response.status, answer];
}

function sender(
  transport: Transport,
  method: 'GET' | 'POST',
  headers: Record<string, string> = ACCEPT,
): Send {
  return async (request) => {
    if (method === 'GET') {
      const texts = Object.entries(request).map(([name, value]): [string, string] => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]);
      return read(await transport.send(`/graphql?${new URLSearchParams(texts)}`, { headers }));
    }
    const body = JSON.stringify(request);
    const init = { method, headers: { 'content-type': 'application/json', ...headers }, body };
    return read(await transport.send('/graphql', init));
  };
}

/** Starts a gateway, and sends to it. */
async function withGateway(
  { way, method }: (typeof WAYS)[number],
  manifest: object | undefined,
  config: Partial<Config>,
  test: (send: Send, transport: Transport) => Promise<void>,
): Promise<void> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'documents-'));
  const file = join(folder.path, 'manifest.json');
  await writeFile(file, JSON.stringify(manifest ?? {}));
  await using started = await startTestGateway({
    runs: FIVE_RUNS,
    config: { ...config, ...(manifest !== undefined && { persistedDocuments: file }) },
  });
  await using transport = await TRANSPORTS[way](started.gateway);
  await test(sender(transport, method), transport);
}

const page = (...numbers: number[]): [number, Answer] => [
  200,
  { data: { runs: { nodes: numbers.map((number) => ({ id: runId(number) })) } } },
];

const refused = (code: string, message: unknown = expect.any(String)): [number, unknown] => [
  400,
  { errors: [expect.objectContaining({ message, extensions: expect.objectContaining({ code }) })] },
];

describe.each(WAYS)('By $way and $method', (way) => {
  it('a document is executed by its id as by its text', async () => {
    await withGateway(way, MANIFEST, {}, async (send) => {
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
        expect(await send(named), JSON.stringify(named)).toEqual(page(5));
        expect(await send({ ...named, variables: { first: 2 } })).toEqual(page(5, 4));
      }
      expect(await send({ documentId: 'md5-of-page', variables: { first: 'x' } })).toEqual(
        refused('BAD_USER_INPUT'),
      );
      const named = { documentId: 'two-operations', operationName: 'B' };
      expect(await send(named)).toEqual([200, { data: { b: 'Query' } }]);
      expect(await send({ documentId: 'two-operations' })).toEqual(refused('OPERATION_RESOLUTION_FAILURE'));
    });
  });

  it('an unknown id is answered in the words that clients look for', async () => {
    await withGateway(way, MANIFEST, {}, async (send) => {
      for (const named of [{ documentId: 'x' }, { doc_id: '__proto__' }, apollo(hash('sha256', OTHER))]) {
        expect(await send(named)).toEqual(refused('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound'));
      }
    });
    await withGateway(way, undefined, {}, async (send) => {
      for (const named of [{ documentId: 'x' }, { doc_id: 'x' }, apollo(HASH)]) {
        const expected = refused('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported');
        expect(await send(named)).toEqual(expected);
      }
    });
  });

  it.each([undefined, MANIFEST])(
    'nothing that a client sends is registered, with manifest: %o',
    async (manifest) => {
      await withGateway(way, manifest, {}, async (send) => {
        const named = apollo(hash('sha256', OTHER));
        expect((await send({ query: OTHER, ...named }))[0]).toBe(200);
        expect((await send(named))[0]).toBe(400);
      });
    },
  );

  it('a hash that is not that of the text, and an id that is none, is a BAD_REQUEST', async () => {
    await withGateway(way, MANIFEST, {}, async (send) => {
      for (const named of [
        { query: OTHER, ...apollo(HASH) },
        { query: OTHER, ...apollo('md5-of-page') },
        { query: PAGE, documentId: 'md5-of-page' },
        { documentId: 'md5-of-page', doc_id: 'md5-of-page' },
        { documentId: 'md5-of-page', ...apollo(HASH) },
        apollo(HASH, 2),
        apollo(7),
        apollo(''),
        { extensions: { persistedQuery: HASH } },
        ...(way.method === 'POST'
          ? [{ documentId: 7 }, { doc_id: '' }, { documentId: ['md5-of-page'] }]
          : []),
      ]) {
        expect(await send(named), JSON.stringify(named)).toEqual(refused('BAD_REQUEST'));
      }
    });
  });

  it('a locked gateway executes trusted documents and refuses everything else', async () => {
    await withGateway(way, MANIFEST, { trustedDocumentsOnly: true }, async (send, transport) => {
      // Also by its text: what is executed is the same.
      for (const named of [{ documentId: 'md5-of-page' }, apollo(HASH), { query: PAGE }]) {
        expect(await send(named), JSON.stringify(named)).toEqual(page(5));
      }
      for (const query of [
        OTHER,
        `${PAGE} `,
        ` ${PAGE}`,
        PAGE.replaceAll(' ', '  '),
        `${PAGE}#`,
        `\uFEFF${PAGE}`,
        '{ __typename }',
        '{ _service { sdl } }',
        getIntrospectionQuery(),
        // Not even parsed.
        '{',
      ]) {
        for (const named of [{ query }, { query, ...apollo(hash('sha256', query)) }]) {
          expect(await send(named), query).toEqual(refused('DOCUMENT_NOT_TRUSTED'));
        }
      }
      expect(await send({ documentId: OTHER })).toEqual(refused('PERSISTED_QUERY_NOT_FOUND'));
      const headers = { 'content-type': 'application/json', ...ACCEPT };
      const batch = { method: 'POST', headers, body: JSON.stringify([{ query: OTHER }, { query: PAGE }]) };
      expect(await read(await transport.send('/graphql', batch))).toEqual(
        refused('BAD_REQUEST', 'Batching is not supported.'),
      );
      const plain = sender(transport, way.method, { accept: 'application/json' });
      expect(await plain({ query: OTHER })).toEqual([200, refused('DOCUMENT_NOT_TRUSTED')[1]]);
      const both = sender(transport, way.method, { accept: '*/*;q=0.5, text/plain' });
      expect((await both({ query: OTHER }))[1]).toEqual(refused('DOCUMENT_NOT_TRUSTED')[1]);
    });
  });
});

it('Requests in flight for one document by its id share one execution', async () => {
  const way = { way: 'fetch', method: 'POST' } as const;
  await withGateway(way, MANIFEST, {}, async (send, transport) => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => send({ documentId: 'md5-of-page' })));
    expect(answers).toEqual(answers.map(() => page(5)));
    const metrics = await (await transport.send('/metrics')).text();
    expect(metrics).toMatch(/\{[^}]*"joined"[^}]*\} 4\n/);
  });
});
