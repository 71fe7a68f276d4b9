import { SAMPLE_PRICES } from '../../embedded-api/index.ts';
import { ConfigError, throwIfAny } from '../errors/config-error.ts';
import { parseInputJson } from '../json/parse-json.ts';
import { readPrices } from '../runs/prices-file.ts';
import type { Prices } from '../runs/prices.ts';
import { readTextFile } from '../runtime/read-text-file.ts';
import type { GatewayConfig } from './gateway-settings.ts';
import type { FromFiles } from './watched-files.ts';

/** The prices of models, which are read again when their file changes. */
export interface ReplaceablePrices extends FromFiles {
  readonly current: () => Prices | undefined;
}

/** @throws ConfigError with all problems of the file */
export function createPrices(config: Pick<GatewayConfig, 'prices' | 'upstreamUrl'>): ReplaceablePrices {
  let prices = loadPrices(config);
  return {
    current: () => prices,
    files: [config.prices],
    read() {
      prices = loadPrices(config);
    },
    failure: 'The prices were not replaced; the old prices stay in effect',
  };
}

/** Sample runs have sample prices, unless a file of prices is set. */
function loadPrices({
  prices,
  upstreamUrl,
}: Pick<GatewayConfig, 'prices' | 'upstreamUrl'>): Prices | undefined {
  if (prices !== undefined) return readPricesFile(prices);
  return upstreamUrl === undefined ? readPrices(SAMPLE_PRICES) : undefined;
}

/** @throws ConfigError with all problems */
export function readPricesFile(file: string): Prices {
  const problems: string[] = [];
  const prices = readPrices(readContent(file), (problem) => problems.push(`PRICES: ${file}: ${problem}`));
  throwIfAny(problems);
  return prices;
}

/** @throws ConfigError */
function readContent(file: string): unknown {
  try {
    return parseInputJson(readTextFile(file));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const why =
      typeof code === 'string' ? `expected a readable file (${code})` : `malformed JSON (${String(error)})`;
    throw new ConfigError([`PRICES: ${file}: ${why}`]);
  }
}
