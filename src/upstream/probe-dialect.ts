import { comparePositions } from '../pagination/position.ts';
import { positionOf } from '../runs/position.ts';
import type { Run } from '../runs/run.ts';
import type { Dialect } from './dialect.ts';

/** Asks for runs of any kind, newest first. */
export type ListNewest = (
  limit: number,
  cursors: { readonly before?: string; readonly after?: string },
) => Promise<readonly Run[]>;

/** Wide enough that a run deleted between the two requests doesn't change the verdict. */
const WINDOW = 10;

/**
 * Finds a server's dialect with two requests: the newest few runs, then what lies between the
 * newest (as `before`) and the oldest of these (as `after`). A reversed server answers with the
 * runs in between, one that works as documented with none.
 *
 * Undefined when the answer proves nothing: fewer than two runs to see, or cursors are ignored.
 */
export async function probeDialect(list: ListNewest): Promise<Dialect | undefined> {
  const window = await list(WINDOW, {});
  const newest = window[0];
  const oldest = window.at(-1);
  if (newest === undefined || oldest === undefined || window.length < 2) return undefined;
  // Nothing lies between two runs; there, `before` alone has to tell.
  const between = window.length > 2 ? { before: newest.id, after: oldest.id } : { before: newest.id };
  const [row] = await list(1, between);
  if (row === undefined) return 'documented';
  const place = positionOf(row);
  if (comparePositions(place, positionOf(newest)) >= 0) return undefined;
  const isBetween = window.length === 2 || comparePositions(place, positionOf(oldest)) > 0;
  return isBetween ? 'reversed' : 'documented';
}
