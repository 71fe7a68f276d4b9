import { addAbortListener } from 'node:events';
import type { ExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';
import { type FetchAPI, isAsyncIterable } from 'graphql-yoga';
import { REQUEST_ENDED, type SocketOperation } from '../../access/gateway-request.ts';
import { Refusal } from '../../access/refusal.ts';
import { isObject, parseInputJson } from '../../json/parse-json.ts';
import { formatted } from '../../operations/text-result.ts';
import type { RequestHandler } from '../handlers.ts';

interface OperationRequest extends Pick<SocketOperation, 'bytes' | 'credentials' | 'connection'> {
  /** The address of GraphQL as the client knows it. */
  readonly url: string;
  /** The headers of the upgrade, merged with those of `connection_init`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parameters, as the client sent them. */
  readonly payload: { readonly query: string };
  readonly requestId: string;
  /** Sends the JSON of a result. */
  readonly send: (result: Uint8Array) => Promise<void>;
  /** Aborts when the client completes the operation or disconnects, and when it has ended. */
  readonly controller: AbortController;
}

/** An operation as a client has sent it. */
export type ClientOperation = Pick<OperationRequest, 'payload' | 'bytes' | 'send' | 'controller'>;

type TakenResults = Parameters<SocketOperation['takeResults']>;

/**
 * Returns a function that sends an operation through Yoga as a POST whose results replace the response, so that every hook
 * of every plugin runs. Each operation is a request of its own, since plugins remember which requests they have checked.
 *
 * It resolves when all results are sent; to errors, if there is no valid operation to execute.
 */
export function createOperationHandler(handle: RequestHandler, { Request }: Pick<FetchAPI, 'Request'>) {
  return async (operation: OperationRequest): Promise<readonly GraphQLFormattedError[] | undefined> => {
    const { url, headers, payload, requestId, send, controller, ...about } = operation;
    const { signal } = controller;
    let taken: TakenResults | undefined;
    const { query, ...others } = payload;
    const socket: SocketOperation = {
      ...about,
      headers,
      // The protocol requires a query, also if the document is sent by an id.
      params: query === '' ? others : { query, ...others },
      takeResults: (...results) => void (taken = results),
    };
    const all = { ...headers, 'content-type': 'application/json', accept: '*/*', 'x-request-id': requestId };
    const request = new Request(url, { method: 'POST', headers: all, signal });
    try {
      const response = await handle(request, { socket, signal });
      const results: TakenResults | undefined = taken;
      if (results === undefined) return errorsOf(await response.text(), requestId);
      const [, , errors] = results;
      if (socket.isValid !== true && errors.length > 0) return errors.map(formatted);
      return await sendResults(results, send, signal);
    } finally {
      controller.abort(REQUEST_ENDED);
    }
  };
}

export type OperationHandler = ReturnType<typeof createOperationHandler>;

async function sendResults(
  [results, textOf]: TakenResults,
  send: OperationRequest['send'],
  signal: AbortSignal,
): Promise<undefined> {
  const sendNext = async (result: ExecutionResult): Promise<void> => {
    if (!signal.aborted) await send(textOf(result));
  };
  try {
    if (!isAsyncIterable(results)) {
      for (const result of results) await sendNext(result);
      return;
    }
    const iterator = results[Symbol.asyncIterator]();
    const end = () => iterator.return?.();
    using _ending = addAbortListener(signal, () => void Promise.try(end).catch(() => undefined));
    for await (const result of { [Symbol.asyncIterator]: () => iterator }) {
      if (signal.aborted) return;
      await sendNext(result);
    }
  } catch (error) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Converted like any error of a plugin.
    await sendNext({ errors: [error as GraphQLError] });
  }
}

/** Returns the errors in a response of the gateway or of a plugin, if there is no result. */
export function errorsOf(body: string, requestId: string): readonly GraphQLFormattedError[] {
  const errors = readErrors(body);
  return errors.length > 0 ? errors : readErrors(endedByPlugin.body(requestId));
}

function readErrors(body: string): readonly GraphQLFormattedError[] {
  try {
    const { errors }: { errors?: unknown } = Object(parseInputJson(body));
    return Array.isArray(errors) ? errors.filter(isError) : [];
  } catch {
    return [];
  }
}

const isError = (error: unknown): error is GraphQLFormattedError =>
  isObject(error) && typeof error['message'] === 'string';

const endedByPlugin = new Refusal('FORBIDDEN', 'A plugin has refused the operation.');
