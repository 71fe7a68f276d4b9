import { HttpError } from './http-error.ts';
import { databaseError, rejectNul } from './list-parameters.ts';
import { choice, int, text } from './query-parameters.ts';
import { errorReply } from './reply.ts';

/** The query parameters of the lists of one run or step, in Letta's order of declaration. */
export const PAGE_PARAMETERS = {
  before: text,
  after: text,
  limit: int(),
  order: choice('literal_error', ['asc', 'desc']),
  order_by: choice('literal_error', ['created_at']),
};

const DEFAULT_LIMIT = 100;
/** More than any list has, and exact when doubled. */
const ENOUGH = 2 ** 50;

/**
 * Returns the number of rows to read.
 * @param isDoubled whether Letta reads twice as many, as between two cursors
 * @throws HttpError (500), as for what PostgreSQL refuses: limits beyond 64 bits
 */
export function rowLimit(limit = DEFAULT_LIMIT, isDoubled = false): number {
  if (limit < 0 || limit === Infinity || (isDoubled && limit >= 2 ** 62)) throw databaseError();
  return Math.min(limit, ENOUGH);
}

/**
 * Looks a cursor up; an absent or empty one is undefined.
 * @param missing the detail of the 404 for an unknown one
 * @throws HttpError
 */
export function requireCursor<Found>(
  id: string | undefined,
  find: (id: string) => Found | undefined,
  missing: (id: string) => string,
): Found | undefined {
  if (!id) return undefined;
  rejectNul([id]);
  const found = find(id);
  if (found === undefined) throw new HttpError(errorReply(404, missing(id)));
  return found;
}
