import { readFileSync } from 'node:fs';
import {
  buildASTSchema,
  buildSchema,
  extendSchema,
  Kind,
  NoUnusedFragmentsRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { expect, it } from 'vitest';
import { BLOCKS, ROOT } from './pages.ts';

/** The directives of Relay that the pages show: its compiler knows them, the server doesn't. */
const RELAY = parse(`
  scalar RelayVariable
  directive @throwOnFieldError on QUERY | FRAGMENT_DEFINITION
  directive @refetchable(queryName: String!) on FRAGMENT_DEFINITION
  directive @argumentDefinitions(count: RelayVariable, cursor: RelayVariable) on FRAGMENT_DEFINITION
  directive @connection(key: String!) on FIELD
`);
/** The directives of federation that the pages show. */
const FEDERATION = parse(
  `directive @key(fields: String!, resolvable: Boolean) repeatable on OBJECT
  directive @override(from: String!) on FIELD_DEFINITION
  directive @shareable repeatable on OBJECT | FIELD_DEFINITION
  type Query { none: ID }`,
);

const schema = extendSchema(buildSchema(readFileSync(`${ROOT}schema/schema.graphql`, 'utf8')), RELAY);

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
  const hasOperation = document.definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  const rules = specifiedRules.filter((rule) => hasOperation || rule !== NoUnusedFragmentsRule);
  expect(validate(schema, document, rules)).toEqual([]);
});
