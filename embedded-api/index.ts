import type { EmbeddedApi, EmbeddedApiOptions } from './start.ts';

export { PROFILES, SAMPLE_DEFAULTS } from './options.ts';

/** The prices of the sample models for a million tokens, in the form of a file of prices. */
export const SAMPLE_PRICES = {
  currency: 'USD',
  models: {
    'gpt-4o-mini': { prompt: 0.15, cachedInput: 0.075, completion: 0.6 },
    'gpt-4o': { prompt: 2.5, cachedInput: 1.25, completion: 10 },
    'gpt-4.1': { prompt: 2, cachedInput: 0.5, completion: 8 },
    'gpt-4.1-mini': { prompt: 0.4, cachedInput: 0.1, completion: 1.6 },
  },
} as const;

/**
 * Starts a runs API with sample runs, by default on a free loopback port. Disposing stops it.
 * @throws the original listen error, such as EADDRINUSE
 */
export async function startEmbeddedApi(options: EmbeddedApiOptions): Promise<EmbeddedApi> {
  // A gateway over a real server doesn't load the samples.
  const { start } = await import('./start.ts');
  return start(options);
}
