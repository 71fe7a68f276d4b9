import type { IncomingHttpHeaders } from 'node:http';

/** A request with the value `1` gets the cost of its operation in `extensions.cost`. */
export const COST_HEADER = 'graphql-cost-debug';

/** Whether a body comes with the request, read or not. */
export function announcesBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

/** GraphiQL is for browsers. */
export function acceptsHtml(accept: string | null | undefined): boolean {
  return accept?.includes('text/html') === true;
}
