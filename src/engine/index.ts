import {
  type DocumentNode,
  type ExecutionArgs,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { GatewayError } from '../errors/gateway-error.ts';
import { type FieldCosts, fieldCostsOf, priceWithinLimits } from './cost/limit-price.ts';
import { createReadArgument, type Variables } from './cost/price-arguments.ts';
import { createOperationVariants } from './documents/operation-variants.ts';
import { requestError } from './documents/parse-document.ts';
import { createSourceEventStream, execute } from './graphql-versions.ts';
import { VALUES_PER_CHARGE } from './limits.ts';
import { nullEntities } from './result/null-entities.ts';
import { writeData } from './result/write-data.ts';

export { nullEntities } from './result/null-entities.ts';
export { parseDocument, requestError, validateDocument } from './documents/parse-document.ts';
export { readRunList } from './rows/scanned-rows.ts';

export interface EngineOptions {
  /** The schema that clients see. */
  readonly schema: GraphQLSchema;
  /** Whether rows are copied; if not, every field is resolved by its resolver. */
  readonly rowCopying: boolean;
  /** The maximum cost of an operation. */
  readonly maxCost: number;
  /** The maximum size of the data in a response, in bytes. */
  readonly maxResponseBytes: number;
}

/** A valid operation, ready to be executed. */
export interface PreparedOperation {
  readonly name: string | undefined;
  readonly type: OperationTypeNode;
  /** By the GraphQL cost directives specification: `@cost` and `@listSize` in the schema. */
  readonly cost: number;
  /** The cost that the caller pays: more than `cost` for very many values, as by introspection. */
  readonly chargedCost: number;
  /** The SHA-256 of the text of the document. */
  readonly documentHash: string;
  /** Returns the costs of its most expensive fields, by path. */
  readonly fieldCosts: () => FieldCosts;
  /** @param event for a subscription, one of its events */
  readonly execute: (context: unknown, event?: unknown) => Promise<Execution>;
  /** Opens the events of a subscription, or returns the errors that prevent it, which are not masked yet. */
  readonly subscribe: (context: unknown) => Promise<AsyncIterable<unknown> | readonly GraphQLError[]>;
}

/** The result of an operation. */
export interface Execution {
  /** `{"data":…}`; undefined if nothing was executed. */
  readonly data: Uint8Array<ArrayBuffer> | undefined;
  /** The errors as thrown, with their locations; not masked yet. */
  readonly errors: readonly GraphQLError[];
}

/** Prices and executes operations, independent of the transport. */
export function createEngine({ schema, rowCopying, maxCost, maxResponseBytes }: EngineOptions) {
  const variantOf = createOperationVariants(schema, rowCopying);

  return {
    /**
     * Prepares an operation of a document that is valid.
     *
     * @throws GraphQLError if it can't be found, is not served, or asks for too much: then a GatewayError is its cause
     */
    prepare(
      document: DocumentNode,
      operationName: string | undefined,
      variables: Variables,
    ): PreparedOperation {
      const node = operationOf(schema, document, operationName);
      const variant = locating(node, () => variantOf(document, node, variables));
      const { selections, documentHash, executable } = variant;
      // The rules refuse it; a plugin may leave them out, and graphql-js would throw a TypeError.
      if (node.operation === OperationTypeNode.SUBSCRIPTION && selections.fields.length === 0) {
        const message = 'The subscription selects nothing: @skip or @include leaves its field out.';
        throw requestError(new GraphQLError(message, { nodes: node }), 'BAD_USER_INPUT');
      }
      const priced = { readArgument: createReadArgument(node, variables) };
      const { cost, values } = locating(node, () => priceWithinLimits(selections, priced, maxCost));
      const args: ExecutionArgs = {
        ...executable,
        variableValues: variables,
        operationName: operationName ?? null,
      };
      return {
        name: node.name?.value,
        type: node.operation,
        cost,
        chargedCost: Math.max(cost, Math.ceil(values / VALUES_PER_CHARGE)),
        documentHash,
        fieldCosts: () => fieldCostsOf(selections, priced),
        ...executing(args, maxResponseBytes),
      };
    },
  };
}

/** Executes a document. A function apart, so that the closures of a stream keep nothing else of its operation in memory. */
function executing(
  args: ExecutionArgs,
  maxResponseBytes: number,
): Pick<PreparedOperation, 'execute' | 'subscribe'> {
  return {
    async execute(contextValue, rootValue) {
      const { data, errors = [] } = await execute({ ...args, rootValue, contextValue });
      // The variables are invalid: nothing was executed.
      if (data === undefined) return { data: nullEntities(args), errors: errors.map(asVariableError) };
      try {
        return { data: writeData(data, maxResponseBytes), errors };
      } catch (error) {
        if (!(error instanceof GatewayError) || error.code !== 'RESPONSE_TOO_LARGE') throw error;
        const refusal = new GraphQLError(error.message, { originalError: error });
        return { data: nullEntities(args) ?? NULL_DATA, errors: [refusal] };
      }
    },
    async subscribe(contextValue) {
      const opened = await createSourceEventStream({ ...args, contextValue });
      if (Symbol.asyncIterator in opened) return opened;
      const { errors = [] } = opened;
      // Errors with a path come from the resolver of the field; others are about variables.
      return errors.some(({ path }) => path !== undefined) ? errors : errors.map(asVariableError);
    },
  };
}

/** Locates a refusal at the operation. */
function locating<Result>(node: OperationDefinitionNode, decide: () => Result): Result {
  try {
    return decide();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    throw new GraphQLError(error.message, { nodes: node, originalError: error });
  }
}

/** GetOperation of the specification. @throws GraphQLError if there is none, or the schema has no type for it */
function operationOf(schema: GraphQLSchema, document: DocumentNode, name: string | undefined) {
  const node = getOperationAST(document, name);
  if (!node) {
    const message =
      name === undefined
        ? 'Must provide operation name if query contains multiple operations.'
        : `Unknown operation named "${name}".`;
    throw requestError(new GraphQLError(message), 'OPERATION_RESOLUTION_FAILURE');
  }
  // The rules of graphql-js 16 let such an operation pass, and executing it would give data that is null.
  if (schema.getRootType(node.operation) == null) {
    const message = `Schema is not configured to execute ${node.operation} operation.`;
    throw requestError(new GraphQLError(message, { nodes: node }), 'GRAPHQL_VALIDATION_FAILED');
  }
  return node;
}

function asVariableError(error: GraphQLError): GraphQLError {
  return requestError(error, 'BAD_USER_INPUT');
}

const NULL_DATA = Buffer.from('{"data":null}');
