import { type DocumentNode, GraphQLError, type GraphQLSchema, Kind } from 'graphql';
import { parseDocument, validateDocument } from '../../engine/index.ts';
import { ConfigError } from '../../errors/config-error.ts';
import { readJsonFile } from '../../runtime/read-text-file.ts';
import { type ManifestDocument, parseManifest } from './parse-manifest.ts';

/** The number of problems that are reported when the gateway starts. */
const MAX_PROBLEMS = 20;

/** Reads a manifest from a file, and checks each of its documents. Its problems have id, name and location. */
export function checkManifest(schema: GraphQLSchema, file: string) {
  const { content, problem: ofFile } = readJsonFile(file);
  const { documents, problems } =
    ofFile === undefined ? parseManifest(content) : { documents: [], problems: [ofFile] };
  const checked = documents.map((document) => checkManifestDocument(schema, document));
  const documentProblems = checked.flatMap((document) =>
    document.problems.map((problem) => `${titleOf(document)}: ${problem}`),
  );
  return { documents: checked, problems: [...problems, ...documentProblems] };
}

/** Reads the manifest of a gateway. @throws ConfigError with its first problems */
export function loadManifest(schema: GraphQLSchema, file: string): readonly ManifestDocument[] {
  const { documents, problems } = checkManifest(schema, file);
  const more = problems.length - MAX_PROBLEMS;
  const listed = [
    ...problems.slice(0, MAX_PROBLEMS),
    ...(more > 0 ? [`${more} more; runs-gateway check documents prints all of them`] : []),
  ];
  if (listed.length > 0) throw new ConfigError(listed.map((each) => `PERSISTED_DOCUMENTS: ${file}: ${each}`));
  // Without the parsed operations, to save memory.
  return documents.map(({ id, text }) => ({ id, text }));
}

export type CheckedManifestDocument = ReturnType<typeof checkManifestDocument>;

/**
 * Checks a document as if a client had sent it: by the same rules, and within the same limits. Returns it with its
 * operations, none if it is invalid, and its problems, with their locations.
 */
export function checkManifestDocument(schema: GraphQLSchema, document: ManifestDocument) {
  let parsed: DocumentNode;
  let errors: readonly GraphQLError[];
  try {
    parsed = parseDocument(document.text);
    errors = validateDocument(schema, parsed);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { ...document, operations: [], problems: [describe(error)] };
  }
  if (errors.length > 0) return { ...document, operations: [], problems: errors.map(describe) };
  const operations = parsed.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  // The rules of graphql-js ignore operations without a root type.
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

/** Returns the id of a document with the name of its operation, for messages. */
export function titleOf({ id, text }: ManifestDocument): string {
  // By a pattern, since the document may not be parsable.
  const [, name] = /\b(?:query|mutation|subscription)\s+([_A-Za-z]\w*)/.exec(text.slice(0, 10_000)) ?? [];
  return name === undefined ? id : `${id} (${name})`;
}

function describe({ message, locations = [] }: GraphQLError): string {
  const [location] = locations;
  return location === undefined ? message : `${message} (line ${location.line}, column ${location.column})`;
}
