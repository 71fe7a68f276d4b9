import { execute, GraphQLError, type GraphQLSchema, type OperationTypeNode } from 'graphql';
import { ResponseTooLargeError } from './answer/byte-writer.ts';
import { writeData } from './answer/write-data.ts';
import { introspectionSizes } from './cost/introspection-sizes.ts';
import { type FieldCosts, type OperationCost, priceOf } from './cost/price.ts';
import type { Variables } from './cost/read-argument.ts';
import { requestError } from './documents/check-document.ts';
import { createDocuments } from './documents/documents.ts';
import { withLeaves } from './documents/leaves.ts';
import type { OperationVariant } from './documents/operation.ts';
import { OperationLimitError } from './limits.ts';

export { OperationLimitError } from './limits.ts';
export { readRunList } from './rows/read-run-list.ts';

export interface EngineOptions {
  /** The schema that clients know. */
  readonly schema: GraphQLSchema;
  /** Whether rows are copied; if not, the resolvers serve every field. */
  readonly copiesRows: boolean;
  /** The most that an operation may cost. */
  readonly maxCost: number;
  /** Bytes that the data of an answer may have. */
  readonly maxResponseBytes: number;
}

/** A request for GraphQL, whatever it came by. */
export interface EngineRequest {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Variables;
}

/** An operation that may be executed: it is valid, and not too expensive. */
export interface PreparedOperation {
  readonly name: string | undefined;
  readonly type: OperationTypeNode;
  readonly cost: OperationCost;
  /** What each of its fields costs by itself, by paths in the answer. */
  readonly fieldCosts: () => FieldCosts;
  readonly execute: (context: unknown) => Promise<Execution>;
}

/** What came of an operation. */
export interface Execution {
  /** `{"data":…}`; undefined where nothing was executed. */
  readonly data: Uint8Array | undefined;
  /** As they were thrown, with their locations; not masked yet. */
  readonly errors: readonly GraphQLError[];
}

/** Executes operations of any shape, whatever transport they come by. */
export interface Engine {
  /** @returns what can be executed, or why nothing can */
  prepare(request: EngineRequest): PreparedOperation | readonly GraphQLError[];
}

export function createEngine({ schema, copiesRows, maxCost, maxResponseBytes }: EngineOptions): Engine {
  const documents = createDocuments({
    served: schema,
    leaves: copiesRows ? withLeaves(schema) : undefined,
    introspection: introspectionSizes(schema),
  });

  const run = async (
    { executable }: OperationVariant,
    { operationName, variables }: EngineRequest,
    contextValue: unknown,
  ): Promise<Execution> => {
    const { document, schema: executed } = executable();
    const { data, errors = [] } = await execute({
      schema: executed,
      document,
      contextValue,
      variableValues: variables,
      operationName: operationName ?? null,
    });
    // Variables that are wrong: nothing was executed.
    if (data === undefined) {
      return { data, errors: errors.map((error) => requestError(error, 'BAD_USER_INPUT')) };
    }
    try {
      return { data: writeData(data, maxResponseBytes), errors };
    } catch (error) {
      if (!(error instanceof ResponseTooLargeError)) throw error;
      return { data: NO_DATA, errors: [responseTooLarge(maxResponseBytes)] };
    }
  };

  return {
    prepare(request) {
      const operation = documents.find(request.query, request.operationName);
      if (!('variant' in operation)) return operation;
      try {
        const { node } = operation;
        const variant = operation.variant(request.variables);
        const { cost, fieldCosts } = priceOf(variant.cost, request.variables, maxCost);
        return {
          name: node.name?.value,
          type: node.operation,
          cost,
          fieldCosts,
          execute: (context) => run(variant, request, context),
        };
      } catch (error) {
        if (!(error instanceof OperationLimitError)) throw error;
        return [new GraphQLError(error.message, { nodes: operation.node, originalError: error })];
      }
    },
  };
}

const NO_DATA = Buffer.from('{"data":null}');

function responseTooLarge(maxBytes: number): GraphQLError {
  const message = `The answer would have more than ${maxBytes} bytes; ask for fewer rows or fields at once.`;
  const originalError = new OperationLimitError('RESPONSE_TOO_LARGE', message, { maxBytes });
  return new GraphQLError(message, { originalError });
}
