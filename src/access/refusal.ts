import type { ServerResponse } from 'node:http';
import { ERROR_CODES, type ErrorCode } from '../errors/error-codes.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { SECURITY_HEADERS } from '../static/static-file.ts';

/** Headers of every response with data, against framing by other pages and MIME sniffing. */
export const DATA_HEADERS: Readonly<Record<string, string>> = {
  ...SECURITY_HEADERS,
  // No proxy may cache the response to a caller.
  'cache-control': 'no-store',
  // Data loads nothing. GraphiQL has a policy of its own.
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

/** The statuses of responses to requests that are refused, by the code of the error. */
export const STATUSES: Partial<Readonly<Record<ErrorCode, number>>> = {
  BAD_REQUEST: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  MISDIRECTED_REQUEST: 421,
  RATE_LIMITED: 429,
  INTERNAL_SERVER_ERROR: 500,
  OVERLOADED: 503,
  // 503, so that a proxy can choose another replica.
  SUBSCRIPTION_DRAINED: 503,
  OPERATION_TIMEOUT: 504,
};

export interface RefusalOptions {
  /** @default the status of the code */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Extensions of the error besides the code. */
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** The refusal of a whole request, whatever the media type of the response. */
export class Refusal extends GatewayError {
  override readonly name = 'Refusal' as const;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  /** @param message by default, the message of the code */
  constructor(code: ErrorCode, message = ERROR_CODES[code].message, options: RefusalOptions = {}) {
    const { extensions = ERROR_CODES[code].retryable ? { retryAfterSeconds: 1 } : undefined } = options;
    super(code, message, extensions);
    this.status = options.status ?? STATUSES[code] ?? 400;
    this.headers = options.headers ?? {};
  }

  /** Returns the body of the response, in the form of GraphQL errors. */
  body(requestId: string): string {
    const { code, message } = this;
    const extensions = { code, requestId, retryable: ERROR_CODES[code].retryable, ...this.extensions };
    return JSON.stringify({ errors: [{ message, extensions }] });
  }

  response(requestId: string, { Response }: Pick<typeof globalThis, 'Response'>): Response {
    const headers = this.responseHeaders(requestId);
    return new Response(this.body(requestId), { status: this.status, headers });
  }

  /** Sends the refusal as a response of Node's http module. */
  send(response: ServerResponse, requestId: string): void {
    response.writeHead(this.status, this.responseHeaders(requestId)).end(this.body(requestId));
  }

  responseHeaders(requestId: string): Record<string, string> {
    const seconds = Number(this.extensions?.['retryAfterSeconds'] ?? -1);
    return {
      ...DATA_HEADERS,
      'content-type': 'application/json',
      'x-request-id': requestId,
      ...(seconds >= 0 && { 'retry-after': String(seconds) }),
      ...this.headers,
    };
  }
}

/** The refusal of a caller without a valid access token. @param authorization what the caller sent, if anything */
export const unauthenticated = (authorization: unknown): Refusal => {
  // GraphiQL sends the scheme without a token until somebody enters one.
  const sent = authorization ?? '';
  const isMissing = typeof sent === 'string' && /^(?:Bearer)?\s*$/i.test(sent);
  const [problem, challenge] = isMissing
    ? ['An access token is required.', 'Bearer']
    : ['The Authorization header has no valid access token.', 'Bearer error="invalid_token"'];
  return new Refusal('UNAUTHENTICATED', `${problem} Send one as Authorization: Bearer <token>.`, {
    headers: { 'www-authenticate': challenge },
  });
};

/** @param allow the methods that are allowed, separated by commas */
export const methodNotAllowed = (allow: string): Refusal =>
  new Refusal('METHOD_NOT_ALLOWED', `Method not allowed: expected one of ${allow}.`, { headers: { allow } });

export const notFound = (paths: readonly string[]): Refusal =>
  new Refusal(
    'NOT_FOUND',
    `Not found. Available paths: ${paths.slice(0, -1).join(', ')} and ${paths.at(-1)}.`,
  );

/** The refusal of a caller that takes more than its part of memory, connections or cost. */
export const overloaded = new Refusal('OVERLOADED');
