import type { ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, mapAsyncIterator, processRegularResult } from 'graphql-yoga';
import { jsonTypeFor } from '../access/accept-header.ts';
import type { GatewayContext, GatewayPlugin, GatewayRequest } from '../access/gateway-request.ts';
import { REFUSAL_CODES } from '../errors/error-codes.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { stringifyJson } from '../json/stringify-json.ts';
import type { Journal } from '../observability/journal.ts';
import { namesProject } from '../upstream/forwarded-headers.ts';
import { clientError } from './client-error.ts';
import { hasData } from './text-result.ts';

/** The maximum size of the errors in one response, in bytes. */
const MAX_ERROR_BYTES = 4 * 1024 * 1024;

/** Converts the errors of a result for the client. @param isAlone whether the result has no data */
export type ConvertErrors = (
  errors: readonly unknown[],
  context: Pick<GatewayContext, 'gateway' | 'requestId'>,
  isAlone: boolean,
) => GraphQLError[];

/** @param journal receives unexpected errors and failures of the upstream, each once for a result */
export function createConvertErrors(journal: Pick<Journal, 'failed'>): ConvertErrors {
  return (errors, { gateway, requestId = '' }, isAlone) => {
    const { account, label, headers = {} } = gateway?.credentials ?? {};
    // A failed look-up fails every field that needs it.
    const reported = new Set<unknown>();
    const options = {
      requestId,
      namesProject: namesProject(headers),
      isAlone,
      report(cause: unknown) {
        if (reported.has(cause)) return;
        reported.add(cause);
        journal.failed(cause, { requestId, account, label }, gateway?.signal.aborted);
      },
    };
    const clientErrors = errors.map((error) => clientError(error, options));
    if (bytesOfErrors(clientErrors) <= MAX_ERROR_BYTES) return clientErrors;
    const message = `There are ${errors.length} errors, which would exceed ${MAX_ERROR_BYTES} bytes.`;
    return [clientError(new GatewayError('RESPONSE_TOO_LARGE', message), options)];
  };
}

/** Returns how long the errors of a response are. */
export const bytesOfErrors = (errors: readonly GraphQLError[]): number =>
  errors.reduce((sum, error) => sum + JSON.stringify(error).length, 0);

/** Converts the errors of a result, also those of plugins, and sets how the result is serialized. */
export function withClientErrors(
  result: ExecutionResult,
  context: GatewayContext,
  convertErrors: ConvertErrors,
): ExecutionResult {
  const { errors } = result;
  if (errors === undefined) return serializable(result);
  const isAlone = !hasData(result);
  // For an aborted request, also one that was aborted while its body came, Yoga leaves an empty list of errors.
  const isAborted = errors.length === 0 && isAlone;
  const clientErrors = convertErrors(
    isAborted ? [new Error('The request was aborted')] : errors,
    context,
    isAlone,
  );
  const isUnchanged = clientErrors.every((error, at) => error === errors[at]);
  return serializable(isUnchanged ? result : { ...result, errors: clientErrors });
}

/** Converts the errors of every result after all other plugins. Yoga's own masking of errors knows no request ids. */
export function useErrors(convertErrors: ConvertErrors): GatewayPlugin {
  return {
    onResultProcess(payload) {
      const { result, setResult, serverContext, resultProcessor } = payload;
      if (Array.isArray(result)) throw new Error('A plugin has set a list of results');
      if (isAsyncIterable(result)) {
        // `useSocketResult` converts the errors of operations on WebSockets.
        if (serverContext.socket !== undefined) return;
        const last = (each: ExecutionResult) => withClientErrors(each, serverContext, convertErrors);
        return setResult(mapAsyncIterator(result, last, (error: GraphQLError) => last({ errors: [error] })));
      }
      // Yoga has no processor for some media types, such as `multipart/mixed` for a query.
      if (resultProcessor === undefined) {
        payload.setResultProcessor(processRegularResult, jsonTypeFor(payload.request.headers.get('accept')));
      }
      const last = withClientErrors(result, serverContext, convertErrors);
      const { errors = [] } = last;
      if (serverContext.gateway !== undefined) recordErrors(serverContext.gateway, errors);
      // The longest wait of all errors, also if other fields succeeded.
      const seconds = errors.map(({ extensions }) => Number(extensions['retryAfterSeconds'] ?? -1));
      serverContext.retryAfterSeconds = Math.max(-1, ...seconds);
      setResult(last);
    },
  };
}

/** Sets code and refusal of an operation's record. @param errors as the client gets them */
function recordErrors({ record }: GatewayRequest, errors: readonly GraphQLError[]): void {
  const [error] = errors;
  if (error === undefined) return;
  const { code, http } = error.extensions;
  record.code = String(code);
  // The message of BAD_REQUEST may quote the client.
  const isRefused = REFUSAL_CODES.has(code) || (http !== undefined && Object(http).spec !== true);
  if (isRefused && code !== 'BAD_REQUEST') record.refusal = error.message;
}

/** Sets a serializer for values that are nested more deeply than `JSON.stringify` can write. */
function serializable<Result extends ExecutionResult>(result: Result): Result {
  if ('stringify' in result) return result;
  return Object.defineProperty(result, 'stringify', { value: stringifyJson, configurable: true });
}
