import type { IncomingHttpHeaders } from 'node:http';
import { ERROR_CODES, type ErrorCode } from '../../errors/error-codes.ts';
import type { Journal } from '../../observability/journal.ts';
import { REQUEST_ID_HEADER, requestIdOf } from '../../observability/request-id.ts';
import { ENCODINGS } from './content-encoding.ts';
import { DATA_HEADERS } from './cors.ts';
import { type HttpAnswer, jsonAnswer } from './http-answer.ts';
import { MAX_BODY_BYTES } from './request-headers.ts';

/** Creates the response to a request that is not executed. */
export interface Failure {
  (requestId: string): HttpAnswer;
  readonly code: ErrorCode;
  readonly message: string;
}

const badRequest = failures(400, 'BAD_REQUEST');
export const invalidTarget = badRequest(
  'Invalid request target: expected a path, without the segments . and ..',
);
export const invalidHost = badRequest(
  'Invalid Host header: expected a name or an address, and perhaps a port.',
);
export const undecodable = badRequest(
  'The request body is not what its Content-Encoding says, or ends too early.',
);
/** @param name of a header that goes upstream */
export const invalidHeader = (name: string): Failure =>
  badRequest(
    `Invalid header ${name}: expected text without control characters, and without any beyond U+00FF.`,
  );
/** @param problem what is wrong with its head */
export const badUpgrade = (problem: string): Failure =>
  badRequest(`Invalid upgrade to a WebSocket: ${problem}.`, { 'sec-websocket-version': '13' });

/** For a caller that sent no valid access token where one is required. */
export const unauthenticated = failures(401, 'UNAUTHENTICATED')(
  'An access token is required. Send one as Authorization: Bearer <token>.',
  { 'www-authenticate': 'Bearer' },
);

const forbidden = failures(403, 'FORBIDDEN');
/** For a GET by a page of another origin. */
export const uninvited = forbidden(
  'Pages of this origin may not ask. If they should, list it in CORS_ORIGINS. Any other client sends Apollo-Require-Preflight: 1 as well.',
);
/** For a request that did not come by way of a router that may send it. */
export const forRoutersOnly = forbidden(
  'Requests must come from a router that is known here. It sends Router-Authorization: Bearer <secret>.',
);
export const forbiddenOrigin = forbidden(
  'Pages of this origin may not connect. If they should, list it in CORS_ORIGINS.',
);

const unknown = failures(404, 'NOT_FOUND');
export const notFound = (paths: readonly string[]): Failure =>
  unknown(`Not found. Available paths: ${paths.slice(0, -1).join(', ')} and ${paths.at(-1)}.`);

/** @param allow the methods that are allowed, separated by commas */
export const methodNotAllowed = (allow: string): Failure =>
  failures(405, 'METHOD_NOT_ALLOWED')(`Method not allowed: expected one of ${allow}.`, { allow });

export const notAcceptable = failures(406, 'NOT_ACCEPTABLE')(
  'No acceptable media type: expected an Accept header with application/graphql-response+json or application/json.',
  { vary: 'accept' },
);

const tooLarge = failures(413, 'PAYLOAD_TOO_LARGE');
export const payloadTooLarge = tooLarge(`The request body has more than ${MAX_BODY_BYTES} bytes.`);
/** For a body of which each byte costs as much as a kilobyte of others. */
export const tooManyPieces = tooLarge('The request body comes in too many chunks of a few bytes.');

const unsupported = failures(415, 'UNSUPPORTED_MEDIA_TYPE');
export const notJson = unsupported(
  'Unsupported media type: expected a body with Content-Type: application/json.',
  { 'accept-post': 'application/json' },
);
export const encodedBody = unsupported(
  `Unsupported encoding: expected a body with no Content-Encoding, or one of ${ENCODINGS}.`,
  { 'accept-encoding': ENCODINGS },
);

export const expectationFailed = failures(
  417,
  'BAD_REQUEST',
)('Unsupported expectation: expected no Expect header, or 100-continue.');

/** @param host well-formed */
export const misdirected = (host: string): Failure =>
  failures(
    421,
    'MISDIRECTED_REQUEST',
  )(
    `The host ${host.slice(0, 255)} is not served. If clients may reach the gateway by this name, list it in ALLOWED_HOSTS.`,
  );

export const upgradeRequired = failures(426, 'BAD_REQUEST')('Unsupported upgrade: expected websocket.', {
  upgrade: 'websocket',
});

/** @param names of the headers that go upstream */
export const headersTooLarge = (names: readonly string[], maxBytes: number): Failure =>
  failures(
    431,
    'BAD_REQUEST',
  )(`The headers that go to the runs API have more than ${maxBytes} bytes: ${names.join(', ')}.`);

const unexpected = failures(500, 'INTERNAL_SERVER_ERROR');
/** For an unexpected error, which is logged and not shown. */
export const internalError = unexpected(ERROR_CODES.INTERNAL_SERVER_ERROR.message);
/** For the developer of the app that the gateway is part of. */
export const bodyTaken = unexpected(
  'The request body was already read, and request.body is not set. Mount the gateway before whatever reads the body.',
);

/** For a connection that would be closed soon. */
export const draining = failures(
  503,
  'SUBSCRIPTION_DRAINED',
)('The gateway is stopping. Connect again: another replica will answer.');
/** For a caller who makes the gateway hold more than others. */
export const overloaded = failures(503, 'OVERLOADED')(ERROR_CODES.OVERLOADED.message);

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

/** Returns what creates failures of one kind. What may succeed later may do so after a second. */
function failures(status: number, code: ErrorCode) {
  const { retryable } = ERROR_CODES[code];
  const retryAfterSeconds = retryable ? 1 : undefined;
  const always = retryable ? { 'retry-after': '1' } : undefined;
  return (message: string, own?: HttpAnswer['headers']): Failure => {
    const answer = (requestId: string): HttpAnswer => {
      const error = { message, extensions: { code, requestId, retryable, retryAfterSeconds } };
      return jsonAnswer(status, { errors: [error] }, { ...always, ...own });
    };
    return Object.assign(answer, { code, message });
  };
}
