import {
  type ExecutionArgs,
  type ExecutionResult,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  OperationTypeNode,
} from 'graphql';
import {
  COST_HEADER,
  type GatewayContext,
  type GatewayPlugin,
  gatewayOf,
} from '../access/gateway-request.ts';
import { REQUEST_CHARGE } from '../access/rate-limit.ts';
import { overloaded, Refusal } from '../access/refusal.ts';
import { createEngine, type EngineOptions, nullEntities, type PreparedOperation } from '../engine/index.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { stringifyJson } from '../json/stringify-json.ts';
import { memoize } from '../runs/memoize.ts';
import { createExecutionScheduler, type ExecutionSchedulerOptions } from './execution-scheduler.ts';
import type { CreateLoaders } from './loaders-context.ts';
import type { Documents } from './parse-and-validate.ts';
import { bytesOfErrors, type ConvertErrors } from './result-errors.ts';
import { createSubscribe, type SubscribeOptions } from './subscriptions.ts';
import { textResult } from './text-result.ts';

export interface ExecutionOptions
  extends EngineOptions, ExecutionSchedulerOptions, Omit<SubscribeOptions, 'scheduler'> {
  readonly createLoaders: CreateLoaders;
  readonly convertErrors: ConvertErrors;
  /** Undefined with users' plugins. Without plugins, only mutations go through Envelop, which takes time and memory. */
  readonly documents: Documents | undefined;
}

const readOnlyToken = new Refusal(
  'FORBIDDEN',
  'This access token is read-only, and may not send mutations. Nothing was changed.',
  { status: 200 },
);

/** Not retryable, since a retry would execute the mutation again. */
const tooMuchUnread = new Refusal(
  'OVERLOADED',
  'The mutation was executed, but this caller has too many unread answers to be sent this one: read the runs again before you repeat it.',
  { extensions: { retryable: false } },
);

/**
 * Prices, charges and executes operations by the engine. With plugins of users, which may change what an operation selects,
 * no execution is shared, and resolvers find the context of Yoga beside the loaders.
 */
