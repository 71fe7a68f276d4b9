/** A result of an operation, as its client would parse it. */
export interface OperationResult {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
}

interface CallerOperation {
  readonly query: string;
  readonly variables: object;
  /** Takes each result, or the errors for which there are none. */
  readonly take: (result: OperationResult) => void;
  /** Ends the operation. */
  readonly over: AbortController;
}

/** Whose operations the tools execute. */
export interface Caller {
  /** Whether there are tools that change something. */
  readonly mayWrite: boolean;
  /** The address of a run's page, or the pattern of all; null where none are served. */
  readonly pageOf: (runId?: string) => string | null;
  /** Logs an error that is none of the caller's. */
  readonly failed: (error: unknown) => void;
  /** Executes an operation of the caller until it ends. */
  readonly execute: (operation: CallerOperation) => Promise<void>;
}
