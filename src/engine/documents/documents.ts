import { type DocumentNode, GraphQLError, Kind } from 'graphql';
import { LRUCache } from 'lru-cache';
import { checkDocument, requestError } from './check-document.ts';
import { type EngineSchemas, Operation, type ValidDocument, validDocument } from './operation.ts';

/** The maximum size of the cache in bytes, by estimates. */
const MAX_BYTES = 32 * 1024 * 1024;
/** The maximum size of a cached document in bytes. */
const MAX_ENTRY_BYTES = 4 * 1024 * 1024;
/** An estimate of the memory for a token with its node. */
const BYTES_PER_TOKEN = 500;

interface Entry {
  readonly valid: ValidDocument;
  /** The operations requested so far, by name. */
  readonly operations: Map<string | undefined, Operation>;
}

/** Finds operations in document texts, with a cache of parsed documents. */
export interface Documents {
  /** Returns the operation, or the errors of the document. */
  find(text: string, operationName: string | undefined): Operation | readonly GraphQLError[];
}

/** Creates the cache. Callers can evict the entries of others, but not change the meaning of a text. */
export function createDocuments(schemas: EngineSchemas): Documents {
  const entries = new LRUCache<string, Entry>({
    maxSize: MAX_BYTES,
    maxEntrySize: MAX_ENTRY_BYTES,
    sizeCalculation: ({ operations, valid }) =>
      operations.values().reduce((sum, { bytes }) => sum + bytes, valid.bytes),
  });
  // Errors are not cached: an error retains far more memory than its text.
  const read = (text: string): Entry | readonly GraphQLError[] => {
    const { document, errors } = checkDocument(schemas.served, text);
    if (document === undefined) return errors;
    const bytes = text.length * 2 + countTokens(document) * BYTES_PER_TOKEN;
    const entry = { valid: validDocument(document, bytes), operations: new Map() };
    entries.set(text, entry);
    return entry;
  };
  return {
    find(text, operationName) {
      const entry = entries.get(text) ?? read(text);
      if (!('valid' in entry)) return entry;
      const { valid, operations } = entry;
      const known = operations.get(operationName);
      if (known !== undefined) return known;
      const node = operationNode(valid.document, operationName);
      if (node instanceof GraphQLError) return [requestError(node, 'OPERATION_RESOLUTION_FAILURE')];
      const operation = new Operation(node, valid, schemas, () => {
        // Added again, because the cache measures the size of an entry only when it is set.
        entries.delete(text);
        entries.set(text, entry);
      });
      operations.set(operationName, operation);
      return operation;
    },
  };
}

/** GetOperation of the specification, with the error messages of graphql-js. */
function operationNode({ definitions }: DocumentNode, name: string | undefined) {
  const operations = definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const [first, second] = operations;
  if (name !== undefined) {
    return (
      operations.find((operation) => operation.name?.value === name) ??
      new GraphQLError(`Unknown operation named "${name}".`)
    );
  }
  if (first === undefined) return new GraphQLError('Must provide an operation.');
  if (second === undefined) return first;
  return new GraphQLError('Must provide operation name if query contains multiple operations.');
}

function countTokens({ loc }: DocumentNode): number {
  let count = 0;
  for (let token = loc?.startToken ?? null; token !== null; token = token.next) count++;
  return count;
}
