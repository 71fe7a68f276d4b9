import type { Plugin } from 'graphql-yoga';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../../src/gateway.ts';
import { graphqlRequest, jsonPost } from '../../support/execute.ts';
import { openGateway, openGatewayOver } from '../../support/open-gateway.ts';

const upstreamUrl = 'http://upstream.test';
const QUERY = '?query={__typename}';
const ANSWER = '{"data":{"__typename":"Query"}}';

describe('createGateway({ endpoint })', () => {
  it.each(['/api/graphql', '/', '/v1.0/runs_of-agents/~me', '/graphql'])('may be %s', async (endpoint) => {
    await using test = await openGateway({ config: { endpoint } });
    const { gateway } = test;
    const send = async (path: string, init?: RequestInit) =>
      gateway.fetch(new Request(`http://gateway${path}`, init));
    expect(gateway.endpoint).toBe(endpoint);
    expect(await (await send(endpoint, jsonPost({ query: '{ __typename }' }))).text()).toBe(ANSWER);
    expect(await (await send(endpoint + QUERY)).text()).toBe(ANSWER);
    expect(await (await send(endpoint, { headers: { accept: 'text/html' } })).text()).toContain('NewestRuns');
    for (const path of ['/health', '/ready', '/metrics']) expect((await send(path)).status).toBe(200);
    for (const path of ['/graphql', '/api', '/api/graphql/', '/api/graphql/health', '//graphql']) {
      if (path === endpoint) continue;
      const response = await send(path + QUERY);
      expect([response.status, await response.text()], path).toEqual([
        404,
        expect.stringContaining(endpoint),
      ]);
    }
  });

  it.each(['', 'graphql', '/graphql/', '/a/../b', '/a?x', '/:version', 7, '/health'])(
    'may not be %j',
    async (endpoint) => {
      const created = createGateway({ upstreamUrl, endpoint: endpoint as string });
      await expect(created).rejects.toThrow(/^endpoint: expected a path/);
    },
  );
});

describe('createGateway', () => {
  it('refuses an unknown option, and one that is wrong', async () => {
    const wrong: readonly [name: string, value: unknown][] = [
      ['nonsense', 1],
      ['maxCost', 0],
      ...[null, {}, [[{}]], [Promise.resolve({})]].map((plugins): [string, unknown] => ['plugins', plugins]),
      ...[null, {}].map((tracer): [string, unknown] => ['tracer', tracer]),
    ];
    for (const [name, value] of wrong) {
      const created = createGateway({ upstreamUrl, [name]: value });
      await expect(created).rejects.toThrow(TypeError);
      await expect(created).rejects.toThrow(name);
    }
    const twice = createGateway({ upstreamUrl, accessTokens: ['a'], accessTokensFile: '/nowhere' });
    await expect(twice).rejects.toThrow('accessTokens, accessTokensFile: both are set; set one of them');
  });

  it('has its default for an option that is undefined', async () => {
    const undefinedOptions: object = { upstreamTimeoutMs: undefined, upstreamMaxInFlight: undefined };
    await using test = await openGateway({ config: undefinedOptions });
    expect(await test.execute('{ runs { nodes { id } } }')).toEqual({ data: { runs: { nodes: [] } } });
  });

  it('gives a fetch that needs no this, and settings for listen', async () => {
    await using test = await openGatewayOver(() => ({ body: [] }), { host: 'h', port: 7, drainTimeoutMs: 5 });
    const { fetch, ...gateway } = test.gateway;
    expect(await (await fetch(new Request(`http://gateway/graphql${QUERY}`))).text()).toBe(ANSWER);
    expect(gateway).toMatchObject({
      upstreamUrl,
      endpoint: '/graphql',
      hasExplorer: true,
      host: 'h',
      port: 7,
      drainTimeoutMs: 5,
      isDraining: false,
    });
  });

  it('holds nothing of a request whose answer by a plugin fails', async () => {
    const plugin: Plugin = {
      onRequest(request) {
        const body = new ReadableStream({ pull: (controller) => controller.error(new Error('broken')) });
        request.endResponse(new request.fetchAPI.Response(body));
      },
    };
    await using test = await openGateway({ config: { plugins: [plugin], maxRequestsPerCaller: 1 } });
    for (const _twice of [1, 2]) {
      const response = await test.gateway.fetch(new Request(`http://gateway/graphql${QUERY}`));
      expect(response.status).toBe(200);
      await expect(response.text()).rejects.toThrow('broken');
    }
  });

  it.each<[name: string, init: RequestInit]>([
    ['disconnected before it came', { signal: AbortSignal.abort() }],
    ['can read no answer', { headers: { accept: 'image/png' } }],
  ])('holds nothing of a request whose client %s', async (_name, init) => {
    await using test = await openGateway({ config: { maxRequestsPerCaller: 1 } });
    const send = (more?: RequestInit) =>
      test.gateway.fetch(new Request(`http://gateway/graphql${QUERY}`, more));
    await (await send(init)).body?.cancel();
    expect((await send()).status).toBe(200);
  });

  it('answers a request that is aborted while its body is still coming', async () => {
    await using test = await openGateway();
    const client = new AbortController();
    const init: object = { body: new ReadableStream(), duplex: 'half', signal: client.signal };
    const answer = test.gateway.fetch(graphqlRequest('', {}, init));
    setImmediate(() => client.abort());
    expect((await answer).ok).toBe(false);
  });

  it('never rejects a request, whatever its upstream and its body do', async () => {
    await using test = await openGatewayOver(() => {
      throw new TypeError('a bug');
    });
    const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('broken')) });
    const init: object = { body: broken, duplex: 'half' };
    for (const request of [
      new Request('http://gateway/graphql?query={runs{nodes{id}}}'),
      graphqlRequest('', {}, init),
    ]) {
      const response = await test.gateway.fetch(request);
      const text = await response.text();
      expect(text).toContain('"requestId"');
      expect(text).not.toMatch(/a bug|broken| at /);
    }
  });
});
