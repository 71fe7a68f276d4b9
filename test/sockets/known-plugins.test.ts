import { useHive } from '@graphql-hive/yoga';
import { useResponseCache } from '@graphql-yoga/plugin-response-cache';
import { describe, expect, it } from 'vitest';
import type { GatewayOptions } from '../../src/gateway-options.ts';
import { mixedRunId } from '../support/ids.ts';
import { jwtPlugin, tokenOf } from '../support/jwt.ts';
import { openListening } from '../support/open-listening.ts';
import { TRANSPORTS } from '../support/subscriber.ts';
import { LONG, PAGE, RUNS, UPDATES } from '../support/with-plugins.ts';

const open = (plugins: readonly object[], config: GatewayOptions = {}) =>
  openListening({ runs: RUNS, config: { plugins, ...config } });

describe.each(Object.entries(TRANSPORTS))('Plugins of others by %s', (_name, subscribe) => {
  /** Data, or the code of an error, of each result. A client of events may be refused before its stream begins. */
  const resultsOf = async (url: string, query: string, headers: Record<string, string> = {}) => {
    try {
      const results = subscribe(`${url}/graphql`, { query, headers });
      return await Array.fromAsync(results, ({ data, errors }) => errors?.[0]?.extensions?.['code'] ?? data);
    } catch (error) {
      const { code } = Object(error).extensions ?? Object(error)[0]?.extensions ?? { code: String(error) };
      return [code];
    }
  };

  it('useJWT lets a caller with a valid token subscribe, and no other', async () => {
    await using server = await open([jwtPlugin()]);
    const authorization = `Bearer ${tokenOf({ sub: 'alice' }, 'key')}`;
    expect(await resultsOf(server.url, UPDATES, { authorization })).toEqual([
      { runUpdates: { status: 'COMPLETED' } },
    ]);
    const [refused] = await resultsOf(server.url, UPDATES);
    expect(String(refused)).toMatch(/UNAUTHENTICATED|401/);
    expect(await server.metric('subscriptions')).toBe(0);
  });

  it('useResponseCache answers again without the upstream, whole numbers of any size untouched', async () => {
    const cache = useResponseCache({ session: () => null, ttl: 60_000 });
    await using server = await open([cache]);
    const texts: unknown[] = [];
    for (let count = 0; count < 2; count++) texts.push(await resultsOf(server.url, PAGE));
    // Both of these clients parse numbers as doubles.
    const { n } = Object(Object(texts[0])[0]).runs.nodes[0].metadata;
    expect([texts[1], n]).toEqual([texts[0], Number(LONG)]);
    expect(server.upstream.requests).toHaveLength(1);
    const answer = await fetch(`${server.graphql}?${new URLSearchParams({ query: PAGE })}`);
    expect(await answer.text()).toContain(`{"n":${LONG}}`);
    expect(server.upstream.requests).toHaveLength(1);
  });
});

it('With the plugin of Hive, operations are answered by each transport, and their usage is reported', async () => {
  const reports: string[] = [];
  const plugin = useHive({
    enabled: true,
    token: 'token',
    reporting: false,
    usage: true,
    agent: {
      sendInterval: 50,
      fetch: async (_url: unknown, init?: RequestInit) => {
        if (typeof init?.body === 'string') reports.push(init.body);
        return Response.json({});
      },
    },
  });
  await using server = await open([plugin]);
  const query = 'query Page { runs(first: 1) { nodes { id } } }';
  const answer = await fetch(`${server.graphql}?${new URLSearchParams({ query })}`);
  expect(await answer.json()).toEqual({ data: { runs: { nodes: [{ id: mixedRunId(3) }] } } });
  for (const subscribe of Object.values(TRANSPORTS)) {
    const results = await Array.fromAsync(subscribe(server.graphql, { query: UPDATES }));
    expect(results).toEqual([{ data: { runUpdates: { status: 'COMPLETED' } } }]);
  }
  await expect.poll(() => reports.join()).toMatch(/"operationName":"Page"/);
});
