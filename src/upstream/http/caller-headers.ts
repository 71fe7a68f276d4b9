import { VERSION } from '../../runtime/version.ts';
import type { UpstreamCaller } from '../credentials.ts';
import { PROJECT_HEADERS } from '../forwarded-headers.ts';
import type { UpstreamTrace } from '../upstream-call.ts';

/** Who sends a request, and the headers that go with it. */
export interface CallerHeaders extends UpstreamCaller {
  readonly requestId: string | undefined;
  /** The trace of the request; part of no key. */
  readonly trace?: UpstreamTrace | undefined;
}

/** What every request has. Without a `User-Agent`, servers up to 0.13.0 answer 500 for an agent. */
export const OWN_HEADERS = {
  accept: 'application/json',
  'accept-encoding': 'identity',
  'user-agent': `runs-gateway/${VERSION}`,
} as const;

const REQUEST_ID = 'x-request-id';
const NOT_SECRET: ReadonlySet<string> = new Set([
  ...Object.keys(OWN_HEADERS),
  ...PROJECT_HEADERS,
  REQUEST_ID,
  'traceparent',
  'tracestate',
  'content-type',
]);

export function headersOf({ headers, requestId, trace }: CallerHeaders): Record<string, string> {
  const all: Record<string, string> = { ...OWN_HEADERS, ...headers };
  if (trace?.headers !== undefined) Object.assign(all, trace.headers);
  if (requestId !== undefined) all[REQUEST_ID] = requestId;
  return all;
}

/** Returns what must not be logged of the headers of a request. */
export function secretsOf(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(headers).flatMap(([name, value]) => (NOT_SECRET.has(name) ? [] : [value]));
}
