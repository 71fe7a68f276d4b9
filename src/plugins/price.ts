import { type ExecutionArgs, type GraphQLSchema, OperationTypeNode } from 'graphql';
import { createEngine, type Engine, type EngineOptions, type PreparedOperation } from '../engine/index.ts';
import { Refusal } from '../server/refusal.ts';
import type { Finish } from './errors.ts';
import {
  type BeforeExecution,
  type GatewayContext,
  type GatewayPlugin,
  gatewayOf,
} from './gateway-request.ts';
import { refusedResult } from './refused-result.ts';

const forReadingOnly = new Refusal(
  'FORBIDDEN',
  'This access token is for reading only, and may not send mutations. Nothing was changed.',
  { status: 200 },
);

/**
 * Prepares an operation to be executed.
 *
 * @throws GraphQLError if it asks for too much; Refusal if its caller may not send it
 */
export type Prepare = (args: ExecutionArgs, context: GatewayContext) => PreparedOperation;

export function createPrepare(options: EngineOptions): Prepare {
  const engines = new WeakMap<GraphQLSchema, Engine>([[options.schema, createEngine(options)]]);
  /** Plugins may put a schema with other resolvers or fields in place of the gateway's. */
  const engineFor = (schema: GraphQLSchema): Engine => {
    const engine = engines.get(schema) ?? createEngine({ ...options, schema, copiesRows: false });
    engines.set(schema, engine);
    return engine;
  };
  return ({ schema, document, operationName, variableValues }, context) => {
    const operation = engineFor(schema).prepare(document, operationName ?? undefined, variableValues ?? {});
    const { isReadOnly } = gatewayOf(context).credentials;
    if (isReadOnly && operation.type === OperationTypeNode.MUTATION) throw forReadingOnly;
    return operation;
  };
}

/** What an operation costs, before anything is fetched; and whether its caller may send it. */
export function usePrice(prepare: Prepare, finish: Finish): GatewayPlugin {
  const price = ({ args, context, setResultAndStopExecution }: BeforeExecution): void => {
    const gateway = gatewayOf(context);
    if (context.socket !== undefined) context.socket.isValid = true;
    try {
      gateway.operation = prepare(args, context);
      const { name, type, documentHash } = gateway.operation;
      Object.assign(gateway.record, { name, type, documentHash });
    } catch (error) {
      setResultAndStopExecution(refusedResult(error, args, context, finish));
    }
  };
  return { onExecute: price, onSubscribe: price };
}
