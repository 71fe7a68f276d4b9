import { type ExecutionArgs, GraphQLError, GraphQLSchema, parse } from 'graphql';
import { type FetchAPI, isAsyncIterable } from 'graphql-yoga';
import type { SocketOperation } from '../../access/gateway-request.ts';
import { Refusal } from '../../access/refusal.ts';
import { isObject, parseInputJson } from '../../json/parse-json.ts';
import type { AnswerRequest } from '../handlers.ts';

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
  /** Sends the JSON of a result. */
  readonly send: (result: Uint8Array) => Promise<void>;
}

type TakenResults = Parameters<SocketOperation['takeResults']>;

/** Arguments of an execution for graphql-ws, with the results that Yoga has already returned. */
interface Executed extends ExecutionArgs {
  readonly results: AsyncGenerator<never>;
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
  answer: AnswerRequest,
  { Request }: Pick<FetchAPI, 'Request'>,
  { url, headers, payload, bytes, requestId, send }: OperationRequest,
  over: AbortController,
): Promise<Executed | readonly GraphQLError[]> {
  const { signal } = over;
  let taken: TakenResults | undefined;
  const { query, ...others } = payload;
  const socket: SocketOperation = {
    // The protocol requires a query, also if the document is sent by an id.
    params: query === '' ? others : { query, ...others },
    headers,
    over,
    bytes,
    takeResults: (...results) => void (taken = results),
  };
  const whenOver = (end: () => void): void => {
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  };
  const all = { ...headers, 'content-type': 'application/json', accept: '*/*', 'x-request-id': requestId };
  const request = new Request(url, { method: 'POST', headers: all, signal });
  const response = await answer(request, { socket, whenOver });
  if (taken === undefined) return errorsOf(await response.text(), requestId);
  const [, , errors] = taken;
  if (socket.isValid !== true && errors.length > 0) return errors;
  return { schema, document, results: sending(taken, send, over) };
}

/** Returns the results to graphql-ws, which would execute the operation here. */
export function resultsOf(args: ExecutionArgs): AsyncGenerator<never> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- graphql-ws passes on what `onSubscribe` has returned.
  return (args as Executed).results;
}

/** An iterator without values, that sends results while graphql-ws waits for one, which it would parse and write again. */
function sending(
  [results, textOf]: TakenResults,
  send: OperationRequest['send'],
  over: AbortController,
): AsyncGenerator<never> {
  const iterator = isAsyncIterable(results) ? results[Symbol.asyncIterator]() : undefined;
  const source = iterator === undefined ? results : { [Symbol.asyncIterator]: () => iterator };
  // oxlint-disable-next-line require-yield -- It sends instead.
  const sendAll = async function* (): AsyncGenerator<never> {
    try {
      for await (const result of source) await send(textOf(result));
    } catch (error) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Converted like any error of a plugin.
      await send(textOf({ errors: [error as GraphQLError] }));
    }
  };
  return Object.assign(sendAll(), { return: endOf(over, iterator?.return?.bind(iterator)) });
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
export function ending(over: AbortController): AsyncGenerator<never> {
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
