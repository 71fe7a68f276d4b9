import type { Config } from '../../src/config/config.ts';
import { type CursorDialect, startRunsApi } from '../../src/embedded-api/server.ts';
import { openStore, type RunStore } from '../../src/embedded-api/store/store.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { agentsOf, type SeedAgent } from './agents.ts';
import { type RecordingProxy, type Rewrite, startRecordingProxy } from './recording-proxy.ts';

type SeedRun = Parameters<RunStore['insert']>[0] extends Iterable<infer Item> ? Item : never;

/** A gateway over an embedded runs API, with a record of what it asks there. */
export interface TestGateway extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly store: RunStore;
  readonly upstreamRequests: RecordingProxy['requests'];
}

export interface TestGatewayOptions {
  readonly runs?: Iterable<SeedRun>;
  /** @default an agent for each agent id of the runs */
  readonly agents?: Iterable<SeedAgent>;
  readonly dialect?: CursorDialect;
  readonly password?: string;
  readonly rewrite?: Rewrite;
  readonly config?: Partial<Config>;
}

export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const { dialect = 'reversed', password, rewrite, config } = options;
  const runs = [...(options.runs ?? [])];
  await using starting = new AsyncDisposableStack();
  const store = starting.use(openStore());
  store.insert(runs);
  store.agents.insert(options.agents ?? agentsOf(runs));
  const api = starting.use(
    await startRunsApi({ store, dialect, ...(password !== undefined && { password }) }),
  );
  const proxy = starting.use(await startRecordingProxy(api.baseUrl, rewrite));
  const gateway = starting.use(await createGateway({ upstreamUrl: proxy.baseUrl, ...config }));
  const parts = starting.move();
  return {
    gateway,
    store,
    upstreamRequests: proxy.requests,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
