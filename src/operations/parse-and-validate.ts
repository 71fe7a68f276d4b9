import { type DocumentNode, type Source, specifiedRules, type ValidationRule } from 'graphql';
import { LRUCache } from 'lru-cache';
import { type GatewayPlugin, gatewayOf } from '../access/gateway-request.ts';
import { overloaded } from '../access/refusal.ts';
import { parseDocument, requestError, validateDocument } from '../engine/index.ts';
import { DOCUMENT_FACTOR } from '../scheduling/held-memory.ts';
import { nextTurn } from '../scheduling/next-turn.ts';

/** The estimated size of all cached documents in bytes, and of each one. */
const MAX_BYTES = 32 * 1024 * 1024;
const MAX_ENTRY_BYTES = 4 * 1024 * 1024;
/** An estimate of the memory for a token with its node, and for data derived from both. */
const BYTES_PER_TOKEN = 500;
/** Characters from which on a new document waits for a turn of the event loop before it is parsed. */
const LONG = 4096;

/**
 * Parsed documents, of all gateways in the process, within a limit of memory. Callers can evict the documents of others,
 * but not change them. Errors are not cached: an error retains far more memory than its text.
 */
const documentCache = new LRUCache<string, DocumentNode>({
  maxSize: MAX_BYTES,
  maxEntrySize: MAX_ENTRY_BYTES,
  sizeCalculation: (document, text) =>
    2 * text.length + (document.tokenCount ?? text.length) * BYTES_PER_TOKEN,
});

/** Parses and validates documents within limits. A valid document is validated once for a schema and its rules. */
export interface Documents {
  /** Uses the cache. @throws GraphQLError */
  readonly parse: (text: string) => DocumentNode;
  readonly validate: typeof validateDocument;
}

export function createDocuments(): Documents {
  const valid = new WeakMap<DocumentNode, readonly [schema: object, rules: readonly ValidationRule[]]>();
  return {
    parse(text) {
      const cached = documentCache.get(text);
      if (cached !== undefined) return cached;
      try {
        const document = parseDocument(text);
        documentCache.set(text, document);
        return document;
      } catch (error) {
        throw requestError(error, 'GRAPHQL_PARSE_FAILED');
      }
    },
    validate(schema, document, rules = specifiedRules) {
      const [validIn, by = []] = valid.get(document) ?? [];
      const isSame =
        by === rules || (by.length === rules.length && by.every((rule, at) => rule === rules[at]));
      if (validIn === schema && isSame) return [];
      const errors = validateDocument(schema, document, rules);
      if (errors.length === 0) valid.set(document, [schema, rules]);
      // Errors of scalars are meant for the client, so their causes must not be masked.
      return errors.map((error) => requestError(error, 'GRAPHQL_VALIDATION_FAILED'));
    },
  };
}

export function useParseAndValidate({ parse, validate }: Documents): GatewayPlugin {
  return {
    onParams({ params: { query }, context }) {
      if (typeof query !== 'string') return undefined;
      const { memory, signal } = gatewayOf(context);
      if (!memory.add(query.length * DOCUMENT_FACTOR)) throw overloaded;
      if (query.length <= LONG || documentCache.has(query)) return undefined;
      // The client may have disconnected while the document waited.
      return nextTurn().then(() => signal.throwIfAborted());
    },
    onParse: ({ setParseFn }) =>
      setParseFn((source: string | Source) => parse(typeof source === 'string' ? source : source.body)),
    onValidate: ({ setValidationFn }) => setValidationFn(validate),
  };
}
