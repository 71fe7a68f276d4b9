import type { CORSOptions } from 'graphql-yoga';
import { REQUEST_ID_HEADER } from '../observability/request-id.ts';
import { PREFLIGHT_HEADERS } from './csrf.ts';
import { COST_HEADER } from './gateway-request.ts';

/** Stands for any origin. */
const ANY = '*';
/** Headers that MCP clients send. */
const MCP_HEADERS = ['mcp-protocol-version', 'mcp-session-id', 'mcp-method', 'mcp-name'];
/** Seconds for which a browser caches a preflight. */
const MAX_AGE = 7200;

/**
 * Decides which pages of other origins may read responses.
 *
 * Credentials mode is never allowed: the gateway uses no cookies, and an `Authorization` header works without it.
 *
 * @param origins exact origins, or `*` for all; empty for no other origin
 * @param forwarded the headers of callers that go upstream
 */
export function createCors(origins: readonly string[], forwarded: readonly string[]) {
  const isListed = (origin: string): boolean => origins.includes(ANY) || origins.includes(origin);
  const listed: CORSOptions = {
    origin: [...origins],
    credentials: false,
    methods: ['GET', 'POST'],
    allowedHeaders: [
      'content-type',
      ...forwarded,
      REQUEST_ID_HEADER,
      COST_HEADER,
      ...PREFLIGHT_HEADERS,
      ...MCP_HEADERS,
    ],
    exposedHeaders: [REQUEST_ID_HEADER, 'retry-after'],
    maxAge: MAX_AGE,
  };
  return {
    /** The `cors` option of Yoga. */
    options:
      origins.length > 0 &&
      (({ headers }: Request) => (isListed(headers.get('origin') ?? '') ? listed : false)),
    /** Whether pages of an origin may send requests: of the gateway's own, by the request's host, and of listed origins. */
    admits: (origin: string, host: string): boolean =>
      isListed(origin) || (URL.canParse(origin) && new URL(origin).host === host.toLowerCase()),
  };
}
