import { type ExecutionArgs, type ExecutionResult, type GraphQLSchema, OperationTypeNode } from 'graphql';
import type { PreparedOperation } from '../engine/index.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { stringifyJson } from '../json/stringify-json.ts';
import { overloaded, Refusal } from '../server/refusal.ts';
import type { Finish } from './errors.ts';
import type { Executions } from './executions.ts';
import {
  type GatewayContext,
  type GatewayPlugin,
  type GatewayRequest,
  gatewayOf,
} from './gateway-request.ts';
import type { CreateLoaders } from './loaders-context.ts';
import type { Prepare } from './price.ts';
import { refusedResult } from './refused-result.ts';
import { textResult } from './result.ts';
import type { Given, Subscribe } from './subscriptions.ts';

export interface ExecutionOptions {
  /** The gateway's own. */
  readonly schema: GraphQLSchema;
  readonly prepare: Prepare;
  readonly executions: Executions;
  readonly createLoaders: CreateLoaders;
  readonly subscribe: Subscribe;
  readonly finish: Finish;
}

/**
 * Executes operations by the engine: each within its time, identical ones of one caller once. Where a plugin has
 * replaced the schema, the document or the variables, it is prepared anew, and executed alone: resolvers find the
 * context of Yoga beside the loaders.
 */
export function useExecution({
  schema,
  prepare,
  executions,
  createLoaders,
  subscribe,
  finish,
}: ExecutionOptions): GatewayPlugin {
  /** How many operations had to be executed for themselves. */
  let unshared = 0;

  const run = async (
    args: ExecutionArgs,
    context: GatewayContext,
    { operation, isChanged, createLoaders: create }: Given,
  ): Promise<ExecutionResult> => {
    const { record, credentials, signal, held } = gatewayOf(context);
    const { type, charge } = operation;
    record.isJoined = true;
    try {
      const { data, errors } = await executions.run({
        operation,
        credentials,
        signal,
        // A mutation is never shared.
        key:
          type === OperationTypeNode.MUTATION || isChanged
            ? `alone ${++unshared}`
            : keyOf(operation, args.variableValues),
        createContext: (patience) => {
          record.isJoined = false;
          return create({ record, credentials, type, charge }, patience);
        },
      });
      record.bytes = data?.length ?? 0;
      if (!held.wait(record.bytes)) throw overloaded;
      return textResult(data, errors.length === 0 ? [] : finish(errors, context, data === undefined));
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      record.isJoined = false;
      return refusedResult(Refusal.of(error) ?? error, args, context, finish);
    }
  };

  /** Remembers what was priced: plugins may change the arguments themselves. */
  const givenFor = ({ document, variableValues }: ExecutionArgs, context: GatewayContext) => {
    const operation = operationOf(gatewayOf(context));
    return (args: ExecutionArgs): Given => {
      const isSame =
        args.schema === schema && args.document === document && args.variableValues === variableValues;
      if (isSame) return { operation, isChanged: false, createLoaders };
      return {
        operation: prepare(args, context),
        isChanged: true,
        createLoaders: (request, signal) => beside(createLoaders(request, signal), context),
      };
    };
  };

  /** Executes what is given at last, or says why that is refused. */
  const orRefused = <Result>(
    args: ExecutionArgs,
    context: GatewayContext,
    execute: () => Result,
  ): Result | ExecutionResult => {
    try {
      return execute();
    } catch (error) {
      return refusedResult(error, args, context, finish);
    }
  };

  return {
    onExecute({ args, context, setExecuteFn }) {
      const given = givenFor(args, context);
      setExecuteFn((last: ExecutionArgs) => orRefused(last, context, () => run(last, context, given(last))));
    },
    onSubscribe({ args, context, setSubscribeFn }) {
      const given = givenFor(args, context);
      setSubscribeFn((last: ExecutionArgs) =>
        orRefused(last, context, () => subscribe(given(last), context)),
      );
    },
  };
}

/** Adds to the context of resolvers what plugins have put into the one of Yoga. */
function beside<Loaders extends object>(loaders: Loaders, context: GatewayContext): Loaders {
  const others = Object.entries(context).filter(([name]) => !(name in loaders));
  return Object.assign(loaders, Object.fromEntries(others));
}

function operationOf({ operation }: GatewayRequest): PreparedOperation {
  if (operation === undefined) throw new Error('The operation has no price');
  return operation;
}

function keyOf({ documentHash, name }: PreparedOperation, variables: unknown): string {
  return `${documentHash} ${name} ${stringifyJson(variables ?? null)}`;
}
