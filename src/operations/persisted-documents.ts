import { hash } from 'node:crypto';
import type { GraphQLSchema } from 'graphql';
import type { GraphQLParams } from 'graphql-yoga';
import type { GatewayPlugin } from '../access/gateway-request.ts';
import { Refusal } from '../access/refusal.ts';
import { isObject } from '../json/parse-json.ts';
import { loadManifest } from './manifests/check-manifest.ts';

/** The parameters that name a document by an id: of the GraphQL over HTTP specification, and of Relay. */
export const ID_PARAMETERS = ['documentId', 'doc_id'] as const;

/** The prefix of an id that is the SHA-256 of the text, by the GraphQL over HTTP specification. */
const SHA256_PREFIX = 'sha256:';

// With the status 200, as Apollo's clients expect.
const notFound = new Refusal('PERSISTED_QUERY_NOT_FOUND', undefined, { status: 200 });
const notSupported = new Refusal('PERSISTED_QUERY_NOT_SUPPORTED', undefined, { status: 200 });
const notTrusted = new Refusal('DOCUMENT_NOT_TRUSTED', undefined, { status: 200 });

export interface PersistedDocumentsOptions {
  readonly schema: GraphQLSchema;
  /** The file of a manifest; undefined if there is none. */
  readonly persistedDocuments: string | undefined;
  /** Whether only trusted documents may be executed. */
  readonly trustedDocumentsOnly: boolean;
  /** Texts of documents that may be executed besides those of the manifest. */
  readonly trustedDocuments: readonly string[];
}

/**
 * Replaces the id of a document by its text: `documentId`, `doc_id`, or the hash of Apollo's `persistedQuery`. The
 * manifest is read once, when the gateway starts: no request adds to it.
 *
 * @throws ConfigError for a manifest that can't be used
 */
export function usePersistedDocuments(options: PersistedDocumentsOptions): GatewayPlugin {
  const { schema, persistedDocuments: file, trustedDocumentsOnly, trustedDocuments } = options;
  const manifest = file === undefined ? undefined : loadManifest(schema, file);
  const byId = new Map(manifest?.map(({ id, text }) => [id, text]));
  const byHash = new Map(manifest?.map(({ text }) => [hash('sha256', text), text]));
  const trusted = new Set([...byId.values(), ...trustedDocuments]);
  const find = (id: string): string | undefined => byId.get(id) ?? byHash.get(withoutPrefix(id));
  const missing = manifest === undefined ? notSupported : notFound;
  return {
    onParams({ params, setParams }) {
      if (!isObject(params)) return;
      const id = readId(params);
      const { query = null } = params;
      if (query === null) {
        if (id === undefined) throw badRequest('Must provide query string.');
        const text = find(id);
        if (text === undefined) throw missing;
        return setParams({ ...params, query: text });
      }
      if (typeof query !== 'string') return;
      // A wrong hash is an error of the client, although no document is registered.
      if (id !== undefined && find(id) !== query && hash('sha256', query) !== withoutPrefix(id)) {
        throw badRequest('The hash of "persistedQuery" is not that of "query".');
      }
      if (trustedDocumentsOnly && !trusted.has(query)) throw notTrusted;
    },
  };
}

/** Returns the id by which parameters name a document. @throws Refusal `BAD_REQUEST` if it is invalid or ambiguous */
function readId(params: GraphQLParams): string | undefined {
  const sent: Readonly<Record<string, unknown>> = Object(params);
  const { query = null, extensions, documentId = null, doc_id: docId = null } = sent;
  const persisted = isObject(extensions) ? (extensions['persistedQuery'] ?? null) : null;
  const id = documentId ?? docId;
  if (id === null) return persisted === null ? undefined : hashOf(persisted);
  const name = documentId === null ? 'doc_id' : 'documentId';
  if (documentId !== null && docId !== null) throw ambiguous('documentId', 'doc_id');
  if (typeof id !== 'string' || id === '') throw badRequest(`Expected "${name}" to be a text.`);
  if (query !== null) throw ambiguous('query', name);
  if (persisted !== null) throw ambiguous('persistedQuery', name);
  return id;
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

function withoutPrefix(id: string): string {
  return id.startsWith(SHA256_PREFIX) ? id.slice(SHA256_PREFIX.length) : id;
}

function badRequest(message: string): Refusal {
  return new Refusal('BAD_REQUEST', message);
}

function ambiguous(one: string, other: string): Refusal {
  return badRequest(`Expected one of "${one}" and "${other}", but got both.`);
}
