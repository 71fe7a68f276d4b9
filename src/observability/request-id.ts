import { randomUUID } from 'node:crypto';

export const REQUEST_ID_HEADER = 'x-request-id';

/** Ids that are accepted from callers, since they are written into logs and headers. */
const WELL_FORMED = /^[\w.:@/+=-]{1,128}$/;

/** The maximum length of an id to which the number of an operation is appended. */
const MAX_BASE_LENGTH = 118;

/**
 * Returns the request id that the caller or a proxy sent, if it is well-formed; else a new id.
 *
 * @param number of an operation on a connection, whose operations share the id; it is appended
 */
export function requestIdOf(sent: unknown, number?: number): string {
  if (typeof sent !== 'string' || !WELL_FORMED.test(sent)) return randomUUID();
  return number === undefined ? sent : `${sent.slice(0, MAX_BASE_LENGTH)}/${number}`;
}
