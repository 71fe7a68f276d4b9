import { type RefusedParameter, UpstreamError } from '../../errors/upstream-error.ts';
import type { HttpResponse } from './exchange.ts';
import { policyOfStatus } from './failure-policies.ts';
import { readRetryAfter } from './retry-after.ts';

/** The ways in which one API differs from others. */
export interface ApiConventions {
  /** Milliseconds after which idle connections are closed: before the API does, so that no request meets a closing one. */
  readonly keepAliveMs: number;
  /** Reads which query parameters a response with status 400 or 422 refuses. */
  readonly refusedParameters: (body: string) => readonly RefusedParameter[];
  /** Whether a response with status 404 is about the route rather than the object. */
  readonly lacksRoute: (body: string) => boolean;
}

/** Bytes of an error body that are read. */
const MAX_TEXT = 4000;
const MAX_REFUSAL = 64 * 1024;

/** Returns the error of a response with a status other than 200. */
export function statusError({ status, headers, body }: HttpResponse, api: ApiConventions): UpstreamError {
  const [code, retry] = policyOfStatus(status);
  const isRefusal = status === 400 || status === 422;
  const text = body.subarray(0, MAX_TEXT).toString();
  return new UpstreamError(code, `answered ${status}: ${text}`, {
    status,
    retry,
    retryAfterMs: readRetryAfter(headers),
    lacksRoute: status === 404 && api.lacksRoute(text),
    refusedParameters: isRefusal ? api.refusedParameters(body.subarray(0, MAX_REFUSAL).toString()) : [],
  });
}
