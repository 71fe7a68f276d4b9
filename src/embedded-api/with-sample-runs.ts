import { SAMPLE_DEFAULTS } from './samples/defaults.ts';
import { insertSamples } from './samples/insert-samples.ts';
import { startRunsApi } from './server.ts';
import { openStore } from './store/store.ts';

/** Starts the embedded runs API in memory, with sample runs, on a free loopback port. */
export async function startEmbeddedApi(
  onError: (error: unknown) => void,
): Promise<AsyncDisposable & { readonly baseUrl: string }> {
  await using starting = new AsyncDisposableStack();
  const store = starting.use(openStore());
  insertSamples(store, { count: SAMPLE_DEFAULTS.runs, seed: SAMPLE_DEFAULTS.seed });
  const { baseUrl } = starting.use(await startRunsApi({ store, onError }));
  const parts = starting.move();
  return { baseUrl, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}
