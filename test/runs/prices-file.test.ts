import { expect, it } from 'vitest';
import { SAMPLE_PRICES } from '../../embedded-api/index.ts';
import example from '../../schema/prices.example.json' with { type: 'json' };
import { readPricesFile } from '../../src/config/replaceable-prices.ts';
import { readPrices } from '../../src/runs/prices-file.ts';
import { newFolder } from '../support/new-folder.ts';

const MODEL = { prompt: 1, completion: 2 };
const withModel = (model: unknown) => ({ currency: 'USD', models: { 'openai/x': model } });
const PRICE = 'a number from 0 to 1000000 with at most 6 decimals';

function problemsOf(content: unknown): string[] {
  const problems: string[] = [];
  readPrices(content, (problem) => problems.push(problem));
  return problems;
}

it.each<[unknown, string[]]>([
  [[], ['expected an object, but got []']],
  [
    {},
    [
      'currency: expected an ISO 4217 code such as USD, but got none',
      'models: expected an object, but got none',
    ],
  ],
  [{ currency: 'usd', models: {} }, ['currency: expected an ISO 4217 code such as USD, but got "usd"']],
  [
    { currency: 'USD', model: {}, models: {} },
    ['model: unknown key; known keys: $schema, description, currency, models'],
  ],
  [withModel(7), ['models["openai/x"]: expected an object, but got 7']],
  [
    withModel({}),
    [
      `models["openai/x"].prompt: expected ${PRICE}, but got none`,
      `models["openai/x"].completion: expected ${PRICE}, but got none`,
    ],
  ],
  [
    withModel({ ...MODEL, cached: 1 }),
    [expect.stringMatching(/^models\["openai\/x"\]\.cached: unknown key; known keys: /)],
  ],
  ...[-1, '1', null, 1_000_001, 0.0000001, 0.1234567, {}].map((price): [unknown, string[]] => [
    withModel({ ...MODEL, reasoning: price }),
    [`models["openai/x"].reasoning: expected ${PRICE}, but got ${JSON.stringify(price)}`],
  ]),
])('%j is refused, with where and why', (content, problems) => {
  expect(problemsOf(content)).toEqual(problems);
});

it.each([0, 0.000001, 0.1, 0.15, 3.75, 999_999.999999, 1_000_000])('%d is a price, kept exactly', (price) => {
  const content = withModel({ prompt: price, completion: price });
  expect(problemsOf(content)).toEqual([]);
  const { prompt } = readPrices(content).models.get('openai/x') ?? {};
  expect(prompt).toBe(price);
});

it('All problems of a file are named at once, with the file; also that it is none', async () => {
  using folder = newFolder();
  const file = folder.file('prices.json');
  const problems = (): string => {
    try {
      readPricesFile(file);
      return '';
    } catch (error) {
      return String(Object(error).problems.join('\n'));
    }
  };
  expect(problems()).toBe(`PRICES: ${file}: expected a readable file (ENOENT)`);
  folder.file('prices.json', '{');
  expect(problems()).toContain(`PRICES: ${file}: malformed JSON (`);
  folder.file('prices.json', '{"currency": 1, "models": {"a": {"prompt": 1}}}');
  expect(problems().split('\n')).toEqual([
    `PRICES: ${file}: currency: expected an ISO 4217 code such as USD, but got 1`,
    `PRICES: ${file}: models["a"].completion: expected ${PRICE}, but got none`,
  ]);
});

it('The example is a file of prices, and has those of the sample runs', () => {
  expect(problemsOf(example)).toEqual([]);
  expect(problemsOf(SAMPLE_PRICES)).toEqual([]);
  expect(example).toMatchObject(SAMPLE_PRICES);
});
