import { GraphQLError } from 'graphql';

/** The document that a request names: by its text, by an id, or by both, which then have to agree. */
export interface RequestedDocument {
  readonly query?: string;
  /** `documentId`, `doc_id`, or the hash of Apollo's `persistedQuery`. */
  readonly id?: string;
}

/** The parameters that name a document by an id. */
export const ID_PARAMETERS = ['documentId', 'doc_id'] as const;

/**
 * Reads how a request names its document: `query`, the `documentId` of the GraphQL over HTTP
 * specification, the `doc_id` of Relay, or Apollo's `extensions.persistedQuery`.
 *
 * @returns undefined if it names none, or if its `query` isn't a text; a BAD_REQUEST if an id is
 *   invalid, or ambiguous
 */
export function readDocument(
  parameters: Readonly<Record<string, unknown>>,
): RequestedDocument | GraphQLError | undefined {
  const { query = null, documentId = null, doc_id: docId = null, extensions } = parameters;
  const persisted = persistedQueryOf(extensions);
  if (documentId === null && docId === null && persisted === null) {
    return typeof query === 'string' ? { query } : undefined;
  }
  const ids = [documentId, docId].filter((id) => id !== null);
  if (ids.length > 1) return badRequest('Expected one of "documentId" and "doc_id", but got both.');
  const [id] = ids;
  if (id === undefined) return fromPersistedQuery(persisted, query);
  const name = documentId === null ? 'doc_id' : 'documentId';
  if (typeof id !== 'string' || id === '') return badRequest(`Expected "${name}" to be a text.`);
  if (query !== null) return badRequest(`Expected one of "query" and "${name}", but got both.`);
  if (persisted !== null) return badRequest(`Expected one of "persistedQuery" and "${name}", but got both.`);
  return { id };
}

/** Returns Apollo's extension, whatever it is; null if there is none. */
function persistedQueryOf(extensions: unknown): unknown {
  return isObject(extensions) ? (extensions['persistedQuery'] ?? null) : null;
}

function fromPersistedQuery(
  persisted: unknown,
  query: unknown,
): RequestedDocument | GraphQLError | undefined {
  if (!isObject(persisted) || persisted['version'] !== 1) {
    return badRequest('Expected "persistedQuery" to have the version 1.');
  }
  const id = persisted['sha256Hash'];
  if (typeof id !== 'string' || id === '') {
    return badRequest('Expected "persistedQuery" to have a text as "sha256Hash".');
  }
  if (query === null) return { id };
  return typeof query === 'string' ? { query, id } : undefined;
}

function badRequest(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
