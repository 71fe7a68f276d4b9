import { type RunsApiOptions, startRunsApi } from '../../embedded-api/server.ts';
import { openStore, type RunStore } from '../../embedded-api/store/store.ts';
import type { Config } from '../../src/config/config.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { agentsOf, type SeedAgent } from './agents.ts';
import { type RecordingProxy, type Rewrite, startRecordingProxy } from './recording-proxy.ts';
import { keyFor } from './upstream-variants.ts';

type SeedRun = Parameters<RunStore['insert']>[0] extends Iterable<infer Item> ? Item : never;

/** A gateway over an embedded runs API, with a record of what it asks there. */
export interface TestGateway extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly store: RunStore;
  readonly upstreamRequests: RecordingProxy['requests'];
}

/** Options of the upstream's profile apply to the embedded runs API. */
export interface TestGatewayOptions extends Omit<RunsApiOptions, 'store' | 'host' | 'port'> {
  readonly runs?: Iterable<SeedRun>;
  /** @default an agent for each agent id of the runs */
  readonly agents?: Iterable<SeedAgent>;
  readonly rewrite?: Rewrite;
  readonly config?: Partial<Config>;
}

export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const { runs: given = [], agents, rewrite, config, ...profile } = options;
  const runs = [...given];
  await using starting = new AsyncDisposableStack();
  const store = starting.use(openStore());
  store.insert(runs);
  store.agents.insert(agents ?? agentsOf(runs));
  const api = starting.use(await startRunsApi({ ...profile, store }));
  const proxy = starting.use(await startRecordingProxy(api.baseUrl, rewrite));
  const gateway = starting.use(
    await createGateway({ upstreamUrl: proxy.baseUrl, ...keyFor(profile), ...config }),
  );
  const parts = starting.move();
  return {
    gateway,
    store,
    upstreamRequests: proxy.requests,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
