import { GatewayError } from '../../errors/gateway-error.ts';
import { isObject } from '../../json/parse-json.ts';

/** How a request names its document: by its text, by an id, or by both, which then have to agree; or not at all. */
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
 * @throws GatewayError `BAD_REQUEST`, if that is invalid or ambiguous
 */
export function readDocument(parameters: Readonly<Record<string, unknown>>): RequestedDocument {
  const { query = null, documentId = null, doc_id: docId = null, extensions } = parameters;
  const persisted = isObject(extensions) ? (extensions['persistedQuery'] ?? null) : null;
  const id = documentId ?? docId;
  if (id === null) {
    return {
      ...(query !== null && { query: textOf(query) }),
      ...(persisted !== null && { id: hashOf(persisted) }),
    };
  }
  const name = documentId === null ? 'doc_id' : 'documentId';
  if (documentId !== null && docId !== null) throw ambiguous('documentId', 'doc_id');
  if (typeof id !== 'string' || id === '') throw badRequest(`Expected "${name}" to be a text.`);
  if (query !== null) throw ambiguous('query', name);
  if (persisted !== null) throw ambiguous('persistedQuery', name);
  return { id };
}

/** Returns the hash of Apollo's extension. */
function hashOf(persisted: unknown): string {
  if (!isObject(persisted) || persisted['version'] !== 1) {
    throw badRequest('Expected "persistedQuery" to have the version 1.');
  }
  const { sha256Hash } = persisted;
  if (typeof sha256Hash === 'string' && sha256Hash !== '') return sha256Hash;
  throw badRequest('Expected "persistedQuery" to have a text as "sha256Hash".');
}

function textOf(query: unknown): string {
  if (typeof query === 'string') return query;
  throw badRequest(`Expected "query" param to be a string, but given ${typeOf(query)}.`);
}

function ambiguous(one: string, other: string): GatewayError {
  return badRequest(`Expected one of "${one}" and "${other}", but got both.`);
}

export function badRequest(message: string): GatewayError {
  return new GatewayError('BAD_REQUEST', message);
}

export function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
