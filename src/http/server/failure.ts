import type { IncomingHttpHeaders } from 'node:http';
import { ERROR_CODES, type ErrorCode } from '../../graphql/error-codes.ts';
import type { Journal } from '../../observability/journal.ts';
import { REQUEST_ID_HEADER, requestIdOf } from '../../observability/request-id.ts';
import { DATA_HEADERS } from './cors.ts';
import { type HttpAnswer, jsonAnswer } from './http-answer.ts';
import { MAX_BODY_BYTES } from './request-headers.ts';

/** Creates the response to a request that is not executed. */
export interface Failure {
  (requestId: string): HttpAnswer;
  readonly code: ErrorCode;
  readonly message: string;
}

export const invalidTarget = failure(
  400,
  'BAD_REQUEST',
  'Invalid request target: expected a path, without the segments . and ..',
);
export const invalidHost = failure(
  400,
  'BAD_REQUEST',
  'Invalid Host header: expected a name or an address, and perhaps a port.',
);

export const expectationFailed = failure(
  417,
  'BAD_REQUEST',
  'Unsupported expectation: expected no Expect header, or 100-continue.',
);

/** For a caller that sent no valid access token where one is required. */
export const unauthenticated = failure(
  401,
  'UNAUTHENTICATED',
  'An access token is required. Send one as Authorization: Bearer <token>.',
  { 'www-authenticate': 'Bearer' },
);

/** @param name of a header that goes upstream */
export const invalidHeader = (name: string): Failure =>
  failure(
    400,
    'BAD_REQUEST',
    `Invalid header ${name}: expected text without control characters, and without any beyond U+00FF.`,
  );

/** @param names of the headers that go upstream */
export const headersTooLarge = (names: readonly string[], maxBytes: number): Failure =>
  failure(
    431,
    'BAD_REQUEST',
    `The headers that go to the runs API have more than ${maxBytes} bytes: ${names.join(', ')}.`,
  );

export const notFound = (paths: readonly string[]): Failure =>
  failure(
    404,
    'NOT_FOUND',
    `Not found. Available paths: ${paths.slice(0, -1).join(', ')} and ${paths.at(-1)}.`,
  );

/** For a page of GraphiQL that is older than the gateway. */
export const unknownFile = failure(404, 'NOT_FOUND', 'GraphiQL has no such file. Reload its page.');

/** @param allow the methods that are allowed, separated by commas */
export const methodNotAllowed = (allow: string): Failure =>
  failure(405, 'METHOD_NOT_ALLOWED', `Method not allowed: expected one of ${allow}.`, { allow });

export const notAcceptable = failure(
  406,
  'NOT_ACCEPTABLE',
  'No acceptable media type: expected an Accept header with application/graphql-response+json or application/json.',
  { vary: 'accept' },
);

export const payloadTooLarge = failure(
  413,
  'PAYLOAD_TOO_LARGE',
  `The request body has more than ${MAX_BODY_BYTES} bytes.`,
);

/** For a body of which each byte costs as much as a kilobyte of others. */
export const tooManyPieces = failure(
  413,
  'PAYLOAD_TOO_LARGE',
  'The request body comes in too many chunks of a few bytes.',
);

/** For a connection that would be closed soon. */
export const draining = failure(
  503,
  'SUBSCRIPTION_DRAINED',
  'The gateway is about to end. Connect again: another one will answer.',
  { 'retry-after': '1' },
);

/** For a caller who makes the gateway hold more than others. */
export const overloaded = failure(503, 'OVERLOADED', ERROR_CODES.OVERLOADED.message, { 'retry-after': '1' });

export const notJson = failure(
  415,
  'UNSUPPORTED_MEDIA_TYPE',
  'Unsupported media type: expected a body with Content-Type: application/json.',
  { 'accept-post': 'application/json' },
);

export const encodedBody = failure(
  415,
  'UNSUPPORTED_MEDIA_TYPE',
  'Unsupported content encoding: expected a body without Content-Encoding.',
  { 'accept-encoding': 'identity' },
);

/** For a GET by a page of another origin. */
export const uninvited = failure(
  403,
  'FORBIDDEN',
  'Pages of this origin may not ask. If they should, list it in CORS_ORIGINS. Any other client sends Apollo-Require-Preflight: 1 as well.',
);

export const forbiddenOrigin = failure(
  403,
  'FORBIDDEN',
  'Pages of this origin may not connect. If they should, list it in CORS_ORIGINS.',
);

/** @param problem what is wrong with its head */
export const badUpgrade = (problem: string): Failure =>
  failure(400, 'BAD_REQUEST', `Invalid upgrade to a WebSocket: ${problem}.`, {
    'sec-websocket-version': '13',
  });

export const upgradeRequired = failure(426, 'BAD_REQUEST', 'Unsupported upgrade: expected websocket.', {
  upgrade: 'websocket',
});

/** @param host well-formed */
export const misdirected = (host: string): Failure =>
  failure(
    421,
    'MISDIRECTED_REQUEST',
    `The host ${host.slice(0, 255)} is not served. If clients may reach the gateway by this name, list it in ALLOWED_HOSTS.`,
  );

/** For an unexpected error, which is logged and not shown. */
export const internalError = failure(500, 'INTERNAL_SERVER_ERROR', ERROR_CODES.INTERNAL_SERVER_ERROR.message);

/** For the developer of the app that the gateway is part of. */
export const bodyTaken = failure(
  500,
  'INTERNAL_SERVER_ERROR',
  'The request body was already read, and request.body is not set. Mount the gateway before whatever reads the body.',
);

/** Returns the whole answer to a request that is refused by its head, and logs why. */
export function refuse(
  refusal: Failure,
  sent: IncomingHttpHeaders,
  journal?: Pick<Journal, 'note'>,
): HttpAnswer {
  const { code, message: reason } = refusal;
  const requestId = requestIdOf(sent[REQUEST_ID_HEADER]);
  journal?.note('Refused', { code, reason, requestId });
  const { headers, ...answer } = refusal(requestId);
  return { ...answer, headers: { ...DATA_HEADERS, ...headers, [REQUEST_ID_HEADER]: requestId } };
}

function failure(
  status: number,
  code: ErrorCode,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Failure {
  const { retryable } = ERROR_CODES[code];
  const retryAfter = headers['retry-after'];
  const retryAfterSeconds = retryAfter === undefined ? undefined : Number(retryAfter);
  const answer = (requestId: string): HttpAnswer => {
    const error = { message, extensions: { code, requestId, retryable, retryAfterSeconds } };
    return jsonAnswer(status, { errors: [error] }, headers);
  };
  return Object.assign(answer, { code, message });
}
