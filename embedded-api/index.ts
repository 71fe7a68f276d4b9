import type { EmbeddedApi, EmbeddedApiOptions } from './start.ts';

export { PROFILES, SAMPLE_DEFAULTS } from './options.ts';
export { SAMPLE_PRICES } from './samples/prices.ts';

/**
 * Starts a runs API with sample runs, by default on a free loopback port. Disposing stops it.
 * @throws the original listen error, such as EADDRINUSE
 */
export async function startEmbeddedApi(options: EmbeddedApiOptions): Promise<EmbeddedApi> {
  // It is loaded only when needed.
  const { start } = await import('./start.ts');
  return start(options);
}
