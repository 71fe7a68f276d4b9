import { type GraphQLError, type GraphQLSchema, Kind, type OperationDefinitionNode } from 'graphql';
import { checkDocument } from '../../engine/index.ts';
import type { ManifestDocument } from './manifest.ts';

/** A document of a manifest, checked against the schema. */
export interface CheckedManifestDocument extends ManifestDocument {
  /** Its operations; none if it is invalid. */
  readonly operations: readonly OperationDefinitionNode[];
  /** What is wrong with it, each with its location. */
  readonly problems: readonly string[];
}

/** Checks a document as if a client had sent it: by the same rules, and within the same limits. */
export function checkManifestDocument(
  schema: GraphQLSchema,
  document: ManifestDocument,
): CheckedManifestDocument {
  const checked = checkDocument(schema, document.text);
  if (checked.document === undefined) {
    return { ...document, operations: [], problems: checked.errors.map(describe) };
  }
  const operations = checked.document.definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );
  // The rules of graphql-js leave operations without a root type alone.
  const unserved = operations.filter(({ operation }) => !schema.getRootType(operation));
  return {
    ...document,
    operations,
    problems: [
      ...(operations.length === 0 ? ['expected an operation, but got none'] : []),
      ...unserved.map(({ operation }) => `expected operations of the schema, but got a ${operation}`),
    ],
  };
}

/** The id of a document with the name of its operation, for messages. */
export function titleOf({ id, text }: ManifestDocument): string {
  // Also of a document that can't be parsed.
  const [, name] = /\b(?:query|mutation|subscription)\s+([_A-Za-z]\w*)/.exec(text.slice(0, 10_000)) ?? [];
  return name === undefined ? id : `${id} (${name})`;
}

function describe({ message, locations = [] }: GraphQLError): string {
  const [location] = locations;
  return location === undefined ? message : `${message} (line ${location.line}, column ${location.column})`;
}
