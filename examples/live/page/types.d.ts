/** What the page selects of a run. */
export interface Run {
  readonly id: string;
  readonly status: string;
  readonly rawStatus: string | null;
  readonly stopReason: string | null;
  readonly createdAt: string;
  readonly completedAt: string | null;
  readonly totalDurationNs: number | null;
  readonly agent: { readonly id: string; readonly name: string | null } | null;
}

/** A page of the list. */
export interface Page {
  readonly nodes: readonly Run[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** One change of the list. */
export interface RunEvent {
  readonly kind: 'ADDED' | 'UPDATED' | 'REMOVED';
  readonly runId: string;
  readonly run: Run | null;
  readonly cursor: string;
}

export interface AnswerError {
  readonly message: string;
  readonly extensions?: {
    readonly code?: string;
    readonly retryable?: boolean;
    readonly retryAfterSeconds?: number;
    readonly cursor?: string;
  };
}
