import type { ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';
import type { GraphQLParams, Plugin, YogaServerInstance } from 'graphql-yoga';
import type { GatewayContext } from '../../plugins/gateway-request.ts';
import type { SentHeaders } from '../access.ts';
import { Refusal } from '../refusal.ts';
import { textsOf } from './messages.ts';

export type GatewayYoga = YogaServerInstance<GatewayContext, object>;

/** An operation that came by a WebSocket, with how it is executed. */
export interface SocketOperation extends ExecutionArgs {
  readonly contextValue: GatewayContext;
  readonly execute: (args: ExecutionArgs) => Promise<ExecutionResult>;
  readonly subscribe: (args: ExecutionArgs) => Promise<ExecutionResult>;
}

/**
 * Prepares an operation by the recipe of Yoga for graphql-ws, so that it goes through the same plugins as one that came
 * by HTTP. The recipe leaves out what is called here: `onRequestParse`, by which plugins learn of a request, and
 * `onParams`, by which documents have ids and requests are charged.
 *
 * @param request stands for the one that the operation would have come by
 * @throws what plugins throw, or what is wrong with the document
 */
export async function prepareOperation(
  yoga: GatewayYoga,
  sent: object,
  request: Request,
  gateway: Pick<GatewayContext, 'gateway' | 'requestId'>,
): Promise<SocketOperation | readonly GraphQLError[]> {
  const { fetchAPI, waitUntil } = yoga;
  const context = { ...gateway, request, params: { ...sent } as GraphQLParams, waitUntil };
  // The protocol requires a text, also where a document has an id.
  if (context.params.query === '') delete context.params.query;
  const url = new URL(request.url);
  let result: ExecutionResult | undefined;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Its types keep to themselves that all plugins are there, those of Yoga as well.
  const { plugins } = yoga as unknown as { readonly plugins: readonly Hooks[] };
  for (const { onRequestParse } of plugins) {
    const parsed = await onRequestParse?.({
      request,
      url,
      serverContext: context,
      fetchAPI,
      requestParser: undefined,
      // Nothing is left to parse.
      setRequestParser: () => undefined,
      endResponse() {
        throw endedByPlugin;
      },
    });
    await parsed?.onRequestParseDone?.({
      requestParserResult: context.params,
      setRequestParserResult(changed) {
        if (!Array.isArray(changed)) context.params = changed;
      },
    });
  }
  for (const { onParams } of plugins) {
    await onParams?.({
      request,
      context,
      params: context.params,
      setParams: (changed) => void (context.params = changed),
      setResult: (early) => void (result = early),
      // Nothing is handled but by the standard pipeline.
      paramsHandler: () => undefined,
      setParamsHandler: () => undefined,
      fetchAPI,
    });
  }
  const { schema, parse, validate, contextFactory, execute, subscribe } = yoga.getEnveloped(context);
  const { query = '', operationName, variables } = context.params;
  const document = parse(query);
  const errors = validate(schema, document);
  if (errors.length > 0) return errors;
  const early = result;
  return {
    schema,
    document,
    operationName: operationName ?? null,
    variableValues: variables ?? {},
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- It is the context from above, with more in it.
    contextValue: (await contextFactory()) as GatewayContext,
    execute: early === undefined ? execute : () => early,
    subscribe: early === undefined ? subscribe : () => early,
  };
}

/** Creates what stands for a request by HTTP, for plugins: a new one for each operation, as they remember whom they have checked. */
export function requestOf(
  yoga: GatewayYoga,
  endpoint: string,
  headers: SentHeaders,
  signal: AbortSignal,
): Request {
  const { host = 'localhost' } = headers;
  return new yoga.fetchAPI.Request(`http://${String(host)}${endpoint}`, {
    method: 'POST',
    headers: { ...textsOf(headers), 'content-type': 'application/json' },
    signal,
  });
}

const endedByPlugin = new Refusal('FORBIDDEN', 'A plugin has refused the operation.');

interface Hooks {
  readonly onRequestParse?: Plugin<object, GatewayContext>['onRequestParse'];
  readonly onParams?: ParamsHook;
}

/** The hook of Yoga's plugins that its types keep to itself, as it is called here. */
type ParamsHook = (payload: {
  readonly request: Request;
  readonly context: object;
  readonly params: GraphQLParams;
  readonly setParams: (params: GraphQLParams) => void;
  readonly setResult: (result: ExecutionResult) => void;
  readonly paramsHandler: () => void;
  readonly setParamsHandler: () => void;
  readonly fetchAPI: GatewayYoga['fetchAPI'];
}) => unknown;
