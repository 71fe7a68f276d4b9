import type { ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable } from 'graphql-yoga';
import { REFUSAL_CODES } from '../errors/error-codes.ts';
import type { Journal } from '../observability/journal.ts';
import type { GatewayPlugin, GatewayRequest } from './gateway-request.ts';
import { pathOf } from './routes.ts';

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

/** One line for each operation, with what is counted of it; and the end of its span. */
export function useLog(journal: Journal): GatewayPlugin {
  return {
    onResultProcess({ result, serverContext: { gateway } }) {
      if (gateway === undefined || isAsyncIterable(result) || Array.isArray(result)) return;
      const { errors }: ExecutionResult = result;
      recordErrors(gateway, errors);
    },
    onResponse({ request, response, serverContext: { gateway } }) {
      if (gateway === undefined) return;
      const { record, credentials, requestId, startedAt, signal, hasParams } = gateway;
      const { account, label } = credentials;
      if (signal.aborted) record.code = 'ABORTED';
      record.trace?.end?.(record, {
        method: request.method,
        path: pathOf(request.url),
        status: response.status,
      });
      if (signal.aborted) return;
      if (hasParams === true) return journal.operation(record, credentials, performance.now() - startedAt);
      const { code, refusal = '' } = record;
      if (code !== 'OK') journal.refused({ code, message: refusal }, { requestId, account, label });
    },
  };
}
