import { isObject } from '../json/parse-json.ts';
import { type ModelPrices, type Prices, TOKEN_KINDS } from './prices.ts';

const MAX_PRICE = 1_000_000;
/** Prices are for a million tokens, and have at most six decimals. */
const MILLIONTHS = 1_000_000;
const CURRENCY = /^[A-Z]{3}$/;
const PRICE = `a number from 0 to ${MAX_PRICE} with at most 6 decimals`;

const KINDS = Object.entries(TOKEN_KINDS);
/** The kinds that every model must have: there is no other price in their place. */
const REQUIRED = KINDS.flatMap(([kind, { of }]) => (of === undefined ? [kind] : []));

type Report = (problem: string) => void;

/** Reads the JSON of a file of prices. @param report called with each problem, which has its path in the file */
export function readPrices(content: unknown, report: Report = () => undefined): Prices {
  const keys = ['$schema', 'description', 'currency', 'models'];
  const file = readObject('', content, report, keys) ?? { currency: 'XXX', models: {} };
  const { currency } = file;
  const isCurrency = typeof currency === 'string' && CURRENCY.test(currency);
  if (!isCurrency) report(`currency: expected an ISO 4217 code such as USD, but got ${show(currency)}`);
  const models = Object.entries(readObject('models', file['models'], report) ?? {});
  return {
    currency: isCurrency ? currency : '',
    models: new Map(models.map(([name, model]) => [name, readModel(name, model, report)])),
  };
}

function readModel(name: string, model: unknown, report: Report): ModelPrices {
  const path = `models[${JSON.stringify(name)}]`;
  const priceObject = readObject(path, model, report, Object.keys(TOKEN_KINDS));
  const prices = new Map<string, number>();
  for (const [kind, { of = '' }] of priceObject ? KINDS : []) {
    const value = priceObject?.[kind];
    const millionths = typeof value === 'number' ? Math.round(value * MILLIONTHS) : -1;
    const isPrice =
      millionths >= 0 && millionths <= MAX_PRICE * MILLIONTHS && millionths / MILLIONTHS === value;
    const other = value === undefined ? prices.get(of) : undefined;
    if (!isPrice && other === undefined) report(`${path}.${kind}: expected ${PRICE}, but got ${show(value)}`);
    prices.set(kind, other ?? (isPrice ? value : 0));
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- One for each kind, unless a problem was reported.
  return Object.fromEntries(prices) as ModelPrices;
}

/** @param allowedKeys its possible keys; any by default. @returns undefined if it is no object, which is reported */
function readObject(path: string, value: unknown, report: Report, allowedKeys?: readonly string[]) {
  if (!isObject(value)) {
    report(`${path && `${path}: `}expected an object, but got ${show(value)}`);
    return undefined;
  }
  for (const key of Object.keys(value)) {
    if (allowedKeys?.includes(key) === false)
      report(`${path && `${path}.`}${key}: unknown key; known keys: ${allowedKeys.join(', ')}`);
  }
  return value;
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
