/** An error in a response of GraphQL. */
export interface ResponseError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: {
    readonly code?: string;
    readonly retryable?: boolean;
    readonly retryAfterSeconds?: number;
    readonly requestId?: string;
    /** The cursor after which a list can be continued. */
    readonly cursor?: string;
  };
}

/** Why a request failed. */
export class ApiError extends Error {
  /** The code is the gateway's, UNREACHABLE (no server answers) or PROXY_ERROR (a proxy answers in its place). */
  readonly extensions: NonNullable<ResponseError['extensions']>;

  constructor({ message, extensions = {} }: ResponseError, cause?: unknown) {
    super(message, { cause });
    this.extensions = extensions;
  }
}

export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError({ message: String(error) });
}

/** Returns the error for a request to which no server has responded. */
export function unreachable(cause: unknown): ApiError {
  const extensions = { code: 'UNREACHABLE', retryable: true };
  return new ApiError({ message: 'The gateway does not answer.', extensions }, cause);
}

/** Whether the gateway stopped at its budget of rows, and can go on from there. */
export const isUnfinished = ({ extensions: { code, cursor } }: ApiError): boolean =>
  code === 'SCAN_BUDGET_EXCEEDED' && cursor !== undefined;
