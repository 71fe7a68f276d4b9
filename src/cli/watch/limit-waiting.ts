import type { Notice } from './notice.ts';

/** How many notices may wait for the receiver. */
const MAX_WAITING = 1_000;

/**
 * Drops the oldest notices, so that at most 1,000 wait, of which one says how many were dropped.
 *
 * @param sending the notice that is being sent, which stays
 */
export function limitWaiting(waiting: readonly Notice[], sending: Notice | undefined): readonly Notice[] {
  if (waiting.length <= MAX_WAITING) return waiting;
  const others = waiting.filter((notice) => notice !== sending);
  const end = waiting.length - MAX_WAITING + 1;
  const dropped = others.slice(0, end);
  const occurredAt = dropped[0]?.occurredAt ?? '';
  const numbers = dropped.map(({ type, count = 1 }) => (type === 'summary' ? count : 1));
  const count = numbers.reduce((sum, number) => sum + number, 0);
  const id = `dropped-${count}-since-${occurredAt}`;
  const summary: Notice = { id, type: 'summary', occurredAt, count };
  return [...(sending === undefined ? [] : [sending]), summary, ...others.slice(end)];
}
