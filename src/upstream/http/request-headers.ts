import { VERSION } from '../../runtime/package-version.ts';
import type { UpstreamCaller } from '../credentials.ts';
import type { UpstreamTrace } from '../trace.ts';

/** Who sends a request, and the headers that go with it. */
export interface RequestSender extends UpstreamCaller {
  /** Sent upstream as `x-request-id`. */
  readonly requestId?: string | undefined;
  /** Whether bodies count as the account's memory; not for a mutation, whose outcome must be read. @default false */
  readonly isCounted?: boolean;
  /** The trace of the request; not part of the single-flight key. */
  readonly trace?: UpstreamTrace | undefined;
}

/** The headers of every request. Without a `User-Agent`, servers up to 0.13.0 answer 500 for an agent. */
export const BASE_HEADERS = {
  accept: 'application/json',
  'accept-encoding': 'identity',
  'user-agent': `runs-gateway/${VERSION}`,
} as const;
