import { SAMPLE_DEFAULTS } from './samples/defaults.ts';
import { sampleDetails } from './samples/details/run-details.ts';
import { insertSamples } from './samples/insert-samples.ts';
import { startRunsApi } from './server.ts';
import { openStore } from './store/store.ts';

/**
 * Starts the embedded runs API in memory, with sample runs, on a free loopback port.
 * @param now the clock by which the samples end minutes ago
 */
export async function startEmbeddedApi(
  onError: (error: unknown) => void,
  now = (): Date => new Date(),
): Promise<AsyncDisposable & { readonly baseUrl: string }> {
  await using starting = new AsyncDisposableStack();
  const store = starting.use(openStore({ makeDetails: sampleDetails }));
  insertSamples(store, { count: SAMPLE_DEFAULTS.runs, seed: SAMPLE_DEFAULTS.seed, now: now() });
  const { baseUrl } = starting.use(await startRunsApi({ store, now, onError }));
  const parts = starting.move();
  return { baseUrl, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}
