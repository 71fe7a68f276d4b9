import { type Actor, findActor } from '../model/actors.ts';
import { HttpError } from './http-error.ts';
import { errorReply } from './reply.ts';
import type { ApiRequest } from './router.ts';

/** The pattern of the lower-case version 4 UUIDs that ids in Letta are made of, with a prefix. */
export const UUID4 = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';

/** Python's patterns overlook a line break at the end. */
function isId(prefix: 'run' | 'user', id: string): boolean {
  return new RegExp(`^${prefix}-${UUID4}\\n?$`).test(id);
}

/** Returns the id if it is valid. @throws HttpError (400) for another format. */
export function requireId(prefix: 'run' | 'user', id: string): string {
  if (isId(prefix, id)) return id;
  const message = `Invalid ${prefix} ID format: ${id}. Expected format: '${prefix}-<uuid4>'`;
  throw new HttpError(errorReply(400, `INVALID_ARGUMENT: ${message}`));
}

/**
 * Returns the user of the `user_id` header (with an underscore), else the default user.
 * @throws HttpError (400) when the header is malformed.
 */
export function requestActor(request: ApiRequest): Actor {
  const userId = request.headers['user_id'];
  return findActor(userId === undefined ? undefined : requireId('user', userId));
}
