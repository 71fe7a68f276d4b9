import { addAbortListener } from 'node:events';
import { type ExecutionArgs, type ExecutionResult, GraphQLError, GraphQLSchema, parse } from 'graphql';
import { type FetchAPI, isAsyncIterable } from 'graphql-yoga';
import { REQUEST_ENDED, type SocketOperation } from '../../access/gateway-request.ts';
import { Refusal } from '../../access/refusal.ts';
import { isObject, parseInputJson } from '../../json/parse-json.ts';
import type { RequestHandler } from '../handlers.ts';

interface OperationRequest {
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

/** An operation that Yoga has executed, as graphql-ws expects an operation to execute. */
interface ExecutedOperation extends ExecutionArgs {
  /** Sends the results until the operation has ended. Never rejects. */
  readonly sendResults: () => Promise<void>;
}
const schema = new GraphQLSchema({});
const document = parse('{ executed }');

/**
 * Returns a function that sends an operation through Yoga as a POST whose result replaces the response, so that every hook
 * of every plugin runs. Each operation is a request of its own, since plugins remember which requests they have checked.
 *
 * The controller aborts when the client completes the operation or disconnects, and when all results are sent. Errors are
 * returned if there is no valid operation to execute.
 */
export function createAnswerOperation(answer: RequestHandler, { Request }: Pick<FetchAPI, 'Request'>) {
  return async (
    { url, headers, payload, bytes, requestId, send }: OperationRequest,
    controller: AbortController,
  ): Promise<ExecutedOperation | readonly GraphQLError[]> => {
    const { signal } = controller;
    let taken: TakenResults | undefined;
    const { query, ...others } = payload;
    const socket: SocketOperation = {
      // The protocol requires a query, also if the document is sent by an id.
      params: query === '' ? others : { query, ...others },
      headers,
      bytes,
      takeResults: (...results) => void (taken = results),
    };
    const all = { ...headers, 'content-type': 'application/json', accept: '*/*', 'x-request-id': requestId };
    const request = new Request(url, { method: 'POST', headers: all, signal });
    const response = await answer(request, { socket, signal });
    const results: TakenResults | undefined = taken;
    const errors = results?.[2] ?? errorsOf(await response.text(), requestId);
    if (results !== undefined && (socket.isValid === true || errors.length === 0)) {
      return { schema, document, sendResults: () => sendResults(results, send, controller) };
    }
    controller.abort(REQUEST_ENDED);
    return errors;
  };
}

export type AnswerOperation = ReturnType<typeof createAnswerOperation>;

/** Sends the results for graphql-ws, which would parse and write each one, and returns none. */
export async function executeForSocket(args: ExecutionArgs): Promise<AsyncGenerator<never>> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- graphql-ws passes on what `onSubscribe` has returned.
  await (args as ExecutedOperation).sendResults();
  return noResults();
}

async function* noResults(): AsyncGenerator<never> {}

/**
 * What graphql-ws ends when a client completes an operation or disconnects. Its `return` never rejects: graphql-ws would not
 * catch the error, and the process would end.
 *
 * @param sending the latest result, which counts as memory until the client has read it
 */
export function openOperation(
  controller: AbortController,
  sending: () => Promise<void> | undefined,
): AsyncGenerator<never> {
  const end = async () => {
    await sending();
    controller.abort(REQUEST_ENDED);
    return { done: true as const, value: undefined };
  };
  return Object.assign(noResults(), { return: end });
}

async function sendResults(
  [results, textOf]: TakenResults,
  send: OperationRequest['send'],
  controller: AbortController,
): Promise<void> {
  const { signal } = controller;
  const iterator = isAsyncIterable(results) ? results[Symbol.asyncIterator]() : undefined;
  const source = iterator === undefined ? results : { [Symbol.asyncIterator]: () => iterator };
  const sendNext = async (result: ExecutionResult): Promise<void> => {
    if (!signal.aborted) await send(textOf(result));
  };
  using _closing = addAbortListener(
    signal,
    () => void Promise.try(() => iterator?.return?.()).catch(() => undefined),
  );
  try {
    for await (const result of source) await sendNext(result);
  } catch (error) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Converted like any error of a plugin.
    await sendNext({ errors: [error as GraphQLError] });
  }
  controller.abort(REQUEST_ENDED);
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
