import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import type { Executor } from '@graphql-tools/utils';
import { getOperationAST, OperationTypeNode, print } from 'graphql';
import { createClient } from 'graphql-sse';
import { expect, it } from 'vitest';
import { LIVE_AGENT, liveRun, liveRunId, startLiveServer } from '../support/live-server.ts';
import { polled } from '../support/polled.ts';
import { serve } from '../support/serve.ts';
import { type Subscribe, TRANSPORTS } from '../support/subscriber.ts';
import { apollo, NEIGHBOURHOODS, theGuild } from './composers.ts';
import { createCatalog, createNotes, noteText, type Subgraph } from './neighbours.ts';

const services = NEIGHBOURHOODS['with both'] ?? [];
const SUPERGRAPHS = {
  Apollo: apollo(services).supergraphSdl ?? '',
  'The Guild': theGuild(services).supergraphSdl ?? '',
};

/** Hive Gateway in this process, which subscribes to the subgraph over the network. */
function startRouter(
  supergraph: string,
  subgraphs: Readonly<Record<string, Subgraph>>,
  subscribeToRuns: (payload: Parameters<Subscribe>[1]) => ReturnType<Subscribe>,
) {
  const executorOf =
    (name: string): Executor =>
    async ({ document, variables }) => {
      const query = print(document);
      if (getOperationAST(document)?.operation === OperationTypeNode.SUBSCRIPTION) {
        return subscribeToRuns({ query, variables: { ...variables } }) as never;
      }
      const request = new Request(`http://${name}.test/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      return JSON.parse((await (await subgraphs[name]?.(request))?.text()) ?? '');
    };
  return createGatewayRuntime({
    supergraph,
    logging: false,
    maskedErrors: false,
    transports: {
      http: {
        getSubgraphExecutor: ({ transportEntry: { location = '' } }) =>
          executorOf(new URL(location).hostname.replace(/\.test$/, '')),
      },
    },
  });
}

it.each(
  Object.entries(SUPERGRAPHS).flatMap(([composer, supergraph]) =>
    Object.entries(TRANSPORTS).map(
      ([transport, subscribe]) => [composer, transport, supergraph, subscribe] as const,
    ),
  ),
)(
  "Through Hive Gateway, with %s's supergraph and by %s, events come with what other subgraphs know",
  async (_composer, _transport, supergraph, subscribe) => {
    await using test = await startLiveServer({ drainTimeoutMs: 10_000 });
    await using router = startRouter(
      supergraph,
      {
        runs: test.gateway.fetch,
        catalog: createCatalog(),
        notes: createNotes({ favoriteAgents: [LIVE_AGENT], pinnedRun: null }),
      },
      (payload) => subscribe(test.url, payload),
    );
    await using served = await serve(router);
    const client = createClient({ url: `${served.baseUrl}/graphql`, retryAttempts: 0 });
    const query = `subscription ($after: String) {
      runEvents(agentId: "${LIVE_AGENT}", after: $after) {
        kind runId cursor run { status notes { text } agent { displayName } }
      }
    }`;
    const events = client.iterate({ query });
    const first = events.next();
    await polled(test);
    test.store.insert([liveRun(2)]);
    const expected = (number: number, status: string, kind: string) => ({
      kind,
      runId: liveRunId(number),
      cursor: expect.any(String),
      run: {
        status,
        notes: [{ text: noteText(liveRunId(number)) }],
        agent: { displayName: `The ${LIVE_AGENT}` },
      },
    });
    const { value } = await first;
    expect(value).toEqual({ data: { runEvents: expected(2, 'RUNNING', 'ADDED') } });
    await events.return?.();
    // Whoever leaves the router leaves the subgraph.
    await expect
      .poll(() => test.gateway.metrics.registry.metrics())
      .toContain('runs_gateway_subscriptions 0');
    test.store.update(liveRunId(1), { status: 'failed', stop_reason: 'error' });
    const { cursor } = Object(value?.data?.['runEvents']);
    const again = client.iterate({ query, variables: { after: cursor } });
    expect((await again.next()).value).toEqual({
      data: { runEvents: expected(1, 'FAILED', 'UPDATED') },
    });
    await again.return?.();
  },
);
