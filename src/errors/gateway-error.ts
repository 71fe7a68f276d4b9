import type { ErrorCode } from './error-codes.ts';

export type Extensions = Readonly<Record<string, unknown>>;

/** An error that is shown to clients. Any other error is unexpected: it is logged, and masked. */
export class GatewayError extends Error {
  override readonly name: string = 'GatewayError';
  readonly code: ErrorCode;
  /** For the client, besides the code; `retryable` if it isn't that of the code. */
  readonly extensions: Extensions | undefined;
  /** Whether the log is told of it as well. */
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

/** An invalid argument. */
export class ArgumentError extends GatewayError {
  override readonly name: string = 'ArgumentError';

  constructor(argument: string, message: string, code: ErrorCode = 'BAD_USER_INPUT') {
    super(code, message, { argument });
  }
}

/** The upstream has no answer to what was asked for, as it is too old or limited. */
export class UnsupportedError extends GatewayError {
  override readonly name = 'UnsupportedError' as const;

  /** @param argument the argument that it has no answer to, if it is one */
  constructor(message: string, argument?: string) {
    super('UPSTREAM_UNSUPPORTED', message, argument === undefined ? undefined : { argument });
  }
}

/** When to try again, as extensions. @param ms undefined if that isn't known */
export function retryAfter(ms: number | undefined): Extensions | undefined {
  return ms === undefined ? undefined : { retryAfterSeconds: Math.ceil(ms / 1000), retryAfterMs: ms };
}
