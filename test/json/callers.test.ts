import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { startFixedUpstream } from '../support/fixed-upstream.ts';
import { postJson, type Transport, TRANSPORTS } from '../support/transports.ts';

const METADATA = String.raw`{"a":1,"\n":2}`;
const ROW = `{"id":"run-1","agent_id":"agent-1","created_at":"2025-01-01T00:00:05Z","metadata":${METADATA}}`;
const ID_QUERY =
  'query ($a: Int, $id: ID!) { __typename @skip(if: false) runs(first: $a, agentId: $id) { nodes { id } } }';

const WAYS: Readonly<
  Record<string, (transport: Transport, query: string, variables: string) => Promise<string>>
> = {
  POST: async (transport, query, variables) =>
    (await postJson(transport, `{"query":${JSON.stringify(query)},"variables":${variables}}`)).text(),
  GET: async (transport, query, variables) =>
    (
      await transport.send(
        `/graphql?query=${encodeURIComponent(query)}&variables=${encodeURIComponent(variables)}`,
      )
    ).text(),
};

describe.each(['listener', 'fetch'] as const)('One caller by %s', (way) => {
  it.each(Object.entries(WAYS))(
    "doesn't change the keys of what another sends and is sent, by %s",
    async (_name, send) => {
      await using upstream = await startFixedUpstream(`[${ROW}]`);
      await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, rowCopying: false });
      await using transport = await TRANSPORTS[way](gateway);
      for (const key of [String.raw`\\`, String.raw`\\u`]) {
        await send(transport, '{ __typename }', `{"a":1,"${key}":1}`);
        await send(transport, '{ __typename }', `{"a":1,"${key}":1}`);
      }
      expect(await send(transport, '{ runs(first: 1) { nodes { metadata } } }', '{}')).toBe(
        `{"data":{"runs":{"nodes":[{"metadata":${METADATA}}]}}}`,
      );
      expect(await send(transport, ID_QUERY, String.raw`{"a":1,"\u0069d":"agent-1"}`)).toBe(
        '{"data":{"__typename":"Query","runs":{"nodes":[{"id":"run-1"}]}}}',
      );
    },
  );
});
