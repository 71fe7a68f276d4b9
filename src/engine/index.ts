import {
  createSourceEventStream,
  execute,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type OperationTypeNode,
} from 'graphql';
import { GatewayError } from '../errors/gateway-error.ts';
import { ResponseTooLargeError } from './answer/byte-writer.ts';
import { countValues } from './answer/count-values.ts';
import { writeData } from './answer/write-data.ts';
import type { FieldCosts, OperationCost } from './cost/price.ts';
import type { Variables } from './cost/read-argument.ts';
import { requestError } from './documents/check-document.ts';
import { completingMessages } from './documents/complete-messages.ts';
import { createDocuments } from './documents/documents.ts';
import { withLeaves } from './documents/leaves.ts';
import { nullEntities } from './documents/null-entities.ts';
import type { Executable, Operation, OperationVariant } from './documents/operation.ts';
import { maxValuesOf } from './limits.ts';

export { checkDocument } from './documents/check-document.ts';
export type { OperationCost } from './cost/price.ts';
export { WORK_PER_COST } from './limits.ts';
export { readRunList } from './rows/read-run-list.ts';

export interface EngineOptions {
  /** The schema that clients see. */
  readonly schema: GraphQLSchema;
  /** Whether rows are copied; if not, every field is resolved by its resolver. */
  readonly copiesRows: boolean;
  /** The maximum cost of an operation. */
  readonly maxCost: number;
  /** The maximum size of the data in an answer, in bytes. */
  readonly maxResponseBytes: number;
}

/** A GraphQL request, independent of the transport. */
export interface EngineRequest {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Variables;
}

/** A valid operation, ready to be executed. */
export interface PreparedOperation {
  readonly name: string | undefined;
  readonly type: OperationTypeNode;
  readonly cost: OperationCost;
  /** Why it is refused, whoever asks: it comes to nothing else, and has no price. */
  readonly refusal?: readonly GraphQLError[];
  /** The SHA-256 of the text of its document. */
  readonly documentHash: string;
  /** Returns the own costs of its most expensive fields, by path. */
  readonly fieldCosts: () => FieldCosts;
  /** Returns an estimate of the bytes that it keeps as long as it is executed. */
  readonly keptBytes: () => number;
  /** Returns the data of a refusal, if it has any: see `nullEntities`. */
  readonly refusedData: () => Uint8Array | undefined;
  /** @param event for a subscription, one of its events */
  readonly execute: (context: unknown, event?: unknown) => Promise<Execution>;
  /** Opens the events of a subscription, or returns the errors that prevent it, which are not masked yet. */
  readonly subscribe: (context: unknown) => Promise<Events | readonly GraphQLError[]>;
}

/** What a subscription executes its operation for, one after the other. */
export type Events = AsyncIterable<unknown>;

/** The result of an operation. */
export interface Execution {
  /** `{"data":…}`; undefined if nothing was executed. */
  readonly data: Uint8Array | undefined;
  /** As thrown, with their locations; not masked yet. */
  readonly errors: readonly GraphQLError[];
}

/** Validates, prices and executes operations, independent of the transport. */
export interface Engine {
  /** Returns the operation to execute, or the errors that prevent it. */
  prepare(request: EngineRequest): PreparedOperation | readonly GraphQLError[];
}

