import { runsApiDefaults } from '../config/runs-api-config.ts';
import { sampleRuns } from './sample-runs.ts';
import { startRunsApi } from './server.ts';
import { openStore } from './store.ts';

/** The embedded runs API in memory, filled with sample runs, at any free port of loopback. */
export async function startEmbeddedApi(
  onError: (error: unknown) => void,
): Promise<AsyncDisposable & { readonly baseUrl: string }> {
  await using starting = new AsyncDisposableStack();
  const store = starting.use(openStore());
  store.insert(sampleRuns({ count: runsApiDefaults.runs, seed: runsApiDefaults.seed }));
  const { baseUrl } = starting.use(await startRunsApi({ store, onError }));
  const parts = starting.move();
  return { baseUrl, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}
