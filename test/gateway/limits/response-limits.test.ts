import { describe, expect, it } from 'vitest';
import type { GatewayOptions } from '../../../src/gateway-options.ts';
import { post } from '../../support/execute.ts';
import { openGateway } from '../../support/open-gateway.ts';
import { randomRuns } from '../../support/random-runs.ts';

const aliases = (count: number, field: string): string =>
  Array.from({ length: count }, (_, n) => `a${n}: ${field}`).join(' ');

function error(code: string, message: unknown, more: object = {}): object {
  const extensions = { code, retryable: false, requestId: expect.any(String), ...more };
  return { message, extensions };
}

const openWith = (config: GatewayOptions) => openGateway({ runs: randomRuns(40, 3), config });
const QUERY = '{ runs(first: 40) { nodes { id metadata agent { name } } } }';

it.each([true, false])(
  'MAX_RESPONSE_BYTES is the size of an answer, to the byte (row copying: %s)',
  async (rowCopying) => {
    await using whole = await openWith({ rowCopying });
    const answer = await post(whole.gateway, { query: QUERY });
    const size = Buffer.byteLength(answer);
    await using enough = await openWith({ rowCopying, maxResponseBytes: size });
    expect(await post(enough.gateway, { query: QUERY })).toBe(answer);
    await using less = await openWith({ rowCopying, maxResponseBytes: size - 1 });
    const message = `The response would exceed ${size - 1} bytes; request fewer rows or fields at once.`;
    expect(await less.execute(QUERY)).toEqual({
      data: null,
      errors: [error('RESPONSE_TOO_LARGE', message, { maxBytes: size - 1 })],
    });
  },
);

describe('The limits of a document', () => {
  const nested = (open: string, count: number, inner: string, close: string): string =>
    open.repeat(count) + inner + close.repeat(count);
  /** Each fragment spreads the next one twice: 2^100 fields, if each spread were followed. */
  const doubling = (root: string, type: string, field: string): string => {
    const fragments = Array.from(
      { length: 100 },
      (_, n) => `fragment F${n} on ${type} { ${field} ...F${n + 1} ...F${n + 1} }`,
    );
    return `${root} ${fragments.join(' ')} fragment F100 on ${type} { ${field} }`;
  };
  const deep = (levels: number): string =>
    `{ run(id: "run-00000000") { ${nested('agent { runs(first: 1) { nodes { ', levels, 'id', ' } } }')} } }`;

  it.each<[string, query: string, code?: string]>([
    ['100,000 characters', `{ __typename }${' '.repeat(100_000 - 14)}`],
    ['more than 100,000 characters', `{ __typename }${' '.repeat(100_000 - 13)}`, 'GRAPHQL_PARSE_FAILED'],
    ['2,000 lines', `{ __typename }${'\r\n'.repeat(1999)}`],
    ['more than 2,000 lines', `{ __typename }${'\n'.repeat(2000)}`, 'GRAPHQL_PARSE_FAILED'],
    ['nearly 5,000 tokens', `{ ${aliases(1660, '__typename')} }`],
    ['more than 5,000 tokens', `{ ${'__typename '.repeat(5000)} }`, 'GRAPHQL_PARSE_FAILED'],
    ['a key of 128 characters', `{ ${'k'.repeat(128)}: __typename }`],
    ['a longer key', `{ ${'k'.repeat(129)}: __typename }`, 'OPERATION_TOO_LARGE'],
    ['nearly 200 levels', deep(65)],
    ['more than 200 levels', deep(67), 'OPERATION_TOO_LARGE'],
    ['fragments that double at the root', doubling('{ ...F0 }', 'Query', '__typename')],
    ['fragments that double in a run', doubling('{ runs(first: 1) { nodes { ...F0 } } }', 'Run', 'id')],
    ['nested selections', `{${nested('...{', 3000, '__typename', '}')}}`, 'GRAPHQL_PARSE_FAILED'],
  ])('answer or refuse one with %s', async (_name, query, code) => {
    await using test = await openGateway();
    const { errors } = await test.execute(query);
    expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(code && [code]);
    if (code !== undefined) expect(test.upstream.requests).toEqual([]);
  });

  it('cut the messages of errors where long names are repeated', async () => {
    const variables = Array.from({ length: 100 }, (_, n) => `$a${n}: Int`).join(', ');
    const query = `query ${'n'.repeat(90_000)}(${variables}) { __typename }`;
    await using test = await openGateway();
    const { errors = [] } = await test.execute(query);
    expect(errors).toHaveLength(100);
    for (const { message } of errors)
      expect(message).toMatch(/^Variable "\$a\d+" is never used in operation "n+$/);
    expect(new Set(errors.map(({ message }) => message.length))).toEqual(new Set([1000]));
  });
});
