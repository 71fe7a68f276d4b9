import { type DocumentNode, type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createOperationVariants } from '../../src/engine/documents/operation-variants.ts';
import { createDocuments } from '../../src/operations/parse-and-validate.ts';
import { schema } from '../../src/schema/index.ts';

/** A document of its own for each name: a field by so many aliases. */
const documentOf = (name: string, fields: number): string =>
  `query ${name} { run(id: "run-0") { ${Array.from({ length: fields }, (_, n) => `a${n}: id`).join(' ')} } }`;

describe('Parsed documents', () => {
  // About 1.5 MB each by the estimate of the cache, which has 32 MiB.
  const FIELDS = 1_000;
  const { parse: parsed } = createDocuments();

  it('are kept while others come, up to the size of the cache', () => {
    const first = parsed(documentOf('first', FIELDS));
    for (let n = 0; n < 10; n++) parsed(documentOf(`few${n}`, FIELDS));
    expect(parsed(documentOf('first', FIELDS)) === first).toBe(true);
    for (let n = 0; n < 30; n++) parsed(documentOf(`many${n}`, FIELDS));
    expect(parsed(documentOf('first', FIELDS)) === first).toBe(false);
  });
});

describe('Merged operations', () => {
  const variantOf = createOperationVariants(schema, true);
  const merged = (document: DocumentNode, variables = {}) => {
    const [node] = document.definitions as readonly OperationDefinitionNode[];
    return variantOf(document, node as OperationDefinitionNode, variables);
  };
  /** 1,250 fields, 1,250 of the cache's 20,000 beside its text. */
  const large = (name: string): DocumentNode => {
    const fields = Array.from({ length: 50 }, (_, n) => `f${n}: id`).join(' ');
    const aliases = Array.from({ length: 25 }, (_, n) => `r${n}: run(id: "run-0") { ...F }`).join(' ');
    return parse(`query ${name} { ${aliases} } fragment F on Run { ${fields} }`);
  };

  it('are kept while others come, up to the size of the cache in fields with their fragments spread', () => {
    const document = large('first');
    const first = merged(document);
    for (let n = 0; n < 5; n++) merged(large(`few${n}`));
    expect(merged(document) === first).toBe(true);
    for (let n = 0; n < 20; n++) merged(large(`many${n}`));
    expect(merged(document) === first).toBe(false);
  });

  it('are kept in four variants by their Boolean variables', () => {
    const names = ['a', 'b', 'c'];
    const fields = names.map((name) => `${name}: mayWrite @include(if: $${name})`).join(' ');
    const document = parse(`query (${names.map((name) => `$${name}: Boolean!`).join(' ')}) { ${fields} }`);
    const values = (n: number) => ({ a: n % 2 === 0, b: n % 4 < 2, c: n < 4 });
    const first = merged(document, values(0));
    for (let n = 1; n < 4; n++) merged(document, values(n));
    expect(merged(document, values(0)) === first).toBe(true);
    merged(document, values(4));
    expect(merged(document, values(0)) === first).toBe(false);
  });
});
