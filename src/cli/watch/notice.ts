import type { TailedRun } from '../tail/documents.ts';

/** What is reported, and how several of a type are counted in a summary. */
const LABELS = {
  'run.failed': 'failed',
  'run.stuck': 'stuck',
  'approval.waiting': 'waiting',
  'rate.passed': 'rates passed',
  'rate.fell': 'rates fell',
  'changes.missed': 'gaps',
} as const;

/** An alert for whoever is on call. */
export interface Notice {
  /** The same whenever the same is reported again. */
  readonly id: string;
  readonly type: keyof typeof LABELS | 'summary';
  /** ISO 8601, in UTC. */
  readonly occurredAt: string;
  /** One line. */
  readonly message: string;
  /** What is known of the run. */
  readonly run?: Pick<TailedRun, 'id' | 'agentId' | 'createdAt'> & Partial<TailedRun>;
  /** How many it stands for, by their types, if it is about several. */
  readonly counts?: { readonly [Type in keyof typeof LABELS]?: number };
}

/** How many notices may wait for the receiver. */
const MAX_WAITING = 1_000;

/**
 * Sums up the oldest notices, so that at most 1,000 wait.
 *
 * @param sending how many are being sent, from the start, and stay as they are
 */
export function limitWaiting(waiting: readonly Notice[], sending: number): readonly Notice[] {
  const end = sending + waiting.length - MAX_WAITING + 1;
  const [first, ...others] = waiting.slice(sending, end);
  if (first === undefined || waiting.length <= MAX_WAITING) return waiting;
  return [...waiting.slice(0, sending), sumUp(first, others), ...waiting.slice(end)];
}

function sumUp(first: Notice, others: readonly Notice[]): Notice {
  const all = [first, ...others].map(({ type, counts = { [type]: 1 } }) => new Map(Object.entries(counts)));
  const sums = Object.entries(LABELS)
    .map(([type, label]) => ({ type, label, sum: all.reduce((sum, each) => sum + (each.get(type) ?? 0), 0) }))
    .filter(({ sum }) => sum > 0);
  const total = sums.reduce((count, { sum }) => count + sum, 0);
  const message = sums.map(({ sum, label }) => `${sum} more ${label}`).join(', ');
  const counts = Object.fromEntries(sums.map(({ type, sum }) => [type, sum]));
  // With the count, a summary that has grown since it was sent has another id.
  const id = `${first.id.replace(/-of-\d+$/, '')}-of-${total}`;
  return { id, type: 'summary', occurredAt: first.occurredAt, message, counts };
}
