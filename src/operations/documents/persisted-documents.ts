import { hash } from 'node:crypto';
import { ERROR_CODES } from '../../errors/error-codes.ts';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { ManifestDocument } from './manifest.ts';
import { badRequest, type RequestedDocument } from './requested-document.ts';

/** The prefix of an id that is the SHA-256 of the text, by the GraphQL over HTTP specification. */
const SHA256_PREFIX = 'sha256:';

/** The documents of the manifest. Written once, when the gateway starts: no request adds to them. */
export interface PersistedDocuments {
  /** Returns the text of the document that a request names, or the error for the client. */
  resolve(requested: RequestedDocument): string | GatewayError;
}

/**
 * A document is found by its id in the manifest, or by the SHA-256 of its text.
 *
 * @param manifest undefined if there is none
 * @param isTrustedOnly whether nothing but the documents of the manifest may be executed
 * @param ownDocuments texts that may be executed as well
 */
export function createPersistedDocuments(
  manifest: readonly ManifestDocument[] | undefined,
  isTrustedOnly: boolean,
  ownDocuments: readonly string[] = [],
): PersistedDocuments {
  const byId = new Map(manifest?.map(({ id, text }) => [id, text]));
  const byHash = new Map(manifest?.map(({ text }) => [hash('sha256', text), text]));
  const texts = new Set([...byId.values(), ...ownDocuments]);
  const find = (id: string): string | undefined => byId.get(id) ?? byHash.get(withoutPrefix(id));

  return {
    resolve({ query, id }) {
      if (query === undefined) {
        if (id === undefined) return badRequest('Must provide query string.');
        if (manifest === undefined) return refusal('PERSISTED_QUERY_NOT_SUPPORTED');
        return find(id) ?? refusal('PERSISTED_QUERY_NOT_FOUND');
      }
      // Checked although nothing is registered: a client with another text than it believes has an error.
      if (id !== undefined && find(id) !== query && hash('sha256', query) !== withoutPrefix(id)) {
        return badRequest('The hash of "persistedQuery" is not that of "query".');
      }
      return !isTrustedOnly || texts.has(query) ? query : refusal('DOCUMENT_NOT_TRUSTED');
    },
  };
}

function withoutPrefix(id: string): string {
  return id.startsWith(SHA256_PREFIX) ? id.slice(SHA256_PREFIX.length) : id;
}

function refusal(
  code: 'PERSISTED_QUERY_NOT_FOUND' | 'PERSISTED_QUERY_NOT_SUPPORTED' | 'DOCUMENT_NOT_TRUSTED',
): GatewayError {
  return new GatewayError(code, ERROR_CODES[code].message);
}