export function createEngine({ schema, copiesRows, maxCost, maxResponseBytes }: EngineOptions): Engine {
  const maxValues = maxValuesOf(maxCost);
  const counter = countValues(schema, maxValues);
  const documents = createDocuments({
    served: counter.schema,
    leaves: copiesRows ? withLeaves(counter.schema) : undefined,
    maxCost,
  });

  const run = async (
    node: OperationDefinitionNode,
    { executable, countsItems }: OperationVariant,
    { operationName, variables }: Omit<EngineRequest, 'query'>,
    contextValue: unknown,
    rootValue: unknown,
  ): Promise<Execution> => {
    const { document, schema: executed } = executable();
    const hasTooMany = countsItems ? counter.start(contextValue) : undefined;
    const { data, errors = [] } = await execute({
      schema: executed,
      document,
      rootValue,
      contextValue,
      variableValues: variables,
      operationName: operationName ?? null,
    });
    // The variables are invalid: nothing was executed.
    if (data === undefined) {
      return {
        data: nullEntities(node, variables),
        errors: variableErrors(errors, executable()),
      };
    }
    const nothing = (): Uint8Array => nullEntities(node, variables) ?? NULL_DATA;
    if (hasTooMany?.() === true) return { data: nothing(), errors: [tooManyValues(maxValues)] };
    try {
      return { data: writeData(data, maxResponseBytes), errors };
    } catch (error) {
      if (!(error instanceof ResponseTooLargeError)) throw error;
      return { data: nothing(), errors: [responseTooLarge(maxResponseBytes)] };
    }
  };

  return {
    prepare(request) {
      const operation = documents.find(request.query, request.operationName);
      if (!('variant' in operation)) return operation;
      try {
        const { node } = operation;
        if (schema.getRootType(node.operation) == null) return unserved(operation);
        // All that a subscription keeps of its request.
        const used = {
          operationName: request.operationName,
          variables: operation.declared(request.variables),
        };
        const variant = operation.variant(used.variables);
        const { cost, fieldCosts } = variant.priceOf(used.variables);
        return {
          name: node.name?.value,
          type: node.operation,
          cost,
          documentHash: operation.documentHash,
          fieldCosts,
          keptBytes: () => operation.keptBytes(used.variables),
          refusedData: () => nullEntities(node, used.variables),
          execute: (context, event) => run(node, variant, used, context, event),
          subscribe: (context) => open(variant, used, context),
        };
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        const errors = [new GraphQLError(error.message, { nodes: operation.node, originalError: error })];
        return failing(operation, { data: nullEntities(operation.node, request.variables), errors });
      }
    },
  };
}

/**
 * An operation of a type that the schema lacks: the rules of graphql-js 16 let it pass, and executing it would
 * give data that is null. It is prepared, because it may not even be sent by GET.
 */
function unserved(operation: Identified): PreparedOperation {
  const { node } = operation;
  const error = new GraphQLError(`Schema is not configured to execute ${node.operation} operation.`, {
    nodes: node,
  });
  return failing(operation, { data: undefined, errors: [requestError(error, 'GRAPHQL_VALIDATION_FAILED')] });
}

type Identified = Pick<Operation, 'node' | 'documentHash'>;

/** An operation that comes to nothing but errors. */
function failing({ node, documentHash }: Identified, execution: Execution): PreparedOperation {
  return {
    name: node.name?.value,
    type: node.operation,
    cost: { cost: 0, work: 0 },
    refusal: execution.errors,
    documentHash,
    fieldCosts: () => ({}),
    keptBytes: () => 0,
    refusedData: () => execution.data,
    execute: async () => execution,
    subscribe: async () => execution.errors,
  };
}

async function open(
  { executable }: OperationVariant,
  { operationName, variables }: Omit<EngineRequest, 'query'>,
  contextValue: unknown,
): Promise<Events | readonly GraphQLError[]> {
  const { document, schema: executed } = executable();
  const opened = await createSourceEventStream({
    schema: executed,
    document,
    contextValue,
    variableValues: variables,
    operationName: operationName ?? null,
  });
  if (Symbol.asyncIterator in opened) return opened;
  const { errors = [] } = opened;
  // What the field itself refuses has a path.
  return errors.some(({ path }) => path !== undefined) ? errors : variableErrors(errors, executable());
}

function variableErrors(
  errors: readonly GraphQLError[],
  { schema, written }: Executable,
): readonly GraphQLError[] {
  const message = completingMessages(schema, written);
  return errors.map((error) => requestError(error, 'BAD_USER_INPUT', message(error)));
}

const NULL_DATA = Buffer.from('{"data":null}');

function tooManyValues(maxValues: number): GraphQLError {
  const message = `The response would have more than ${maxValues} values; request fewer rows or fields at once.`;
  const originalError = new GatewayError('RESPONSE_TOO_LARGE', message, { maxValues });
  return new GraphQLError(message, { originalError });
}

function responseTooLarge(maxBytes: number): GraphQLError {
  const message = `The response would exceed ${maxBytes} bytes; request fewer rows or fields at once.`;
  const originalError = new GatewayError('RESPONSE_TOO_LARGE', message, { maxBytes });
  return new GraphQLError(message, { originalError });
}
