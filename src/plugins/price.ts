import { type ExecutionArgs, type ExecutionResult, type GraphQLSchema, OperationTypeNode } from 'graphql';
import { createEngine, type Engine, type EngineOptions } from '../engine/index.ts';
import { Refusal } from '../server/refusal.ts';
import type { Finish } from './errors.ts';
import { type GatewayContext, type GatewayPlugin, gatewayOf } from './gateway-request.ts';
import { refusedResult } from './refused-result.ts';

const forReadingOnly = new Refusal(
  'FORBIDDEN',
  'This access token is for reading only, and may not send mutations. Nothing was changed.',
  { status: 200 },
);

interface Hook {
  readonly args: ExecutionArgs;
  readonly context: GatewayContext;
  readonly setResultAndStopExecution: (result: ExecutionResult) => void;
}

/** What an operation costs, before anything is fetched; and whether its caller may send it. */
export function usePrice(options: EngineOptions, finish: Finish): GatewayPlugin {
  const engines = new WeakMap<GraphQLSchema, Engine>([[options.schema, createEngine(options)]]);
  /** Plugins may put a schema with other resolvers or fields in place of the gateway's. */
  const engineFor = (schema: GraphQLSchema): Engine => {
    const engine = engines.get(schema) ?? createEngine({ ...options, schema, copiesRows: false });
    engines.set(schema, engine);
    return engine;
  };
  const price = ({ args, context, setResultAndStopExecution }: Hook): void => {
    const gateway = gatewayOf(context);
    const { record, credentials } = gateway;
    try {
      const operation = engineFor(args.schema).prepare(
        args.document,
        args.operationName ?? undefined,
        args.variableValues ?? {},
      );
      gateway.operation = operation;
      record.name = operation.name;
      record.type = operation.type;
      record.documentHash = operation.documentHash;
      if (credentials.isReadOnly && operation.type === OperationTypeNode.MUTATION) throw forReadingOnly;
    } catch (error) {
      setResultAndStopExecution(refusedResult(error, args, context, finish));
    }
  };
  return { onExecute: price, onSubscribe: price };
}
