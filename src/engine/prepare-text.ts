import { hash } from 'node:crypto';
import { type DocumentNode, getOperationAST, GraphQLError, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Variables } from './cost/read-argument.ts';
import { checkDocument } from './documents/check-document.ts';
import { nullEntities } from './documents/null-entities.ts';
import type { Engine, PreparedOperation } from './index.ts';

/** The characters of all remembered documents, each of which takes up to 250 bytes. */
const MAX_CHARACTERS = 120_000;

/** A GraphQL request, independent of the transport. */
export interface EngineRequest {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Variables;
}

/** An operation of a text. */
export interface PreparedText extends PreparedOperation {
  /** Why it is refused, whoever asks: it comes to nothing else, and has no price. */
  readonly refusal?: readonly GraphQLError[];
}

/** Prepares an operation of a text, or returns the errors of the text. */
export type PrepareText = (request: EngineRequest) => PreparedText | readonly GraphQLError[];

/** Parses and validates texts for an engine, and remembers the valid ones. */
export function createPrepareText(engine: Engine, schema: GraphQLSchema): PrepareText {
  const documents = new LRUCache<string, DocumentNode>({
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (_document, text) => text.length,
  });
  return ({ query, operationName, variables }) => {
    let document = documents.get(query);
    if (document === undefined) {
      const checked = checkDocument(schema, query);
      if (checked.document === undefined) return checked.errors;
      ({ document } = checked);
      documents.set(query, document);
    }
    try {
      return engine.prepare(document, operationName, variables);
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      return refused(document, operationName, variables, error);
    }
  };
}

function refused(
  document: DocumentNode,
  operationName: string | undefined,
  variables: Variables,
  error: GraphQLError,
): PreparedText | readonly GraphQLError[] {
  const node = getOperationAST(document, operationName);
  if (node == null) return [error];
  const isTooLarge = error.originalError !== undefined;
  const data = isTooLarge ? nullEntities(node, variables) : undefined;
  return {
    name: node.name?.value,
    type: node.operation,
    cost: 0,
    charge: 0,
    refusal: [error],
    documentHash: hash('sha256', document.loc?.source.body ?? ''),
    fieldCosts: () => ({}),
    refusedData: () => data,
    execute: async () => ({ data, errors: [error] }),
    subscribe: async () => [error],
  };
}
