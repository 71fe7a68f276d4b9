import { ERROR_CODES, type ErrorCode } from './error-codes.ts';

export type Extensions = Readonly<Record<string, unknown>>;

/** An error that is shown to clients. Any other error is unexpected: it is logged, and masked. */
export class GatewayError extends Error {
  override readonly name: string = 'GatewayError';
  readonly code: ErrorCode;
  /** Extensions besides the code; `retryable` only where it differs from the code's. */
  readonly extensions: Extensions | undefined;
  /** Whether the error is also logged. */
  readonly isReported: boolean = false;

  /** @param message for the client, unless a subclass has another for it */
  constructor(code: ErrorCode, message: string, extensions?: Extensions, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.extensions = extensions;
  }

  /** The message for the client. @param _ofProject whether the request named a project */
  messageFor(_ofProject: boolean): string {
    return this.message;
  }
}

export class ArgumentError extends GatewayError {
  override readonly name: string = 'ArgumentError';

  constructor(argument: string, message: string, code: ErrorCode = 'BAD_USER_INPUT') {
    super(code, message, { argument });
  }
}

/** The upstream is too old, or too limited, for a request. */
export class UnsupportedError extends GatewayError {
  override readonly name = 'UnsupportedError' as const;

  /** @param argument the argument that the upstream doesn't support, if it is an argument */
  constructor(message: string, argument?: string) {
    super('UPSTREAM_UNSUPPORTED', message, argument === undefined ? undefined : { argument });
  }
}

/** Returns the error for a caller who reached the limit of memory that the gateway holds for it. */
export function heldTooMuch(): GatewayError {
  return new GatewayError('OVERLOADED', ERROR_CODES.OVERLOADED.message, retryAfter(1000));
}

/** Returns extensions that say when to retry. @param ms undefined if unknown */
export function retryAfter(ms: number | undefined): Extensions | undefined {
  return ms === undefined ? undefined : { retryAfterSeconds: Math.ceil(ms / 1000), retryAfterMs: ms };
}
