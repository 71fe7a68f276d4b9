import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RunStatus } from '../../examples/node/__generated__/graphql.ts';
import type { Config } from '../../src/config/config.ts';
import { createGateway } from '../../src/gateway.ts';
import { listen } from '../../src/http/server/listen.ts';
import { type RunningApi, runningApi } from '../embedded-api/running-api.ts';
import { AGENT_IDS, randomRuns } from '../support/random-runs.ts';
import { serve } from '../support/serve.ts';

export interface Filters {
  readonly statuses?: readonly RunStatus[];
  readonly agentId?: string;
}

/** Lists of more than two pages of 50, as an example filters them and as REST does. */
export const LISTS: { name: string; filters: Filters; query: string }[] = [
  { name: 'all runs', filters: {}, query: '' },
  {
    name: 'the runs of some statuses',
    filters: { statuses: ['FAILED', 'COMPLETED', 'RUNNING'] },
    query: '&statuses=failed&statuses=completed&statuses=running',
  },
  {
    name: 'the runs of one agent',
    filters: { agentId: AGENT_IDS[1] ?? '' },
    query: `&agent_id=${AGENT_IDS[1]}`,
  },
];

/** A gateway on a port, which is what an example needs. */
export interface ServedRuns extends AsyncDisposable {
  /** Where its GraphQL is. */
  readonly url: string;
  readonly store: RunningApi['store'];
  /** When the gateway asked its upstream something, in milliseconds. */
  readonly upstreamTimes: readonly number[];
  /** The ids as the REST list has them, newest first. */
  restIds(query: string): Promise<string[]>;
}

/**
 * 330 runs, many of the same microsecond. The first requests upstream are refused with the wish that
 * the caller wait a second, which is longer than the gateway may, so it is for the client to do.
 */
export async function serveRuns({
  refusals = 0,
  config,
}: { refusals?: number; config?: Partial<Config> } = {}): Promise<ServedRuns> {
  await using starting = new AsyncDisposableStack();
  const api = starting.use(await runningApi(randomRuns(330, 20)));
  const upstream = starting.use(await refuseFirst(refusals, api));
  const gateway = starting.use(
    await createGateway({
      upstreamUrl: upstream.baseUrl,
      ...(refusals > 0 && { upstreamTimeoutMs: 900 }),
      ...config,
    }),
  );
  const listener = starting.use(await listen(gateway, { host: '127.0.0.1', port: 0 }));
  const parts = starting.move();
  return {
    url: `${listener.url}/graphql`,
    store: api.store,
    upstreamTimes: upstream.times,
    restIds: (query) => api.ids(`limit=1000${query}`),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

const REFUSAL = { status: 429, body: { detail: 'Slow down' } };

interface RefusingUpstream extends AsyncDisposable {
  readonly baseUrl: string;
  readonly times: readonly number[];
}

async function refuseFirst(refusals: number, api: RunningApi): Promise<RefusingUpstream> {
  const times: number[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refused = times.push(performance.now()) <= refusals;
    const { status, body } = refused ? REFUSAL : await api.json(request.url ?? '/');
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(refused && { 'retry-after': '1' }),
    });
    response.end(JSON.stringify(body));
  };
  const served = await serve(answer);
  return {
    ...served,
    times,
  };
}
