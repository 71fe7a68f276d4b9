/**
 * A position in a list, whether or not an item still has it. Lists are sorted by time of creation,
 * ties by id, both in the same direction.
 */
export interface Position {
  /** `YYYY-MM-DDTHH:MM:SS.ffffff` in UTC, always with six digits, so that instants compare as strings. */
  readonly createdAt: string;
  readonly id: string;
}

/** Compares two positions: negative if `a` comes first in ascending order, 0 if they are the same. */
export function comparePositions(a: Position, b: Position): number {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? -1 : 1;
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  return 0;
}
