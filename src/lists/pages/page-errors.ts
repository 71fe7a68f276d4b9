import { InvalidCursorError, VanishedPositionError } from '../errors.ts';
import type { ListDefinition } from '../list.ts';
import type { Position } from '../position.ts';
import { encodeCursor } from './cursor.ts';
import type { PageBounds } from './plan.ts';

/** Converts a VanishedPositionError: only the query's start is sent upstream, so that cursor's row is gone. */
export function asCursorError(
  error: unknown,
  bounds: PageBounds,
  { row }: Pick<ListDefinition<never>, 'row'>,
): unknown {
  if (!(error instanceof VanishedPositionError)) return error;
  const [position] = startAndEnd(bounds);
  const cursor = position === null ? error.id : encodeCursor(position);
  const [, name] = row.split(' ');
  const why = `is no longer valid: its ${name} is gone; start again without it`;
  return new InvalidCursorError(startArgument(bounds), cursor, why);
}

/** Where the page's query starts and ends. */
export function startAndEnd({
  direction,
  after,
  before,
}: PageBounds): readonly [Position | null, Position | null] {
  return direction === 'forward' ? [after, before] : [before, after];
}

export function startArgument({ direction }: PageBounds): 'after' | 'before' {
  return direction === 'forward' ? 'after' : 'before';
}
