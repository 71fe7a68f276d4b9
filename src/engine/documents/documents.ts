import { type DocumentNode, GraphQLError, Kind } from 'graphql';
import { LRUCache } from 'lru-cache';
import { checkDocument, requestError } from './check-document.ts';
import { type EngineSchemas, Operation, type ValidDocument, validDocument } from './operation.ts';

/** Bytes of all that is kept of documents, as far as that can be told. */
const MAX_BYTES = 32 * 1024 * 1024;
/** Bytes of one that is kept: larger ones are not worth a second look. */
const MAX_ENTRY_BYTES = 4 * 1024 * 1024;
/** What a token takes with its node. */
const BYTES_PER_TOKEN = 500;

interface Entry {
  readonly valid: ValidDocument;
  /** Those that were asked for, by their names in the document. */
  readonly operations: Map<string | undefined, Operation>;
  readonly ownBytes: number;
}

/** The operations of texts. What is worked out for one is kept while there is room for it. */
export interface Documents {
  /** @returns the operation, or why there is none */
  find(text: string, operationName: string | undefined): Operation | readonly GraphQLError[];
}

/** Callers can fill it, and push out what others use; they can't change what a text means. */
export function createDocuments(schemas: EngineSchemas): Documents {
  const entries = new LRUCache<string, Entry>({
    maxSize: MAX_BYTES,
    maxEntrySize: MAX_ENTRY_BYTES,
    sizeCalculation: ({ operations, ownBytes }) =>
      operations.values().reduce((sum, { bytes }) => sum + bytes, ownBytes),
  });
  // One that is wrong is checked anew each time: an error keeps far more alive than its text.
  const read = (text: string): Entry | readonly GraphQLError[] => {
    const { document, errors } = checkDocument(schemas.served, text);
    if (document === undefined) return errors;
    const ownBytes = text.length * 2 + countTokens(document) * BYTES_PER_TOKEN;
    const entry = { valid: validDocument(document), operations: new Map(), ownBytes };
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
        // Anew: the cache weighs a value when it comes, and not again.
        entries.delete(text);
        entries.set(text, entry);
      });
      operations.set(operationName, operation);
      return operation;
    },
  };
}

/** As GetOperation of the specification, in the words of the executor. */
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
