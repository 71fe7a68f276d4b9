import { expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { post } from '../support/execute.ts';

const NAME = 'n'.repeat(90_000);

it.each([
  [
    'variables',
    `query ${NAME}(${range(100)
      .map((n) => `$a${n}: Int`)
      .join(', ')}) { __typename }`,
  ],
  [
    'fields',
    `query { ${range(90)
      .map((n) => `a${n}: ${'f'.repeat(1000)}`)
      .join(' ')} }`,
  ],
])('The errors of a document that repeats long names in its %s are bounded', async (_name, query) => {
  await using gateway = await createGateway({ upstreamUrl: 'http://127.0.0.1:1' });
  const text = await post(gateway, JSON.stringify({ query }));
  expect(text.length).toBeLessThan(4 * 1024 * 1024);
  const { errors }: { errors: { extensions: { code: string } }[] } = JSON.parse(text);
  expect(['RESPONSE_TOO_LARGE', 'GRAPHQL_VALIDATION_FAILED']).toContain(errors[0]?.extensions.code);
});

function range(length: number): readonly number[] {
  return Array.from({ length }, (_, index) => index);
}
