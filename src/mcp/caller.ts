/** A result of an operation, as its client would parse it. */
export interface OperationResult {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string; readonly retryAfterSeconds?: number };
  }[];
}

/** Whose operations the tools execute. */
export interface Caller {
  /** Whether there are tools that change something. */
  readonly mayWrite: boolean;
  /** The address of runs' pages, without the id; null where none are served. */
  readonly pages: string | null;
  /** Logs an error that is none of the caller's. */
  readonly failed: (error: unknown) => void;
  /** Executes an operation of the caller: one result, or those of a subscription until it or the signal ends. */
  readonly execute: (query: string, variables: object, signal: AbortSignal) => AsyncIterable<OperationResult>;
}
