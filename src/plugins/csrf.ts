import { Refusal } from '../server/refusal.ts';
import type { GatewayPlugin } from './gateway-request.ts';

/** Headers that a page can't send to another origin without a preflight: each lets any GET be executed. */
export const PREFLIGHT_HEADERS = [
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'x-graphql-yoga-csrf',
] as const;

const uninvited = new Refusal(
  'FORBIDDEN',
  'Pages of this origin may not ask. If they should, list it in CORS_ORIGINS. Any other client sends Apollo-Require-Preflight: 1 as well.',
);

/** The query of health checks. It causes no work. */
const HEALTH_CHECK = /\?query=(?:%7B|\{)(?:%20|\+)*__typename(?:%20|\+)*(?:%7D|\})$/i;

/**
 * Prevents that a page of another origin causes work, as it could by an image or a link to prefetch. It couldn't read
 * the answer, but it would be executed and paid for. What no browser sent needs no header.
 *
 * @param admits whether pages of an origin may ask
 */
export function useCsrfPrevention(admits: (origin: string, host: string) => boolean): GatewayPlugin {
  return {
    onRequestParse({ request: { method, url, headers } }) {
      if (method !== 'GET' || isPreflighted(headers) || HEALTH_CHECK.test(url)) return;
      const from = originOf(headers);
      if (from !== undefined && !admits(from, URL.parse(url)?.host ?? '')) throw uninvited;
    },
  };
}

/** Whether a browser has asked first whether it may send such a request. JSON is sent by GET as well by Apollo's clients. */
function isPreflighted(headers: Headers): boolean {
  const isJson = /^application\/json\s*(?:;|$)/i.test(headers.get('content-type') ?? '');
  return isJson || PREFLIGHT_HEADERS.some((name) => headers.has(name));
}

/**
 * Returns the origin of the page that sends a request, `null` if it is unknown; undefined if no page of another origin
 * does. Judged by what browsers tell and pages can't change.
 */
function originOf(headers: Headers): string | undefined {
  const site = headers.get('sec-fetch-site');
  if (site === 'same-origin' || site === 'none') return undefined;
  // Browsers that tell the mode tell the site as well: this is a program that uses the `fetch` of Node.
  const isProgram = headers.get('accept')?.startsWith('application/') === true;
  if (site === null && headers.has('sec-fetch-mode') && isProgram) return undefined;
  // Requests without CORS have no origin. Browsers don't tell the site either where they reach the gateway without TLS,
  // and a page may keep them from telling where they are, but not from telling that they are browsers.
  const place = site === null ? URL.parse(headers.get('referer') ?? '')?.origin : undefined;
  const isOfPage = site !== null || headers.get('user-agent')?.startsWith('Mozilla/') === true;
  return headers.get('origin') ?? place ?? (isOfPage ? 'null' : undefined);
}
