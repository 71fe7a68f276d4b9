import { type GraphQLSchema, parse, validate } from 'graphql';
import { createDocumentCache } from '../document-limits.ts';
import { type CompiledOperation, compileOperation } from './compile-operation.ts';

/** Compiled operations by their text and name, those that can't be compiled among them. */
export interface OperationCache {
  /** Undefined for what has to be served by the reference executor, whatever is wrong with it. */
  get(text: string, operationName: string | undefined): CompiledOperation | undefined;
}

/** Characters; a longer text is not worth a second look. */
const MAX_TEXT = 10_000;

export function createOperationCache(schema: GraphQLSchema): OperationCache {
  const outcomes = createDocumentCache<{ readonly operation: CompiledOperation | undefined }>();
  return {
    get(text, operationName) {
      if (text.length > MAX_TEXT) return undefined;
      // Both: one document can hold several operations.
      const key = `${operationName ?? ''}\n${text}`;
      const known = outcomes.get(key);
      if (known !== undefined) return known.operation;
      const operation = compile(schema, text, operationName);
      outcomes.set(key, { operation });
      return operation;
    },
  };
}

function compile(
  schema: GraphQLSchema,
  text: string,
  operationName: string | undefined,
): CompiledOperation | undefined {
  try {
    const document = parse(text);
    if (validate(schema, document).length > 0) return undefined;
    return compileOperation(schema, document, operationName);
  } catch {
    // Whoever serves it will say what is wrong with it.
    return undefined;
  }
}
