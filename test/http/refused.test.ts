import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { startListening } from '../support/listening-gateway.ts';
import { sendRaw } from '../support/raw-request.ts';
import { TRANSPORTS } from '../support/transports.ts';

/** Where nothing answers: nothing here is executed upstream. */
const upstreamUrl = 'http://127.0.0.1:1';

describe.each(['fetch', 'listener'] as const)('A request (%s)', (way) => {
  const started = async (accessTokens: readonly string[] = []) => {
    await using parts = new AsyncDisposableStack();
    const gateway = parts.use(await createGateway({ upstreamUrl, accessTokens }));
    const transport = parts.use(await TRANSPORTS[way](gateway));
    const moved = parts.move();
    return {
      send: async (path: string, init?: RequestInit) => transport.send(path, init),
      [Symbol.asyncDispose]: () => moved.disposeAsync(),
    };
  };

  it('that is refused before its operation is read is counted', async () => {
    await using test = await started(['sesame']);
    const json = { 'content-type': 'application/json' };
    for (let turn = 0; turn < 3; turn++) {
      await (await test.send('/graphql', { method: 'POST', headers: json, body: '{}' })).bytes();
    }
    await (await test.send('/graphql', { method: 'DELETE' })).bytes();
    const headers = { authorization: 'Bearer sesame' };
    await (await test.send('/graphql', { method: 'POST', headers, body: 'x' })).bytes();
    const large = { method: 'POST', headers: { ...headers, ...json } };
    await (await test.send('/graphql', { ...large, body: ' '.repeat(2 ** 20 + 1) })).bytes();
    const metrics = await (await test.send('/metrics', { headers })).text();
    for (const line of [
      'PAYLOAD_TOO_LARGE"} 1',
      'UNAUTHENTICATED"} 3',
      'METHOD_NOT_ALLOWED"} 1',
      'UNSUPPORTED_MEDIA_TYPE"} 1',
    ]) {
      expect(metrics).toContain(`runs_gateway_requests_refused_total{code="${line}\n`);
    }
  });

  it('without JSON is told so, and not in the words of a parser', async () => {
    await using test = await started();
    const headers = { 'content-type': 'application/json', 'x-request-id': 'one' };
    const response = await test.send('/graphql', { method: 'POST', headers, body: '{"query":' });
    expect([response.status, await response.json()]).toEqual([
      400,
      {
        errors: [
          {
            message: 'The request contains invalid JSON.',
            extensions: { code: 'BAD_REQUEST', retryable: false, requestId: 'one' },
          },
        ],
      },
    ]);
  });

  it.each(['/graphql?query={__typename}', '/health', '/nowhere'])(
    'for %s gets an answer that nobody in between may keep',
    async (path) => {
      await using test = await started();
      const { headers, body } = await test.send(path);
      await body?.cancel();
      expect(headers.get('cache-control')).toBe('no-store');
      if (path.includes('query')) expect(headers.get('vary')).toContain('accept');
    },
  );

  it('by HEAD finds the pages of GraphiQL and of the explorer', async () => {
    await using test = await started();
    const init = { method: 'HEAD', headers: { accept: 'text/html' }, redirect: 'manual' } as const;
    for (const path of ['/graphql', '/']) {
      expect((await test.send(path, init)).headers.get('content-type')).toContain('text/html');
    }
  });
});

describe('A request over a connection', () => {
  it.each([
    ['Expect: the impossible', '417', 'Unsupported expectation'],
    ['Transfer-Encoding: gzip, chunked', '415', 'Unsupported encoding'],
  ])('with %s is refused in JSON', async (header, status, message) => {
    await using listening = await startListening({ upstreamUrl });
    const lines = ['POST /graphql HTTP/1.1', 'Host: localhost', 'Content-Type: application/json', header];
    const answer = await sendRaw(listening.url, lines);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain(message);
    expect(answer).toContain('"requestId"');
  });
});
