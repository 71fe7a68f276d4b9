import { type ExecutionArgs, type ExecutionResult, GraphQLError, GraphQLSchema, parse } from 'graphql';
import { type FetchAPI, isAsyncIterable } from 'graphql-yoga';
import { isObject, parseInputJson } from '../../json/parse-json.ts';
import type { SocketOperation } from '../../plugins/gateway-request.ts';
import { hasData } from '../../plugins/text-result.ts';
import type { Answer } from '../handlers.ts';
import { Refusal } from '../refusal.ts';

type Result = ExecutionResult | AsyncIterableIterator<ExecutionResult>;

export interface OperationRequest {
  /** The address of GraphQL as the client knows it. */
  readonly url: string;
  /** The headers of the upgrade, merged with those of `connection_init`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parameters, as the client sent them. */
  readonly payload: { readonly query: string };
  /** The size of the message in bytes. */
  readonly bytes: number;
  readonly requestId: string;
}

/** Arguments of an execution for graphql-ws, with the result that Yoga has already returned. */
interface Executed extends ExecutionArgs {
  readonly result: Result;
}
const schema = new GraphQLSchema({});
const document = parse('{ executed }');

/**
 * Sends an operation through Yoga as a POST whose result replaces the response, so that every hook of every plugin runs.
 * Each operation is a request of its own, since plugins remember which requests they have checked.
 *
 * @param over aborts when the client completes the operation or disconnects, and when all results are sent
 * @returns errors if there is no valid operation to execute
 */
export async function answerOperation(
  answer: Answer,
  { Request }: Pick<FetchAPI, 'Request'>,
  { url, headers, payload, bytes, requestId }: OperationRequest,
  over: AbortController,
): Promise<Executed | readonly GraphQLError[]> {
  const { signal } = over;
  let result: Result | undefined;
  const { query, ...others } = payload;
  const socket: SocketOperation = {
    // The protocol requires a query, also if the document is sent by an id.
    params: query === '' ? others : { query, ...others },
    headers,
    over,
    bytes,
    takeResult: (taken) => void (result = taken),
  };
  const whenOver = (end: () => void): void => {
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  };
  const all = { ...headers, 'content-type': 'application/json', accept: '*/*', 'x-request-id': requestId };
  const request = new Request(url, { method: 'POST', headers: all, signal });
  const response = await answer(request, { socket, whenOver });
  if (result === undefined) return errorsOf(await response.text(), requestId);
  if (isAsyncIterable(result)) {
    Object.assign(result, { return: endOf(over, result.return?.bind(result)) });
  } else if (socket.isValid !== true && !hasData(result) && result.errors) return result.errors;
  return { schema, document, result };
}

/** Returns the result to graphql-ws, which would execute the operation here. */
export function resultOf(args: ExecutionArgs): Result {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- graphql-ws passes on what `onSubscribe` has returned.
  return (args as Executed).result;
}

/** Returns the errors in a response of the gateway or of a plugin, if there is no result. */
export function errorsOf(body: string, requestId: string): readonly GraphQLError[] {
  const errors = readErrors(body);
  return (errors.length > 0 ? errors : readErrors(endedByPlugin.body(requestId))).map((error) => {
    const { message, extensions }: { message?: unknown; extensions?: unknown } = Object(error);
    return new GraphQLError(
      typeof message === 'string' ? message : '',
      isObject(extensions) ? { extensions } : {},
    );
  });
}

function readErrors(body: string): readonly unknown[] {
  try {
    const { errors }: { errors?: unknown } = Object(parseInputJson(body));
    return Array.isArray(errors) ? errors : [];
  } catch {
    return [];
  }
}

const endedByPlugin = new Refusal('FORBIDDEN', 'A plugin has refused the operation.');

/** An iterator for graphql-ws to end when a client completes an operation without a result yet. */
export function ending(over: AbortController): AsyncGenerator<ExecutionResult> {
  return Object.assign((async function* () {})(), { return: endOf(over) });
}

/** Returns an iterator's `return`, which never rejects: graphql-ws would not catch the error, and the process would end. */
function endOf(over: AbortController, end?: () => Promise<unknown>) {
  return async () => {
    over.abort();
    await end?.().catch(() => undefined);
    return { done: true as const, value: undefined };
  };
}
