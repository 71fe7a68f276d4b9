import type { Position } from '../store/list-query.ts';
import { HttpError } from './http-error.ts';
import { requireCursor } from './page-parameters.ts';
import { errorReply } from './reply.ts';

interface Cursors {
  readonly before: Position | undefined;
  readonly after: Position | undefined;
}

/**
 * Looks up both cursors of a list by time.
 * @param model the name of Letta's class of the rows
 * @throws HttpError 404 for an unknown one, 400 if they are crossed
 */
export function timeCursors(
  model: 'Step' | 'Message',
  cursors: { readonly before?: string | undefined; readonly after?: string | undefined },
  find: (id: string) => Position | undefined,
): Cursors {
  const missing = (id: string): string => `No ${model} found with id ${id}`;
  const before = requireCursor(cursors.before, find, missing);
  const after = requireCursor(cursors.after, find, missing);
  if (before !== undefined && after !== undefined && before.createdAt < after.createdAt) {
    throw new HttpError(errorReply(400, "'before' reference must be later than 'after' reference"));
  }
  return { before, after };
}
