import type { Cors } from '../server/cors.ts';
import type { HttpRequest } from '../server/http-request.ts';
import { isJson, PREFLIGHT_HEADERS } from '../server/request-headers.ts';

/** The query of health checks. It causes no work. */
const HEALTH_CHECK = /^query=(?:%7B|\{)(?:%20|\+)*__typename(?:%20|\+)*(?:%7D|\})$/i;

/**
 * Whether a GET comes from a page of another origin that may not cause work, as it could by an image or a link to
 * prefetch. It couldn't read the answer, but it would be executed and paid for.
 *
 * Judged by what browsers tell and pages can't change. Without any of it, as from curl and servers, it is not a page's.
 */
export function isUninvited({ headers, host, search }: HttpRequest, admits: Cors['admits']): boolean {
  const { accept = '', origin, referer = '', 'user-agent': agent = '' } = headers;
  const { 'sec-fetch-site': site, 'sec-fetch-mode': mode } = headers;
  if (site === 'same-origin' || site === 'none' || HEALTH_CHECK.test(search)) return false;
  // Browsers that tell the mode tell the site as well: this is a program that uses the `fetch` of Node.
  if (site === undefined && mode !== undefined && accept.startsWith('application/')) return false;
  // Requests without CORS have no origin. Browsers don't tell the site either where they reach the gateway without TLS,
  // and a page may keep them from telling where they are, but not from telling that they are browsers.
  const place = site === undefined ? URL.parse(referer)?.origin : undefined;
  const isOfPage = site !== undefined || agent.startsWith('Mozilla/');
  const from = origin ?? place ?? (isOfPage ? 'null' : undefined);
  if (from === undefined || admits(from, host)) return false;
  // A page of another origin could send these only after a preflight, which it would have failed.
  return !isJson(headers['content-type']) && PREFLIGHT_HEADERS.every((name) => headers[name] === undefined);
}
