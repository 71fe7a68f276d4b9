import { REQUEST_ID_HEADER } from '../../observability/request-id.ts';
import type { HttpAnswer } from './http-answer.ts';
import type { HttpRequest } from './http-request.ts';
import { COST_HEADER, isJson, PREFLIGHT_HEADERS } from './request-headers.ts';

/** For every answer. Other sites may neither embed it nor guess its type. */
export const DATA_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  // Holds for requests without CORS, such as those of script and image tags.
  'cross-origin-resource-policy': 'same-origin',
  // Nobody between the caller and the gateway may keep what it was answered.
  'cache-control': 'no-store',
  // Data loads nothing. GraphiQL has a policy of its own.
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

/** Stands for any origin. */
const ANY = '*';

/** For answers: what pages may read besides the body and the headers that are always readable. */
const EXPOSED = { 'access-control-expose-headers': `${REQUEST_ID_HEADER}, retry-after` };

/** Which pages of other origins may read answers. */
export interface Cors {
  /** Returns the headers that all answers of data have, those for security included; a shared object. */
  readonly headersFor: (origin: string | undefined) => Readonly<Record<string, string>>;
  /** Whether pages of an origin may ask the gateway: its own, by the host of the request, and those that are listed. */
  readonly admits: (origin: string, host: string | undefined) => boolean;
  /** Returns the answer to a preflight of an origin that is allowed; undefined for any other request. */
  readonly preflight: (request: HttpRequest) => HttpAnswer | undefined;
}

/**
 * Credentials mode is never allowed: the gateway knows no cookies, and pages send access tokens in the
 * `Authorization` header, which needs none.
 *
 * @param origins exact origins, or `*` for any; none for none
 * @param forwarded the headers of callers that go upstream
 */
export function createCors(origins: readonly string[], forwarded: readonly string[]): Cors {
  const allowed = ['content-type', ...forwarded, REQUEST_ID_HEADER, COST_HEADER];
  const takesAny = origins.includes(ANY);
  const varies = origins.length > 0 && !takesAny;
  const forOthers = varies ? { ...DATA_HEADERS, vary: 'origin' } : DATA_HEADERS;
  const known = new Map(
    origins.map((origin) => [origin, { ...forOthers, 'access-control-allow-origin': origin, ...EXPOSED }]),
  );
  const isListed = (origin: string): boolean => takesAny || known.has(origin);
  return {
    headersFor: (origin = '') => known.get(takesAny ? ANY : origin) ?? forOthers,
    admits: (origin, host) =>
      isListed(origin) || (URL.canParse(origin) && new URL(origin).host === host?.toLowerCase()),
    preflight({ method, headers }) {
      if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return undefined;
      if (!isListed(headers.origin ?? '')) return undefined;
      const asked = headers['access-control-request-headers']?.toLowerCase() ?? '';
      const needless = PREFLIGHT_HEADERS.filter((name) => asked.includes(name));
      const answer = {
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': [...allowed, ...needless].join(', '),
        // Seconds after which a browser asks again.
        'access-control-max-age': '7200',
      };
      return { status: 204, headers: answer, body: [] };
    },
  };
}

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
