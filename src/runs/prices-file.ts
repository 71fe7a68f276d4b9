import { ConfigError, throwIfAny } from '../config/config-error.ts';
import { readTextFile } from '../config/read-text-file.ts';
import { unknown } from '../config/suggest.ts';
import { isObject, parseInputJson } from '../json/parse-json.ts';
import { type ModelPrices, type Prices, TOKEN_KINDS } from './prices.ts';

const MAX_PRICE = 1_000_000;
/** Prices are for a million tokens, and have at most six decimals. */
const MILLIONTHS = 1_000_000;
const CURRENCY = /^[A-Z]{3}$/;
const PRICE = `a number from 0 to ${MAX_PRICE} with at most 6 decimals`;

const KINDS = Object.entries(TOKEN_KINDS);
/** Those that every model must have: there is no other price in their place. */
const REQUIRED = KINDS.flatMap(([kind, { of }]) => (of === undefined ? [kind] : []));
const KEYS: readonly string[] = ['$schema', 'description', 'currency', 'models'];

/** Reads a file of prices. @throws ConfigError with all problems */
export function loadPrices(file: string): Prices {
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

/** Reads the JSON of a file of prices. @param report called with each problem, which has its path in the file */
export function readPrices(content: unknown, report: (problem: string) => void = () => undefined): Prices {
  if (!isObject(content)) report(`expected an object, such as {"currency": "USD", "models": {}}`);
  const { currency, models, ...others } = isObject(content) ? content : { currency: 'XXX', models: {} };
  reportUnknown(others, KEYS, '', report);
  const isCurrency = typeof currency === 'string' && CURRENCY.test(currency);
  if (!isCurrency) report(`currency: expected an ISO 4217 code such as USD, but got ${show(currency)}`);
  if (!isObject(models)) report(`models: expected an object, but got ${show(models)}`);
  const entries = Object.entries(isObject(models) ? models : {});
  return {
    currency: isCurrency ? currency : '',
    models: new Map(entries.map(([name, model]) => [name, readModel(name, model, report)])),
  };
}

function readModel(name: string, model: unknown, report: (problem: string) => void): ModelPrices {
  const path = `models[${JSON.stringify(name)}]`;
  const given = isObject(model) ? model : undefined;
  if (given === undefined) report(`${path}: expected an object, but got ${show(model)}`);
  else reportUnknown(given, Object.keys(TOKEN_KINDS), `${path}.`, report);
  const prices = new Map<string, bigint>();
  for (const [kind, { of = '' }] of given ? KINDS : []) {
    const value = given?.[kind];
    const millionths = typeof value === 'number' ? Math.round(value * MILLIONTHS) : -1;
    const isPrice =
      millionths >= 0 && millionths <= MAX_PRICE * MILLIONTHS && millionths / MILLIONTHS === value;
    const other = value === undefined ? prices.get(of) : undefined;
    if (!isPrice && other === undefined) report(`${path}.${kind}: expected ${PRICE}, but got ${show(value)}`);
    // What a million tokens cost in millionths, one costs in trillionths.
    prices.set(kind, other ?? BigInt(isPrice ? millionths : 0));
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- One for each kind, unless a problem was reported.
  return Object.fromEntries(prices) as ModelPrices;
}

function reportUnknown(
  given: object,
  known: readonly string[],
  path: string,
  report: (problem: string) => void,
): void {
  for (const key of Object.keys(given)) {
    if (!known.includes(key)) report(path + unknown(key, 'key', known));
  }
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? 'none').slice(0, 100);
}

/** The JSON Schema of a file of prices, draft 2020-12. */
export function createPricesSchema() {
  const price = { type: 'number', minimum: 0, maximum: MAX_PRICE };
  const kinds = KINDS.map(([kind, { of, description }]) => {
    const fallback = of === undefined ? '' : ` If it is absent, the price of ${of} counts.`;
    return [kind, { description: description + fallback, ...price }] as const;
  });
  const model = { properties: Object.fromEntries(kinds), required: REQUIRED, additionalProperties: false };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Prices of language models for runs-gateway',
    description: 'Each price is for a million tokens, and has at most 6 decimals.',
    type: 'object',
    properties: {
      $schema: { description: 'The URL or path of this schema, for editors.', type: 'string' },
      description: { description: 'Where the prices come from, and of which day they are.', type: 'string' },
      currency: {
        description: 'The currency of all prices, an ISO 4217 code.',
        type: 'string',
        pattern: CURRENCY.source,
      },
      models: {
        description:
          'The prices of each model, by its handle, such as openai/gpt-4o-mini, or by its name alone, such as gpt-4o-mini. The handle of a step is looked up first, then the name of its model.',
        type: 'object',
        additionalProperties: { type: 'object', ...model },
      },
    },
    required: ['currency', 'models'],
    additionalProperties: false,
  };
}
