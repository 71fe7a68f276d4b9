import {
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  OperationTypeNode,
} from 'graphql';
import type { PreparedOperation } from '../engine/index.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { stringifyJson } from '../json/stringify-json.ts';
import { Refusal } from '../server/refusal.ts';
import type { Finish } from './errors.ts';
import type { Executions } from './executions.ts';
import {
  type GatewayContext,
  type GatewayPlugin,
  type GatewayRequest,
  gatewayOf,
} from './gateway-request.ts';
import type { CreateLoaders } from './loaders-context.ts';
import { refusedResult } from './refused-result.ts';
import { textResult } from './result.ts';
import type { Subscribe } from './subscriptions.ts';

export interface ExecutionOptions {
  /** The gateway's own. */
  readonly schema: GraphQLSchema;
  readonly executions: Executions;
  readonly createLoaders: CreateLoaders;
  readonly subscribe: Subscribe;
  readonly finish: Finish;
}

/**
 * Executes operations by the engine: each within its time, identical ones of one caller once. Where a plugin has put
 * another schema in place of the gateway's, graphql-js executes them, with the same resolvers.
 */
export function useExecution({
  schema,
  executions,
  createLoaders,
  subscribe,
  finish,
}: ExecutionOptions): GatewayPlugin {
  /** How many operations had to be executed for themselves. */
  let unshared = 0;

  const run = async (args: ExecutionArgs, context: GatewayContext): Promise<ExecutionResult> => {
    const gateway = gatewayOf(context);
    const { record, credentials, signal } = gateway;
    const operation = operationOf(gateway);
    const { type, charge } = operation;
    record.isJoined = true;
    try {
      const { data, errors } = await executions.run({
        operation,
        credentials,
        signal,
        // A mutation is never shared.
        key:
          type === OperationTypeNode.MUTATION ? `alone ${++unshared}` : keyOf(operation, args.variableValues),
        createContext: (patience) => {
          record.isJoined = false;
          return createLoaders({ record, credentials, type, charge }, patience);
        },
      });
      record.bytes = data?.length ?? 0;
      return textResult(data, errors.length === 0 ? [] : finish(errors, context, data === undefined));
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      record.isJoined = false;
      return refusedResult(Refusal.of(error) ?? error, args, context, finish);
    }
  };

  return {
    onExecute({ args, context, setExecuteFn }) {
      const gateway = gatewayOf(context);
      const operation = operationOf(gateway);
      setExecuteFn((given: ExecutionArgs) => {
        if (given.schema === schema && given.document === args.document) return run(given, context);
        const { type, charge } = operation;
        const contextValue = createLoaders({ ...gateway, type, charge }, gateway.signal);
        return execute({ ...given, contextValue });
      });
    },
    onSubscribe({ args, context, setSubscribeFn }) {
      const operation = operationOf(gatewayOf(context));
      setSubscribeFn(() => subscribe(operation, args, context));
    },
  };
}

function operationOf({ operation }: GatewayRequest): PreparedOperation {
  if (operation === undefined) throw new Error('The operation has no price');
  return operation;
}

function keyOf({ documentHash, name }: PreparedOperation, variables: unknown): string {
  return `${documentHash} ${name} ${stringifyJson(variables ?? null)}`;
}
