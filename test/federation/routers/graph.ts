import type { IncomingHttpHeaders } from 'node:http';
import { createServerAdapter } from '@whatwg-node/server';
import { startRunsApi } from '../../../embedded-api/server.ts';
import { openStore } from '../../../embedded-api/store/store.ts';
import { createGateway } from '../../../src/gateway.ts';
import { listen } from '../../../src/http/server/listen.ts';
import { agentsOf } from '../../support/agents.ts';
import type { RandomRun } from '../../support/random-runs.ts';
import { recordedLog } from '../../support/recorded-log.ts';
import { serve } from '../../support/serve.ts';
import { createCatalog } from '../neighbours.ts';
import { createTickets } from './tickets.ts';

export const TOKEN = 'token-of-alice';
export const ROUTER_SECRET = 'secret-of-the-router';

interface Asked {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** How a neighbour misbehaves. */
type Mood = 'well' | 'slow' | 'garbage' | 'down';

/** The gateway with neighbours, on loopback, and what is asked upstream. */
export async function startGraph(runs: readonly RandomRun[]) {
  await using starting = new AsyncDisposableStack();
  const store = starting.use(openStore());
  store.insert(runs);
  store.agents.insert(agentsOf(runs));
  const api = starting.use(await startRunsApi({ store }));
  const asked: Asked[] = [];
  const upstreamRequests: string[] = [];
  const upstream = starting.use(
    await serve(async ({ url = '', headers }, response) => {
      asked.push({ url, headers });
      upstreamRequests.push(url);
      const answer = await fetch(new URL(url, api.baseUrl));
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
    }),
  );
  const { log, lines } = recordedLog();
  const gateway = starting.use(
    await createGateway({
      upstreamUrl: upstream.baseUrl,
      accessTokens: [TOKEN],
      routerSecrets: [ROUTER_SECRET],
      liveIdleIntervalMs: 1000,
      log,
    }),
  );
  const runsListener = starting.use(
    await listen(gateway, { host: '127.0.0.1', port: 0, drainTimeoutMs: 1000 }),
  );
  const answerTickets = createServerAdapter(createTickets(runs));
  const neighbour: { mood: Mood } = { mood: 'well' };
  const tickets = starting.use(
    await serve(async (request, response) => {
      if (neighbour.mood === 'slow') await new Promise((resolve) => setTimeout(resolve, 300));
      if (neighbour.mood === 'down') response.destroy();
      else if (neighbour.mood === 'garbage') response.end('<h1>It works!</h1>');
      else await answerTickets(request, response);
    }),
  );
  const catalog = starting.use(await serve(createServerAdapter(createCatalog())));
  const parts = starting.move();
  return {
    drain: () => runsListener[Symbol.asyncDispose](),
    store,
    asked,
    upstreamRequests,
    lines,
    neighbour,
    metrics: () => gateway.metrics.registry.metrics(),
    urls: {
      runs: `${runsListener.url}/graphql`,
      tickets: `${tickets.baseUrl}/graphql`,
      catalog: `${catalog.baseUrl}/graphql`,
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

export type Graph = Awaited<ReturnType<typeof startGraph>>;
