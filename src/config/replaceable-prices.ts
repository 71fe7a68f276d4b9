import { SAMPLE_PRICES } from '../../embedded-api/index.ts';
import { ConfigError, throwIfAny } from '../errors/config-error.ts';
import { readPrices } from '../runs/prices-file.ts';
import type { Prices } from '../runs/prices.ts';
import { readJsonFile } from '../runtime/read-text-file.ts';
import type { GatewayConfig } from './program-options.ts';

/**
 * Reads the prices of models, again when their file changes. Without a file, sample runs have sample prices.
 *
 * @throws ConfigError with all problems of the file
 */
export function createPrices({ prices: file, upstreamUrl }: Pick<GatewayConfig, 'prices' | 'upstreamUrl'>) {
  const ofSamples = upstreamUrl === undefined ? readPrices(SAMPLE_PRICES) : undefined;
  const load = (): Prices | undefined => (file === undefined ? ofSamples : readPricesFile(file));
  let prices = load();
  return {
    current: () => prices,
    files: [file],
    read: () => void (prices = load()),
    failure: 'The prices were not replaced; the old prices stay in effect',
  };
}

/** @throws ConfigError with all problems */
export function readPricesFile(file: string): Prices {
  const { content, problem: ofFile } = readJsonFile(file);
  if (ofFile !== undefined) throw new ConfigError([`PRICES: ${file}: ${ofFile}`]);
  const problems: string[] = [];
  const prices = readPrices(content, (problem) => problems.push(`PRICES: ${file}: ${problem}`));
  throwIfAny(problems);
  return prices;
}
