/** What is selected of a run, in the order of the JSON that is printed. */
const TEXTS = [
  'id',
  'status',
  'rawStatus',
  'stopReason',
  'rawStopReason',
  'agentId',
  'createdAt',
  'completedAt',
] as const;

export type EventRun = Readonly<Record<(typeof TEXTS)[number], string | null>> & {
  readonly totalDurationNs: number | null;
};

/** A change of a list of runs. */
export interface RunEvent {
  readonly kind: string;
  readonly runId: string;
  readonly run: EventRun | null;
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

const RUN = `${TEXTS.join(' ')} totalDurationNs`;

/** The newest runs, of those whose changes are followed. */
export const LAST_RUNS = `query Last($first: Int!, $agentId: ID, $statuses: [RunStatus!]) {
  runs(first: $first, agentId: $agentId, statuses: $statuses) { nodes { ${RUN} } }
}`;

export const AGENT_NAMES = 'query Names($ids: [ID!]!) { nodes(ids: $ids) { ... on Agent { id name } } }';

export const RUN_EVENTS = `subscription Tail($agentId: ID, $statuses: [RunStatus!], $after: String) {
  runEvents(agentId: $agentId, statuses: $statuses, after: $after) {
    kind
    runId
    run { ${RUN} }
    cursor
  }
}`;
