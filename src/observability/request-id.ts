import { randomUUID } from 'node:crypto';

export const REQUEST_ID_HEADER = 'x-request-id';

/** Ids accepted from callers: they are written into logs and headers. */
const WELL_FORMED = /^[\w.:@/+=-]{1,128}$/;

/** Returns the id that the caller or a proxy gave the request, if it is well-formed; else a new one. */
export function requestIdOf(given: string | readonly string[] | null | undefined): string {
  return typeof given === 'string' && WELL_FORMED.test(given) ? given : randomUUID();
}
