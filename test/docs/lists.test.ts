import { expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { execute } from '../support/execute.ts';
import { BLOCKS } from './pages.ts';

const QUERIES = BLOCKS.filter(({ page, language }) => page === 'docs/lists.md' && language === 'graphql').map(
  ({ text }) => [/^query (\w+)/.exec(text)?.[1] ?? text, text] as const,
);

it.each(QUERIES)('docs/lists.md: %s finds something among the sample runs', async (_name, text) => {
  await using gateway = await createGateway();
  const { data, errors } = await execute(gateway, text, { from: '2000-01-01' });
  expect(errors).toBeUndefined();
  expect(JSON.stringify(data)).toMatch(/"nodes":\[\{|"value":[1-9]/);
});

it('There are such queries', () => {
  expect(QUERIES.length).toBeGreaterThan(2);
});
