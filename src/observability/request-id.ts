import { randomUUID } from 'node:crypto';

export const REQUEST_ID_HEADER = 'x-request-id';

/** What a caller may choose as an id: it goes into logs and headers. */
const WELL_FORMED = /^[\w.:@/+=-]{1,128}$/;

/** The id that the caller or a proxy has given this request, if it is fit to be logged; else a new one. */
export function requestIdOf(given: string | null): string {
  return given !== null && WELL_FORMED.test(given) ? given : randomUUID();
}
