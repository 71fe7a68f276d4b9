import type { TailedRun } from '../tail/documents.ts';

/** An alert for whoever is on call. */
export interface Notice {
  /** The same whenever the same is reported again. */
  readonly id: string;
  readonly type:
    | 'run.failed'
    | 'run.stuck'
    | 'approval.waiting'
    | 'rate.passed'
    | 'rate.fell'
    | 'changes.missed'
    | 'summary';
  /** ISO 8601, in UTC. */
  readonly occurredAt: string;
  /** One line. */
  readonly message: string;
  /** What is known of the run. */
  readonly run?: Pick<TailedRun, 'id' | 'agentId' | 'createdAt'> & Partial<TailedRun>;
  /** How many runs or notices it stands for, if it is about several. */
  readonly counts?: Readonly<Record<string, number>>;
}

/** How many notices may wait for the receiver. */
const MAX_WAITING = 1_000;

/**
 * Drops the oldest notices, so that at most 1,000 wait, of which one says how many were dropped.
 *
 * @param sending how many are being sent, from the start, and stay as they are
 */
export function limitWaiting(waiting: readonly Notice[], sending: number): readonly Notice[] {
  const end = sending + waiting.length - MAX_WAITING + 1;
  const dropped = waiting.slice(sending, end);
  const [oldest] = dropped;
  if (oldest === undefined || waiting.length <= MAX_WAITING) return waiting;
  const { occurredAt } = oldest;
  const numbers = dropped.flatMap(({ type, counts = {} }) =>
    type === 'summary' ? Object.values(counts) : 1,
  );
  const total = numbers.reduce((sum, number) => sum + number, 0);
  const summary: Notice = {
    id: `dropped-${total}-since-${occurredAt}`,
    type: 'summary',
    occurredAt,
    message: `${total} older notices were dropped`,
    counts: { dropped: total },
  };
  return [...waiting.slice(0, sending), summary, ...waiting.slice(end)];
}
