import { expect, it } from 'vitest';
import {
  checkManifest,
  checkManifestDocument,
  titleOf,
} from '../../../src/operations/manifests/check-manifest.ts';
import { parseManifest } from '../../../src/operations/manifests/parse-manifest.ts';
import { schema } from '../../../src/schema/index.ts';
import { newFolder } from '../../support/new-folder.ts';

const APOLLO = { format: 'apollo-persisted-query-manifest', version: 1 };

it.each<[string, string, readonly RegExp[]]>([
  ['is a list', '[]', [/^expected a manifest of relay-compiler/]],
  ['is empty', '{}', [/^contains no documents$/]],
  ['has no operations', JSON.stringify({ ...APOLLO, operations: [] }), [/^contains no documents$/]],
  ['has what is no text', '{"a":1,"b":null,"c":"{ a }","":"{ b }"}', [/^a: /, /^b: /, /empty one$/]],
  ['is of an unknown version of Apollo', JSON.stringify({ ...APOLLO, version: 2 }), [/"version":2/]],
  [
    'has broken operations, and two with one id',
    JSON.stringify({
      ...APOLLO,
      operations: [null, { id: 'a' }, { id: 'b', body: '{ a }' }, { id: 'b', body: '{ b }' }],
    }),
    [/^operations\[0\]: /, /^operations\[1\]: /, /^b: expected ids to be unique/],
  ],
])('PERSISTED_DOCUMENTS that %s have clear problems', (_what, text, problems) => {
  expect(parseManifest(JSON.parse(text)).problems).toEqual(
    problems.map((each) => expect.stringMatching(each)),
  );
});

it('PERSISTED_DOCUMENTS that cannot be read have one problem, whether they are not there or not JSON', () => {
  using folder = newFolder();
  const file = folder.file('manifest.json');
  expect(checkManifest(schema, file).problems).toEqual(['expected a readable file (ENOENT)']);
  folder.file('manifest.json', '{"a":');
  expect(checkManifest(schema, file).problems).toEqual([expect.stringMatching(/^malformed JSON/)]);
});

it('A persisted document that is longer than a client may send is refused by its id and operation', () => {
  const { problems } = checkManifestDocument(schema, { id: '1', text: `{ ${'a'.repeat(100_001)} }` });
  expect(problems).toEqual(['The document has more than 100000 characters.']);
  expect(titleOf({ id: '1', text: 'fragment F on Run { id } query Runs($a: {' })).toBe('1 (Runs)');
  expect(titleOf({ id: '1', text: '{ a }' })).toBe('1');
});
