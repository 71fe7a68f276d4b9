import { type ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, mapAsyncIterator, type YogaMaskedErrorOpts } from 'graphql-yoga';
import { ERROR_CODES, REFUSAL_CODES } from '../errors/error-codes.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { stringifyJson } from '../json/stringify-json.ts';
import type { Journal } from '../observability/journal.ts';
import { namesProject } from '../upstream/forwarded-headers.ts';
import { clientError } from './client-error.ts';
import type { GatewayContext, GatewayPlugin, GatewayRequest } from './gateway-request.ts';

/** The maximum size of the errors in one answer, in bytes. */
const MAX_ERROR_BYTES = 4 * 1024 * 1024;

/** Converts the errors of a result to those for the client. @param isAlone whether there is no data beside them */
export type Finish = (
  errors: readonly unknown[],
  context: GatewayContext,
  isAlone: boolean,
) => GraphQLError[];

/** @param journal receives what is unexpected, and failures of the upstream, each once for a result */
export function createFinish(journal: Pick<Journal, 'failed'>): Finish {
  return (errors, { gateway, requestId = '' }, isAlone) => {
    const { account, label, headers = {} } = gateway?.credentials ?? {};
    // One failed look-up fails every field that needs it.
    const reported = new Set<unknown>();
    const options = {
      requestId: gateway?.requestId ?? requestId,
      ofProject: namesProject(headers),
      isAlone,
      report(cause: unknown) {
        if (reported.has(cause)) return;
        reported.add(cause);
        journal.failed(cause, { requestId: options.requestId, account, label }, gateway?.signal.aborted);
      },
    };
    let bytes = 0;
    const finished = errors.map((error) => clientError(error, options));
    for (const error of finished) bytes += JSON.stringify(error).length;
    if (bytes <= MAX_ERROR_BYTES) return finished;
    const message = `There are ${errors.length} errors, which would exceed ${MAX_ERROR_BYTES} bytes.`;
    return [clientError(new GatewayError('RESPONSE_TOO_LARGE', message), options)];
  };
}

/**
 * How Yoga masks errors that plugins throw. What clients are told of them is said where the request is known; until
 * then a message stands for them that tells nothing.
 */
export const maskedErrors: YogaMaskedErrorOpts = {
  errorMessage: ERROR_CODES.INTERNAL_SERVER_ERROR.message,
  maskError(error, message) {
    if (error instanceof GraphQLError) return error;
    return new GraphQLError(message, {
      originalError: error instanceof Error ? error : new Error(String(error)),
    });
  },
};

/** The last word on the errors of a response, whoever made them; and on how it is written. */
export function useErrors(finish: Finish): GatewayPlugin {
  return {
    onResultProcess({ result, setResult, serverContext }) {
      if (Array.isArray(result)) return;
      if (isAsyncIterable(result)) return setResult(mapAsyncIterator(result, writable));
      if (result.errors === undefined) return setResult(writable(result));
      const isAlone = !('data' in result) || result.data === undefined;
      const errors = finish(result.errors, serverContext, isAlone);
      const { gateway } = serverContext;
      if (gateway !== undefined) recordErrors(gateway, errors);
      // The latest of the times that errors tell, also where other fields succeeded.
      const seconds = errors.map(({ extensions }) => Number(extensions['retryAfterSeconds'] ?? -1));
      serverContext.retryAfterSeconds = Math.max(-1, ...seconds);
      setResult(writable({ ...result, errors }));
    },
  };
}

/** Writes in the record of an operation what it came to. @param errors as its client gets them */
export function recordErrors({ record }: GatewayRequest, errors: readonly GraphQLError[] = []): void {
  const [error] = errors;
  if (error === undefined) return;
  const { code, http } = error.extensions;
  record.code = String(code);
  // What is wrong with a request may be in words of its client.
  const isRefused = REFUSAL_CODES.has(code) || (http !== undefined && !isRequestError(http));
  if (isRefused && code !== 'BAD_REQUEST') record.refusal = error.message;
}

function isRequestError(http: unknown): boolean {
  return typeof http === 'object' && http !== null && 'spec' in http && http.spec === true;
}

/** Values of users may be nested more deeply than `JSON.stringify` can write. */
function writable<Result extends ExecutionResult>(result: Result): Result {
  if ('stringify' in result) return result;
  return Object.defineProperty(result, 'stringify', { value: stringifyJson, configurable: true });
}
