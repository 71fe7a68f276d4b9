import { expect, it } from 'vitest';
import { checkManifestDocument, titleOf } from '../../../src/operations/documents/check-manifest.ts';
import { parseManifest } from '../../../src/operations/documents/manifest.ts';
import { schema } from '../../../src/schema/index.ts';

const APOLLO = { format: 'apollo-persisted-query-manifest', version: 1 };

it.each<[string, object]>([
  ['relay-compiler and GraphQL Code Generator', { a1: 'query A { a }', __proto: 'query B { b }' }],
  [
    'Apollo',
    {
      ...APOLLO,
      operations: [
        { id: 'a1', name: 'A', type: 'query', body: 'query A { a }' },
        { id: '__proto', name: 'B', type: 'query', body: 'query B { b }' },
      ],
    },
  ],
])('A manifest of %s is recognised by its shape', (_tool, manifest) => {
  expect(parseManifest(JSON.stringify(manifest))).toEqual({
    documents: [
      { id: 'a1', text: 'query A { a }' },
      { id: '__proto', text: 'query B { b }' },
    ],
    problems: [],
  });
});

it.each<[string, string, readonly RegExp[]]>([
  ['is not JSON', '{"a":', [/^malformed JSON/]],
  ['is a list', '[]', [/^expected a manifest of relay-compiler/]],
  ['is empty', '{}', [/^contains no documents$/]],
  ['has no operations', JSON.stringify({ ...APOLLO, operations: [] }), [/^contains no documents$/]],
  [
    'has entries that are not texts',
    '{"a":1,"b":null,"c":"{ a }","":"{ b }"}',
    [/^a: /, /^b: /, /empty one$/],
  ],
  ['is of a version of Apollo that is unknown', JSON.stringify({ ...APOLLO, version: 2 }), [/"version":2/]],
  [
    'has broken operations, and two with one id',
    JSON.stringify({
      ...APOLLO,
      operations: [null, { id: 'a' }, { id: 'b', body: '{ a }' }, { id: 'b', body: '{ b }' }],
    }),
    [/^operations\[0\]: /, /^operations\[1\]: /, /^b: expected ids to be unique/],
  ],
])('A manifest that %s has clear problems', (_what, text, problems) => {
  expect(parseManifest(text).problems).toEqual(problems.map((each) => expect.stringMatching(each)));
});

it.each<[string, string, readonly string[]]>([
  ['is valid', 'query A { runs { nodes { id } } }', []],
  [
    'has an unknown field',
    'query A {\n  runs { nope }\n}',
    ['Cannot query field "nope" on type "RunConnection". Did you mean "nodes"? (line 2, column 10)'],
  ],
  ['can not be parsed', 'query A {', ['Syntax Error: Expected Name, found <EOF>. (line 1, column 10)']],
  ['is a mutation', 'mutation A { cancelRuns(ids: []) { runs { id } } }', []],
  ['is empty', '', ['Syntax Error: Unexpected <EOF>. (line 1, column 1)']],
  [
    'is longer than a client may send',
    `{ ${'a'.repeat(100_001)} }`,
    ['The document has more than 100000 characters.'],
  ],
])('A document that %s is checked as if a client had sent it', (_what, text, problems) => {
  expect(checkManifestDocument(schema, { id: '1', text }).problems).toEqual(problems);
});

it('A document is called by its id and the name of its operation, even if it is broken', () => {
  expect(titleOf({ id: '1', text: 'fragment F on Run { id } query Runs($a: {' })).toBe('1 (Runs)');
  expect(titleOf({ id: '1', text: '{ a }' })).toBe('1');
});
