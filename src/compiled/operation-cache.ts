import { type GraphQLSchema, parse, validate } from 'graphql';
import { type CompiledOperation, compileOperation } from './compile-operation.ts';

/** Operations that are kept, those that can't be compiled among them. */
const MAX_OPERATIONS = 500;
/** Characters; a longer text is not worth keeping. */
const MAX_TEXT = 20_000;

/** Compiled operations by their text and name; those used longest ago go first. */
export interface OperationCache {
  /** Undefined for what has to be served by the reference executor, whatever is wrong with it. */
  get(text: string, operationName: string | undefined): CompiledOperation | undefined;
}

export function createOperationCache(schema: GraphQLSchema): OperationCache {
  const compiled = new Map<string, CompiledOperation | undefined>();
  return {
    get(text, operationName) {
      if (text.length > MAX_TEXT) return undefined;
      // Both: one document can hold several operations.
      const key = `${operationName ?? ''}\n${text}`;
      const known = compiled.has(key);
      const operation = known ? compiled.get(key) : compile(schema, text, operationName);
      compiled.delete(key);
      compiled.set(key, operation);
      if (compiled.size > MAX_OPERATIONS) {
        const [oldest] = compiled.keys();
        if (oldest !== undefined) compiled.delete(oldest);
      }
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
    return validate(schema, document).length > 0
      ? undefined
      : compileOperation(schema, document, operationName);
  } catch {
    // Whoever serves it will say what is wrong with it.
    return undefined;
  }
}
