import type { EmbeddedApi, EmbeddedApiOptions } from './start.ts';

export { PROFILES, RETRY_AFTER, SAMPLE_DEFAULTS } from './options.ts';
export { SAMPLE_PRICES } from './samples/prices.ts';

/**
 * Starts a runs API with sample runs, by default in memory and on a free loopback port. Disposing stops it.
 * @throws an error named `StoreFileError` for a file that can't be a store of runs, and the original listen error,
 * such as EADDRINUSE
 */
export async function startEmbeddedApi(options: EmbeddedApiOptions): Promise<EmbeddedApi> {
  // Its database is loaded only when needed.
  const { start } = await import('./start.ts');
  return start(options);
}
