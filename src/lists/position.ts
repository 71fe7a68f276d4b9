/** The sort order of a list: `asc` has the smallest key first. */
export type Order = 'asc' | 'desc';

/**
 * A position in a list, whether or not a row still has it. Lists are sorted by a key, ties by id, both
 * in the same direction.
 */
export interface Position {
  /** The sort key of the list, as a text in the same order: an instant in UTC with a fixed number of digits. */
  readonly key: string;
  readonly id: string;
}

/** Compares two positions: negative if `a` comes first in ascending order, 0 if they are the same. */
export function comparePositions(a: Position, b: Position): number {
  if (a.key !== b.key) return a.key < b.key ? -1 : 1;
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  return 0;
}

export function opposite(order: Order): Order {
  return order === 'asc' ? 'desc' : 'asc';
}

/** The factor by which `comparePositions` is positive if `a` comes after `b` in an order. */
export function signOf(order: Order): 1 | -1 {
  return order === 'asc' ? 1 : -1;
}
