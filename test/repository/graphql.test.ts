import { readFileSync } from 'node:fs';
import { buildASTSchema, buildSchema, Kind, parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import { BLOCKS, ROOT } from './pages.ts';

/** The directives of federation that the pages show. */
const FEDERATION = parse(
  `directive @key(fields: String!, resolvable: Boolean) repeatable on OBJECT
  directive @override(from: String!) on FIELD_DEFINITION
  directive @shareable repeatable on OBJECT | FIELD_DEFINITION
  type Query { none: ID }`,
);

const schema = buildSchema(readFileSync(`${ROOT}schema/schema.graphql`, 'utf8'));

const GRAPHQL = BLOCKS.filter(({ language }) => language === 'graphql').map(
  ({ page, text }) => [page, text.trim().split('\n')[0] ?? '', text] as const,
);

it.each(GRAPHQL)('%s: %s … is valid', (_page, _start, text) => {
  const document = parse(text);
  const isSchema = document.definitions.some(({ kind }) => kind === Kind.OBJECT_TYPE_DEFINITION);
  if (isSchema) {
    buildASTSchema({
      kind: Kind.DOCUMENT,
      definitions: [...FEDERATION.definitions, ...document.definitions],
    });
    return;
  }
  expect(validate(schema, document)).toEqual([]);
});
