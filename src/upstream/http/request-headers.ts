import { VERSION } from '../../runtime/package-version.ts';
import type { HeldMemory } from '../../scheduling/held-memory.ts';
import type { UpstreamCaller } from '../credentials.ts';
import type { UpstreamTrace } from '../trace.ts';

/** Who sends a request, and the headers that go with it. */
export interface RequestSender extends UpstreamCaller {
  /** Sent upstream as `x-request-id`. */
  readonly requestId?: string | undefined;
  /** The memory of the account, as a part of which a body counts while it comes. @default not counted */
  readonly memory?: HeldMemory | undefined;
  /** The trace of the request; not part of the single-flight key. */
  readonly trace?: UpstreamTrace | undefined;
}

export const BASE_HEADERS = {
  accept: 'application/json',
  'accept-encoding': 'identity',
  'user-agent': `runs-gateway/${VERSION}`,
} as const;
