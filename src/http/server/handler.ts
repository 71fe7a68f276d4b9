import type { Journal } from '../../observability/journal.ts';
import { REQUEST_ID_HEADER, requestIdOf } from '../../observability/request-id.ts';
import type { Cors } from './cors.ts';
import { type Failure, misdirected, overloaded } from './failure.ts';
import { type HostCheck, isMisdirected } from './hosts.ts';
import { type HttpAnswer, lengthOf } from './http-answer.ts';
import type { HttpRequest, Route } from './http-request.ts';
import { isEntered } from './outbox.ts';
import { DATA_HEADERS } from './security-headers.ts';

/**
 * Answers a request, with all headers but those of the connection. Never rejects.
 *
 * @param invalid the response to what the transport has found wrong with it
 */
export type Handler = (request: HttpRequest, invalid?: Failure) => Promise<HttpAnswer>;

/**
 * Does what all requests have in common, whatever they are for and however they came: checks the host, answers
 * preflights, and enters the answer in the account of memory.
 *
 * @param routes never rejects
 */
export function createHandler(routes: Route, serves: HostCheck, cors: Cors, journal: Journal): Handler {
  const refuse = (failure: Failure, requestId: string): HttpAnswer => {
    journal.note('Refused', { code: failure.code, reason: failure.message, requestId });
    return failure(requestId);
  };
  const answer = (request: HttpRequest, requestId: string): HttpAnswer | Promise<HttpAnswer> =>
    cors.preflight(request) ?? routes(request, requestId);

  return async (request, invalid) => {
    const { host, headers, client } = request;
    const requestId = requestIdOf(headers[REQUEST_ID_HEADER]);
    if (isMisdirected(host, serves)) {
      return withHeaders(refuse(misdirected(host), requestId), DATA_HEADERS, requestId);
    }
    const common = cors.headersFor(headers.origin);
    const answered = await (invalid === undefined ? answer(request, requestId) : refuse(invalid, requestId));
    const { body } = answered;
    const fits = !isEntered(client, body) || client.holder.take('answer', lengthOf(body));
    return withHeaders(fits ? answered : overloaded(requestId), common, requestId);
  };
}

/** @param common headers of all answers; those of the answer win, except that `vary` is that of both */
function withHeaders(
  answer: HttpAnswer,
  common: Readonly<Record<string, string>>,
  requestId: string,
): HttpAnswer {
  const headers: Record<string, string> = {
    ...common,
    ...answer.headers,
    [REQUEST_ID_HEADER]: requestId,
  };
  const { vary } = common;
  if (vary !== undefined && answer.headers['vary'] !== undefined) {
    headers['vary'] = `${vary}, ${answer.headers['vary']}`;
  }
  return { ...answer, headers };
}
