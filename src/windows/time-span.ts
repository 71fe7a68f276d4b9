/** The instants between which items of a list are wanted, where there is a bound. */
export interface TimeSpan {
  /** Inclusive; in the format of positions. */
  readonly from?: string | undefined;
  /** Exclusive. */
  readonly to?: string | undefined;
}

/** Where an instant lies when the list is read in order: not yet in the span, in it, or past it. */
export type Side = 'ahead' | 'inside' | 'past';

export function sideOf(instant: string, { from, to }: TimeSpan, order: 'asc' | 'desc'): Side {
  const isEarly = from !== undefined && instant < from;
  const isLate = to !== undefined && instant >= to;
  if (!isEarly && !isLate) return 'inside';
  return isEarly === (order === 'asc') ? 'ahead' : 'past';
}

/** Returns the bound at which the span begins when the list is read in order; undefined if it has none. */
export function nearBound({ from, to }: TimeSpan, order: 'asc' | 'desc'): string | undefined {
  return order === 'asc' ? from : to;
}
