import { parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { readExampleQueries } from '../../src/http/graphiql/index.ts';
import { schema } from '../../src/schema/index.ts';
import { execute } from '../support/execute.ts';

/** Characters that fit into GraphiQL's editor on a phone. */
const MAX_COMMENT = 47;

describe.each(
  (await readExampleQueries()).map((text) => [/^(?:query|subscription) (\w+)/m.exec(text)?.[1], text]),
)('The example %s of GraphiQL', (_name, text = '') => {
  it('is valid', () => {
    expect(validate(schema, parse(text))).toEqual([]);
  });

  it('says what it shows, in lines that a phone has room for', () => {
    const comments = text.split('\n').filter((line) => line.startsWith('#'));
    expect(comments.length).toBeGreaterThan(0);
    expect(comments.filter((line) => line.length > MAX_COMMENT)).toEqual([]);
  });

  it.skipIf(text.includes('subscription '))('finds something as soon as there are live runs', async () => {
    await using gateway = await createGateway({ live: true });
    const { data, errors } = await execute(gateway, text);
    expect(errors).toBeUndefined();
    expect(JSON.stringify(data)).not.toContain('"nodes":[]');
  });
});
