import { Refusal } from './refusal.ts';

/** Headers that a page can't send to another origin without a preflight; a GET with any of these is executed. */
export const PREFLIGHT_HEADERS = [
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'x-graphql-yoga-csrf',
] as const;

export type AdmitsOrigin = (origin: string, host: string) => boolean;

const forbiddenOrigin = new Refusal(
  'FORBIDDEN',
  'Pages of this origin may not send requests. If they should, list it in CORS_ORIGINS. Any other client sends Apollo-Require-Preflight: 1 as well.',
);

/** The query of health checks, which causes no work. */
const HEALTH_CHECK = /^[^?]*\?query=(?:%7B|\{)(?:%20|\+)*__typename(?:%20|\+)*(?:%7D|\})$/i;

/**
 * Prevents CSRF by GET: a page of another origin can't read the response to an image or a prefetched link, but the query
 * would be executed and charged. Clients that aren't browsers need no header.
 *
 * @param admits whether pages of an origin may send requests
 * @throws Refusal
 */
export function preventCsrf({ url, headers }: Request, admits: AdmitsOrigin): void {
  if (isPreflighted(headers) || HEALTH_CHECK.test(url)) return;
  const site = headers.get('sec-fetch-site');
  if (site === 'same-origin' || site === 'none') return;
  const origin = headers.get('origin');
  if (origin !== null && admits(origin, URL.parse(url)?.host ?? '')) return;
  // An image has no `Origin`, and over plain HTTP no `Sec-Fetch-Site`. A page can't change the `User-Agent`.
  const isOfBrowser = site !== null || headers.get('user-agent')?.startsWith('Mozilla/') === true;
  if (origin !== null || isOfBrowser) throw forbiddenOrigin;
}

/** Whether a browser sends a preflight first. Apollo's clients declare JSON as the content type even of a GET. */
function isPreflighted(headers: Headers): boolean {
  const isJson = /^application\/json\s*(?:;|$)/i.test(headers.get('content-type') ?? '');
  return isJson || PREFLIGHT_HEADERS.some((name) => headers.has(name));
}
