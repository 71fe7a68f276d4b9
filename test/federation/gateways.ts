import { startRunsApi } from '../../embedded-api/server.ts';
import { openStore } from '../../embedded-api/store/store.ts';
import { createGateway } from '../../src/gateway.ts';
import type { RandomRun } from '../support/random-runs.ts';
import { keyFor, type UpstreamVariant } from '../support/upstream-variants.ts';
import type { Asked } from './entities.ts';

/** A gateway right before an embedded runs API: no proxy counts, so that thousands of pages go quickly. */
export async function startDirectly(
  runs: readonly RandomRun[],
  upstream: UpstreamVariant,
): Promise<Asked & AsyncDisposable> {
  await using starting = new AsyncDisposableStack();
  const store = starting.use(openStore());
  store.insert(runs);
  const api = starting.use(await startRunsApi({ ...upstream, store }));
  const gateway = starting.use(
    await createGateway({ upstreamUrl: api.baseUrl, ...keyFor(upstream), maxCost: 1e9 }),
  );
  const parts = starting.move();
  return { gateway, upstreamRequests: [], [Symbol.asyncDispose]: () => parts.disposeAsync() };
}
