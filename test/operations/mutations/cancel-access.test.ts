import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listen } from '../../../src/http/server/listen.ts';
import { runId, running } from '../../support/cancelling-upstream.ts';
import { connectTo } from '../../support/raw-request.ts';
import { TRANSPORTS as STREAMS } from '../../support/subscriber.ts';
import { postJson, TRANSPORTS } from '../../support/transports.ts';
import { CANCEL, cancel, startCancelTest } from './cancel.ts';

const variables = { ids: [runId(1)] };
const TEXT = `mutation { cancelRuns(ids: ["${runId(1)}"]) { runs { status } } }`;
const JSON_BODY = JSON.stringify({ query: TEXT });
const CANCELLED = { data: { cancelRuns: { runs: [{ status: 'CANCELLED' }] } } };

const REFUSED = 'This access token is for reading only, and may not send mutations. Nothing was changed.';
const FORBIDDEN = expect.objectContaining({ code: 'FORBIDDEN', retryable: false });

/** What a page of another origin can send without asking first. */
const SIMPLE_POSTS: readonly (readonly [string, RequestInit])[] = [
  ['a form', { body: new URLSearchParams({ query: TEXT }) }],
  ['a form with files', { body: formData() }],
  ['JSON as text', { body: JSON_BODY, headers: { 'content-type': 'text/plain' } }],
  ['JSON as a form', { body: JSON_BODY, headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
  [
    'JSON beside a simple type',
    { body: JSON_BODY, headers: { 'content-type': 'text/plain; application/json' } },
  ],
  ['JSON without a type', { body: new Blob([JSON_BODY]) }],
  ['GraphQL as text', { body: TEXT, headers: { 'content-type': 'text/plain' } }],
  ['its own type', { body: TEXT, headers: { 'content-type': 'application/graphql' } }],
];

function formData(): FormData {
  const form = new FormData();
  form.set('operations', JSON_BODY);
  form.set('map', '{}');
  return form;
}

describe.each(['fetch', 'listener'] as const)('A page of another origin (%s)', (way) => {
  it.each(SIMPLE_POSTS)('can not cancel by %s', async (_name, init) => {
    await using test = await startCancelTest({ 1: running() });
    await using transport = await TRANSPORTS[way](test.gateway);
    const headers = { ...(init.headers as Record<string, string>), origin: 'https://evil.example' };
    for (const path of ['/graphql', `/graphql?${new URLSearchParams({ query: TEXT })}`]) {
      const response = await transport.send(path, { ...init, method: 'POST', headers });
      expect(response.status).toBe(415);
    }
    expect(test.upstream.requests).toEqual([]);
  });

  it('is not allowed to send JSON', async () => {
    await using test = await startCancelTest({ 1: running() });
    await using transport = await TRANSPORTS[way](test.gateway);
    const response = await transport.send('/graphql', {
      method: 'OPTIONS',
      headers: {
        origin: 'https://evil.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('can not cancel by GET, nor can anybody', async () => {
    await using test = await startCancelTest({ 1: running() });
    await using transport = await TRANSPORTS[way](test.gateway);
    const response = await transport.send(`/graphql?${new URLSearchParams({ query: TEXT })}`);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await response.json()).toMatchObject({
      errors: [
        {
          message: 'A mutation cannot be sent by GET; use POST.',
          extensions: { code: 'METHOD_NOT_ALLOWED' },
        },
      ],
    });
    expect(test.upstream.requests).toEqual([]);
  });

  it('can be cancelled by JSON of whoever is allowed to', async () => {
    await using test = await startCancelTest({ 1: running() }, { accessTokens: ['token'], apiKey: 'key' });
    await using transport = await TRANSPORTS[way](test.gateway);
    const send = (headers: Record<string, string>) =>
      transport.send('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON_BODY,
      });
    for (const headers of [{}, { authorization: 'Bearer other' }]) {
      expect((await send(headers)).status).toBe(401);
    }
    expect(test.upstream.requests).toEqual([]);
    expect(await (await send({ authorization: 'Bearer token' })).json()).toEqual(CANCELLED);
  });
});

describe('By a stream', () => {
  async function startListening() {
    await using starting = new AsyncDisposableStack();
    const test = starting.use(await startCancelTest({ 1: running() }));
    const { url } = starting.use(await listen(test.gateway, { host: '127.0.0.1', port: 0 }));
    const parts = starting.move();
    return { ...test, url, [Symbol.asyncDispose]: () => parts.disposeAsync() };
  }

  it.each(Object.entries(STREAMS))('of %s a run is cancelled as well', async (_name, send) => {
    await using test = await startListening();
    const answers: unknown[] = [];
    for await (const answer of send(`${test.url}/graphql`, { query: TEXT })) answers.push(answer);
    expect(answers).toEqual([CANCELLED]);
  });

  it('a page of another origin can not open a WebSocket, which needs no preflight', async () => {
    await using test = await startListening();
    const socket = await connectTo(test.url);
    const lines = [
      'GET /graphql HTTP/1.1',
      `host: ${new URL(test.url).host}`,
      'origin: https://evil.example',
      'connection: upgrade',
      'upgrade: websocket',
      'sec-websocket-version: 13',
      'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-protocol: graphql-transport-ws',
    ];
    socket.write([...lines, '', ''].join('\r\n'));
    let answer = '';
    for await (const chunk of socket) answer += chunk;
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  });

  it('of events, a GET can not cancel', async () => {
    await using test = await startListening();
    const response = await fetch(`${test.url}/graphql?${new URLSearchParams({ query: TEXT })}`, {
      headers: { accept: 'text/event-stream' },
    });
    expect(await response.text()).toContain('METHOD_NOT_ALLOWED');
    expect(test.upstream.requests).toEqual([]);
  });
});

describe('With a token for reading only', () => {
  const config = {
    accessTokens: ['full'],
    readOnlyAccessTokens: ['ci:reads'],
    apiKey: 'key',
    rateLimit: 1000,
  };
  const headers = { authorization: 'Bearer reads' };
  const refused = { errors: [expect.objectContaining({ message: REFUSED, extensions: FORBIDDEN })] };

  it.each(Object.entries(TRANSPORTS))('nothing is cancelled by %s', async (_name, openTransport) => {
    await using test = await startCancelTest({ 1: running() }, config);
    await using transport = await openTransport(test.gateway);
    const types = ['application/json', 'application/graphql-response+json', 'multipart/mixed', '*/*'];
    for (const accept of types) {
      const response = await postJson(transport, JSON_BODY, { ...headers, accept });
      const text = await response.text();
      expect(text).toContain(REFUSED);
      expect(text).toContain('"code":"FORBIDDEN"');
      expect(text).not.toContain('"data"');
    }
    const response = await transport.send(`/graphql?${new URLSearchParams({ query: TEXT })}`, { headers });
    expect(await response.json()).toEqual(refused);
    expect(test.upstream.requests).toEqual([]);
    const query = JSON.stringify({ query: `{ run(id: "${runId(1)}") { status } }` });
    const answer = await postJson(transport, query, headers);
    expect(await answer.json()).toEqual({ data: { run: { status: 'RUNNING' } } });
    const full = await postJson(transport, JSON_BODY, { authorization: 'Bearer full' });
    expect(await full.json()).toEqual(CANCELLED);
  });

  it.each(Object.entries(STREAMS))('nothing is cancelled by a stream of %s', async (_name, send) => {
    await using test = await startCancelTest({ 1: running() }, config);
    await using listener = await listen(test.gateway, { host: '127.0.0.1', port: 0 });
    const answers = send(`${listener.url}/graphql`, { query: TEXT, headers });
    const collected: unknown[] = [];
    const ended = (async () => {
      for await (const answer of answers) collected.push(answer);
    })().catch((error: unknown) => collected.push(error));
    await ended;
    expect(JSON.stringify(collected.map((each) => (each instanceof Error ? each.message : each)))).toContain(
      REFUSED,
    );
    expect(test.upstream.requests).toEqual([]);
  });

  it('a mutation costs no more than any request', async () => {
    await using test = await startCancelTest({ 1: running() }, { ...config, rateLimit: 30 });
    for (let number = 0; number < 20; number++) {
      expect((await cancel(test, [runId(1), runId(2)], headers)).errors).toMatchObject([
        { extensions: { code: 'FORBIDDEN' } },
      ]);
    }
  });
});

describe('As for queries,', () => {
  it('the rate limit counts what it costs, before anything is sent', async () => {
    // Two reads and a POST at 2 each, a run and a failure.
    await using test = await startCancelTest({}, { rateLimit: 2 * 8 + 7 });
    for (let number = 0; number < 2; number++)
      expect((await cancel(test, [runId(1)])).errors).toBeUndefined();
    const sent = test.upstream.requests.length;
    const { errors } = await cancel(test, [runId(1)]);
    expect(errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
    expect(test.upstream.requests).toHaveLength(sent);
  });

  it('the cost limit holds, by the number of ids', async () => {
    await using test = await startCancelTest({}, { maxCost: 16 });
    expect((await cancel(test, [runId(1), runId(2)])).errors).toBeUndefined();
    const { errors } = await cancel(test, [runId(1), runId(2), runId(3)]);
    expect(errors).toMatchObject([
      { extensions: { code: 'COST_LIMIT_EXCEEDED', cost: 24, field: 'cancelRuns' } },
    ]);
  });

  it('documents of the manifest are executed by their ids, and others refused, but not by GET', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'cancel-'));
    const manifest = join(folder.path, 'manifest.json');
    await writeFile(manifest, JSON.stringify({ 'cancel-it': TEXT }));
    await using test = await startCancelTest(
      { 1: running() },
      { persistedDocuments: manifest, trustedDocumentsOnly: true },
    );
    await using transport = await TRANSPORTS.fetch(test.gateway);
    const send = (body: object) =>
      transport.send('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect(await (await send({ query: CANCEL, variables })).json()).toMatchObject({
      errors: [{ extensions: { code: 'DOCUMENT_NOT_TRUSTED' } }],
    });
    expect((await transport.send('/graphql?documentId=cancel-it')).status).toBe(405);
    expect(test.upstream.requests).toEqual([]);
    expect(await (await send({ documentId: 'cancel-it' })).json()).toEqual(CANCELLED);
  });
});
