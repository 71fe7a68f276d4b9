import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startRunsApi } from '../../embedded-api/server.ts';
import { openStore } from '../../embedded-api/store/store.ts';
import { startListening } from '../support/listening-gateway.ts';
import { liveRun, liveRunId } from '../support/live-server.ts';
import { serve } from '../support/serve.ts';
import { TRANSPORTS } from '../support/subscriber.ts';

/** The lists of these agents fail, are refused for a minute, or hang. */
const FAILING = 'agent-dead0000-0000-4000-8000-';
const REFUSED = 'agent-dead0002-0000-4000-8000-';
const HANGING = 'agent-dead0001-0000-4000-8000-';
const LISTS = 40;

it.each([
  ['that the upstream fails to send', FAILING],
  ['that the upstream refuses for a while', REFUSED],
  ['that the upstream never sends', HANGING],
] as const)(
  'Whoever watches lists %s takes no events from others with the same key',
  async (_name, agents) => {
    await using parts = new AsyncDisposableStack();
    const store = parts.use(openStore());
    const api = parts.use(await startRunsApi({ store }));
    const upstream = parts.use(
      await serve(async (request, response) => {
        const { url = '' } = request;
        if (url.includes(FAILING)) return response.writeHead(500).end('{}');
        if (url.includes(REFUSED)) return response.writeHead(429, { 'retry-after': '60' }).end('{}');
        if (url.includes(HANGING)) return undefined;
        const answer = await fetch(api.baseUrl + url);
        return response
          .writeHead(answer.status, { 'content-type': 'application/json' })
          .end(await answer.text());
      }),
    );
    const config = { upstreamUrl: upstream.baseUrl, apiKey: 'key', accessTokens: ['honest:h', 'hostile:x'] };
    const server = parts.use(await startListening(config));
    const watch = (token: string, query: string) =>
      TRANSPORTS['server-sent events']?.(`${server.url}/graphql`, {
        query: `subscription { ${query} { kind runId } }`,
        headers: { authorization: `Bearer ${token}` },
      }) ?? expect.unreachable();

    store.insert([liveRun(1)]);
    const events = watch('h', 'runEvents');
    const told = events.next();
    await expect
      .poll(() => server.gateway.metrics.registry.metrics(), { timeout: 10_000 })
      .toContain('runs_gateway_pollers 1\n');
    const over = new AbortController();
    const attack = async (number: number): Promise<void> => {
      const agent = agents + String(number).padStart(12, '0');
      while (!over.signal.aborted) {
        await watch('x', `runEvents(agentId: "${agent}")`)
          .next()
          .catch(() => undefined);
        await sleep(100);
      }
    };
    const attacks = Array.from({ length: LISTS }, (_, number) => attack(number));
    await sleep(3_000);
    store.insert([liveRun(2, { created_at: new Date().toISOString() })]);
    const first = await Promise.race([told, sleep(8_000, 'not told')]);
    over.abort();
    expect(first).toMatchObject({ value: { data: { runEvents: { kind: 'ADDED', runId: liveRunId(2) } } } });
    void events.return?.();
    server.gateway.startDraining(0);
    await Promise.all(attacks);
  },
  40_000,
);
