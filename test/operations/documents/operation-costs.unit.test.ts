import { Kind, parse } from 'graphql';
import { expect, it } from 'vitest';
import { operationCosts } from '../../../src/operations/documents/operation-costs.ts';
import { schema } from '../../../src/schema/index.ts';

const levels = 80;
const DEEP = `query Deep ${'{ runs(first: 1) { nodes { agent '.repeat(levels)}{ id }${' } } }'.repeat(levels)}`;

it.each([
  [
    'has a price',
    'query Few { runs(first: 1) { nodes { id } } }',
    { name: 'Few', cost: 6, problem: undefined },
  ],
  [
    'is too deep',
    DEEP,
    { name: 'Deep', cost: undefined, problem: expect.stringMatching(/deep|nest|fields/) },
  ],
])('A document that %s is reported so', (_what, text, report) => {
  const operations = parse(text).definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );
  expect(operationCosts(schema, [{ id: 'one', text, operations, problems: [] }])).toEqual([
    { id: 'one', ...report },
  ]);
});
