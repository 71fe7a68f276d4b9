import { describe, expect, it } from 'vitest';
import { mayExplain } from '../../src/http/graphql/may-explain.ts';
import { listen } from '../../src/http/server/listen.ts';
import { randomRuns } from '../support/random-runs.ts';
import { startTestGateway } from '../support/test-gateway.ts';

const QUERY = '{ runs(first: 2) { nodes { id usage { totalTokens } } } }';

async function ask(url: string, headers: Record<string, string>, query = QUERY) {
  const response = await fetch(`${url}/graphql?query=${encodeURIComponent(query)}`, { headers });
  return (await response.json()) as {
    data: unknown;
    extensions?: { explain: { calls: unknown[] } & object };
  };
}

describe('x-explain', () => {
  it('shows a program on this machine the upstream requests of its operation, by route', async () => {
    await using test = await startTestGateway({ runs: randomRuns(5, 1) });
    await using listener = await listen({ ...test.gateway, port: 0 });
    const { extensions } = await ask(listener.url, { 'x-explain': '1' });
    const call = { status: 200, code: 'OK', joined: false, retries: 0, ms: expect.any(Number) };
    expect(extensions?.explain).toMatchObject({
      ms: expect.any(Number),
      upstreamRequests: 3,
      calls: [
        { ...call, request: 'GET /v1/runs/', rows: 2, limit: expect.any(Number) },
        { ...call, request: expect.stringMatching(/^GET \/v1\/runs\/\{run_id\}\//) },
        { ...call, request: expect.stringMatching(/^GET \/v1\/runs\/\{run_id\}\//) },
      ],
    });
    expect(JSON.stringify(extensions)).not.toMatch(/run-|agent-/);
    expect((await ask(listener.url, {})).extensions).toBeUndefined();
    const proxied = { 'x-explain': '1', 'x-forwarded-for': '10.0.0.1' };
    expect((await ask(listener.url, proxied)).extensions).toBeUndefined();
  });

  it('shows each caller of identical requests its own, and never joins them', async () => {
    await using test = await startTestGateway({ runs: randomRuns(5, 1) });
    await using listener = await listen({ ...test.gateway, port: 0 });
    const headers = [{ 'x-explain': '1' }, {}, { 'x-explain': '1' }, {}];
    const answers = await Promise.all(
      headers.map((each) => ask(listener.url, each, '{ runs { nodes { id } } }')),
    );
    expect(answers.map(({ extensions }) => extensions?.explain.calls.length)).toEqual([
      1,
      undefined,
      1,
      undefined,
    ]);
    expect(new Set(answers.map(({ data }) => JSON.stringify(data))).size).toBe(1);
  });

  it.each([
    ['a caller with a labelled token, from anywhere', { label: 'alice' }, '10.0.0.1', {}, true],
    ['loopback', {}, '127.0.0.1', {}, true],
    ['loopback by IPv6', {}, '::1', {}, true],
    ['loopback in a socket for both', {}, '::ffff:127.0.0.1', {}, true],
    ['another machine', {}, '10.0.0.1', {}, false],
    ['a name that looks like loopback', {}, '127.0.0.1.example.com', {}, false],
    ['a socket without an address', {}, undefined, {}, false],
    ['a proxy on this machine', {}, '127.0.0.1', { forwarded: 'for=10.0.0.1' }, false],
    ['a proxy that tells its name', {}, '127.0.0.1', { via: '1.1 proxy' }, false],
  ])('is for %s: %o %s %o %s', (_name, who: { label?: string }, remoteAddress, headers, allowed) => {
    expect(mayExplain({ headers, remoteAddress }, { label: undefined, ...who })).toBe(allowed);
  });
});
