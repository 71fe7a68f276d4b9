/** A change of a list of runs, as the subscription of `runs-gateway tail` selects it. */
export interface RunEvent {
  readonly kind: string;
  readonly runId: string;
  readonly run: EventRun | null;
}

export interface EventRun {
  readonly id: string;
  readonly status: string | null;
  readonly rawStatus: string | null;
  readonly stopReason: string | null;
  readonly rawStopReason: string | null;
  readonly agentId: string | null;
  readonly createdAt: string | null;
  readonly completedAt: string | null;
  readonly totalDurationNs: number | null;
}

/** An error of an answer. */
export interface AnswerError {
  readonly message: string;
  readonly extensions?: {
    readonly code?: string;
    readonly retryable?: boolean;
    readonly retryAfterSeconds?: number;
    /** What has been seen of a subscription that was ended. */
    readonly cursor?: string;
  };
}

export interface Answer {
  readonly data?: { readonly runEvents: (RunEvent & { readonly cursor: string }) | null } | null;
  readonly errors?: readonly AnswerError[];
}

export const RUN_EVENTS = `subscription Tail($agentId: ID, $statuses: [RunStatus!], $after: String) {
  runEvents(agentId: $agentId, statuses: $statuses, after: $after) {
    kind
    runId
    run {
      id
      status
      rawStatus
      stopReason
      rawStopReason
      agentId
      createdAt
      completedAt
      totalDurationNs
    }
    cursor
  }
}`;
