/** What the page selects of a run. */
export interface Run {
  readonly id: string;
  readonly status: string | null;
  readonly rawStatus: string | null;
  readonly stopReason: string | null;
  readonly createdAt: string;
  readonly completedAt: string | null;
  readonly agent: { readonly id: string; readonly name: string | null } | null;
}

/** One change of the list. */
export interface RunEvent {
  readonly kind: 'ADDED' | 'UPDATED' | 'REMOVED';
  readonly runId: string;
  readonly run: Run | null;
  readonly cursor: string;
}

/** What the page selects of a message. */
export interface Message {
  readonly id: string;
  readonly date: string | null;
  readonly messageType: string;
  readonly text?: string | null;
  readonly reasoning?: string | null;
  readonly summary?: string | null;
  readonly toolCalls?: readonly { readonly name: string | null; readonly arguments: string | null }[];
  readonly toolReturns?: readonly { readonly status: string | null; readonly content: unknown }[];
}

export interface AnswerError {
  readonly message: string;
  readonly extensions?: {
    readonly code?: string;
    readonly retryable?: boolean;
    readonly cursor?: string;
  };
}