export function useExecution(options: ExecutionOptions): GatewayPlugin {
  const { schema, rateLimit, createLoaders, convertErrors, documents } = options;
  const engine = createEngine(options);
  const hasPlugins = documents === undefined;
  /** Plugins may replace the schema by one with other resolvers or fields. */
  const engineFor = memoize((served: GraphQLSchema) =>
    served === schema ? engine : createEngine({ ...options, schema: served, rowCopying: false }),
  );
  const scheduler = createExecutionScheduler(options);
  const subscribe = createSubscribe({ ...options, scheduler });
  /** Counts the operations whose executions are not shared. */
  let unshared = 0;

  /** @throws GraphQLError or Refusal for an operation that its caller may not send */
  const prepare = (args: ExecutionArgs, context: GatewayContext): PreparedOperation => {
    const { credentials, record } = gatewayOf(context);
    const { document, operationName, variableValues } = args;
    const operation = engineFor(args.schema).prepare(
      document,
      operationName ?? undefined,
      variableValues ?? {},
    );
    if (credentials.isReadOnly && operation.type === OperationTypeNode.MUTATION) throw readOnlyToken;
    record.documentHash = operation.documentHash;
    return operation;
  };

  const execute = async (
    operation: PreparedOperation,
    create: CreateLoaders,
    key: string,
    context: GatewayContext,
  ): Promise<ExecutionResult> => {
    const { record, credentials, signal, memory, headers } = gatewayOf(context);
    const { type, chargedCost, cost, fieldCosts } = operation;
    let isJoined = true;
    const { data, errors } = await scheduler.run({
      operation,
      credentials,
      signal,
      key,
      createContext: (workSignal, held) => {
        isJoined = false;
        return create({ record, credentials, type, chargedCost }, workSignal, held);
      },
    });
    record.isJoined = isJoined;
    record.bytes = data?.length ?? 0;
    const converted = errors.length === 0 ? [] : convertErrors(errors, context, data === undefined);
    if (!memory.add(record.bytes + bytesOfErrors(converted)))
      throw type === OperationTypeNode.MUTATION ? tooMuchUnread : overloaded;
    const result = textResult(data, converted);
    if (headers[COST_HEADER] !== '1' || data === undefined) return result;
    return Object.assign(result, { extensions: { cost: { estimated: cost, fields: fieldCosts() } } });
  };

  /** Returns a function of the final arguments: plugins may replace them, or change them in place. */
  const withPrepared =
    (run: typeof execute | typeof subscribe, context: GatewayContext) => async (args: ExecutionArgs) => {
      try {
        const operation = prepare(args, context);
        const { account } = gatewayOf(context).credentials;
        if (rateLimit) await rateLimit.charge(account, operation.chargedCost, REQUEST_CHARGE);
        const isShared = !hasPlugins && operation.type !== OperationTypeNode.MUTATION;
        const key = isShared ? keyOf(operation, args.variableValues) : `alone ${++unshared}`;
        const create = hasPlugins ? withPluginContext(createLoaders, context) : createLoaders;
        return await run(operation, create, key, context);
      } catch (error) {
        if (!(error instanceof GatewayError || error instanceof GraphQLError)) throw error;
        // Whatever the reason, routers get data, with null for each entity: some lose the error's code otherwise.
        const data = nullEntities(args);
        return textResult(data, convertErrors([error], context, data === undefined));
      }
    };

  return {
    onParams({ context, paramsHandler, setParamsHandler }) {
      if (documents === undefined) return;
      setParamsHandler((payload) => {
        const { query = '', operationName, variables } = payload.params;
        const document = documents.parse(query);
        const { operation } = getOperationAST(document, operationName) ?? {};
        // Subscriptions by multipart go through Envelop, since Yoga refuses them in one of its hooks.
        const isDirect =
          operation === OperationTypeNode.QUERY ||
          (operation === OperationTypeNode.SUBSCRIPTION &&
            !/multipart/i.test(String(gatewayOf(context).headers['accept'])));
        if (!isDirect) return paramsHandler(payload);
        const errors = documents.validate(schema, document);
        if (errors.length > 0) return { errors };
        const args = { schema, document, operationName, variableValues: variables, contextValue: context };
        noteOperation(args, context);
        const run = operation === OperationTypeNode.QUERY ? execute : subscribe;
        return withPrepared(run, context)(args);
      });
    },
    onExecute({ args, context, setExecuteFn }) {
      noteOperation(args, context);
      setExecuteFn(withPrepared(execute, context));
    },
    onSubscribe({ args, context, setSubscribeFn }) {
      noteOperation(args, context);
      setSubscribeFn(withPrepared(subscribe, context));
    },
  };
}

/** Enters the operation in the request's record, also if a plugin executes it in the gateway's place. */
function noteOperation({ document, operationName }: ExecutionArgs, context: GatewayContext): void {
  const node = getOperationAST(document, operationName);
  Object.assign(gatewayOf(context).record, { name: node?.name?.value, type: node?.operation });
  if (context.socket !== undefined) context.socket.isValid = true;
}

/** Adds the context that plugins have built to that of resolvers. */
function withPluginContext(createLoaders: CreateLoaders, context: GatewayContext): CreateLoaders {
  return (...request) => {
    const loaders = createLoaders(...request);
    const others = Object.entries(context).filter(([name]) => !(name in loaders));
    return Object.assign(loaders, Object.fromEntries(others));
  };
}

function keyOf({ documentHash, name }: PreparedOperation, variables: unknown): string {
  const text = stringifyJson(variables ?? null);
  return `${documentHash} ${name} ${text.includes('null') ? stringifyJson(variables ?? null, withInfinity) : text}`;
}

/** Lets infinite numbers, to which 1e400 is parsed, differ from null, as which they are written. */
function withInfinity(_key: string, value: unknown): unknown {
  if (value === Infinity) return JSON.rawJSON('1e400');
  return value === -Infinity ? JSON.rawJSON('-1e400') : value;
}
