import { randomUUID } from 'node:crypto';

export const REQUEST_ID_HEADER = 'x-request-id';

/** Ids accepted from callers: they are written into logs and headers. */
const WELL_FORMED = /^[\w.:@/+=-]{1,128}$/;

/** Room for the number of an operation behind an id. */
const MAX_BASE_LENGTH = 118;

/**
 * Returns the id that the caller or a proxy gave the request, if it is well-formed; else a new one.
 *
 * @param number of the operation among those of a connection, whose id they share; it is added then
 */
export function requestIdOf(given: unknown, number?: number): string {
  if (typeof given !== 'string' || !WELL_FORMED.test(given)) return randomUUID();
  return number === undefined ? given : `${given.slice(0, MAX_BASE_LENGTH)}/${number}`;
}
