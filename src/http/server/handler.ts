import { REQUEST_ID_HEADER, requestIdOf } from '../../observability/request-id.ts';
import type { Cors } from './cors.ts';
import { overloaded } from './failure.ts';
import { type HttpAnswer, lengthOf } from './http-answer.ts';
import type { HttpRequest, Route } from './http-request.ts';

/** Answers a request, with all headers but those of the connection. Never rejects. */
export type Handler = (request: HttpRequest) => Promise<HttpAnswer>;

/**
 * Does what all requests have in common, whatever they are for and however they came: answers preflights, and enters
 * the answer in the account of memory.
 *
 * @param routes never rejects
 */
export function createHandler(routes: Route, cors: Cors): Handler {
  return async (request) => {
    const { headers, client } = request;
    const requestId = requestIdOf(headers[REQUEST_ID_HEADER]);
    const answered = cors.preflight(request) ?? (await routes(request, requestId));
    const answer = client.hold(lengthOf(answered.body)) ? answered : overloaded(requestId);
    const common = cors.headersFor(headers.origin);
    // The headers of the answer win, except that `vary` is that of both.
    const all: Record<string, string> = { ...common, ...answer.headers, [REQUEST_ID_HEADER]: requestId };
    const { vary } = common;
    if (vary !== undefined && answer.headers['vary'] !== undefined) {
      all['vary'] = `${vary}, ${answer.headers['vary']}`;
    }
    return { ...answer, headers: all };
  };
}
