/**
 * A position in a list, which may or may not hold an item today. Lists are ordered by creation, ties
 * by id, both in the same direction.
 */
export interface Position {
  /** `YYYY-MM-DDTHH:MM:SS.ffffff`, UTC: all six digits, so that instants compare as texts. */
  readonly createdAt: string;
  readonly id: string;
}

/** Negative when `a` was created before `b`, positive when after, 0 for the same position. */
export function comparePositions(a: Position, b: Position): number {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? -1 : 1;
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  return 0;
}
