import { type DocumentNode, type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createOperationVariants } from '../../src/engine/documents/operation-variants.ts';
import { createDocuments } from '../../src/operations/parse-and-validate.ts';
import { schema } from '../../src/schema/index.ts';

/** Whether what was made first is still kept after each of these numbers of others. */
function keeps(make: (n: number) => unknown, ...numbers: readonly number[]): boolean[] {
  const first = make(0);
  let made = 0;
  return numbers.map((number) => {
    while (made < number) make(++made);
    return make(0) === first;
  });
}

it('Parsed documents are kept while others come, up to the size of the cache', () => {
  const { parse: parsed } = createDocuments();
  // About 1.5 MB each by the estimate of the cache, which has 32 MiB.
  const aliases = Array.from({ length: 1_000 }, (_, n) => `a${n}: id`).join(' ');
  expect(keeps((n) => parsed(`query Q${n} { run(id: "run-0") { ${aliases} } }`), 10, 40)).toEqual([
    true,
    false,
  ]);
});

describe('Merged operations', () => {
  const variantOf = createOperationVariants(schema, true);
  const merged = (document: DocumentNode, variables = {}) =>
    variantOf(document, document.definitions[0] as OperationDefinitionNode, variables);

  it('are kept while others come, up to the size of the cache in fields with their fragments spread', () => {
    // 1,250 fields, 1,250 of the cache's 20,000 beside its text.
    const fields = Array.from({ length: 50 }, (_, n) => `f${n}: id`).join(' ');
    const aliases = Array.from({ length: 25 }, (_, n) => `r${n}: run(id: "run-0") { ...F }`).join(' ');
    const documents = Array.from({ length: 26 }, (_, n) =>
      parse(`query Q${n} { ${aliases} } fragment F on Run { ${fields} }`),
    );
    expect(keeps((n) => merged(documents[n] as DocumentNode), 5, 25)).toEqual([true, false]);
  });

  it('are kept in four variants by their Boolean variables', () => {
    const names = ['a', 'b', 'c'];
    const fields = names.map((name) => `${name}: mayWrite @include(if: $${name})`).join(' ');
    const document = parse(`query (${names.map((name) => `$${name}: Boolean!`).join(' ')}) { ${fields} }`);
    const values = (n: number) => ({ a: n % 2 === 0, b: n % 4 < 2, c: n < 4 });
    expect(keeps((n) => merged(document, values(n)), 3, 4)).toEqual([true, false]);
  });
});
