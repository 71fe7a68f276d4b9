import type { Access } from '../access/access.ts';
import { type Refusal, unauthenticated } from '../access/refusal.ts';
import type { Log } from '../observability/log.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { StaticResponse } from '../static/browser-page.ts';

/** Answers a GET or a HEAD. @param authorization the header of the request */
type Route = (authorization: string | null) => StaticResponse | Refusal | Promise<StaticResponse | Refusal>;

export interface OperatorRoutesOptions {
  /** Whether the gateway is shutting down. */
  readonly isDraining: () => boolean;
  readonly upstreamUrl: string;
  /** Returns a function that reads the state of the upstream. Rejects if the upstream does not respond in time. */
  readonly checkUpstream: () => Promise<() => object>;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'registry'>;
  readonly access: Pick<Access, 'requiresToken' | 'showsToken'>;
  /** Whether the details are served on a port of their own. */
  readonly hasAdminPort: boolean;
}

export type Routes = ReadonlyMap<string, Route>;

/** Milliseconds for which the response of the upstream is cached. */
const CACHED_MS = 1_000;

/** Creates the routes for operators: for the port of GraphQL, and for the admin port. */
export function createOperatorRoutes(options: OperatorRoutesOptions) {
  const { access, hasAdminPort } = options;
  const { registry } = options.metrics;
  const ready = createReadiness(options);
  const metrics: Route = async () => ({
    status: 200,
    headers: { 'content-type': registry.contentType },
    body: await registry.metrics(),
  });
  const forCallers: Route = (authorization) =>
    access.requiresToken && !access.showsToken(authorization)
      ? unauthenticated(authorization)
      : metrics(authorization);
  return {
    open: new Map<string, Route>([
      ['/health', health],
      ['/ready', (authorization) => ready(!hasAdminPort && access.showsToken(authorization))],
      ...(hasAdminPort ? [] : [['/metrics', forCallers] as const]),
    ]),
    admin: new Map<string, Route>([
      ['/health', health],
      ['/ready', () => ready(true)],
      ['/metrics', metrics],
    ]),
  };
}

/**
 * Creates the readiness check, which answers 200, or 503 while the gateway drains or its upstream is down. It sends the
 * upstream one request a second at most, for all callers.
 */
function createReadiness(options: OperatorRoutesOptions): (isTrusted: boolean) => Promise<StaticResponse> {
  const { isDraining, upstreamUrl: url, checkUpstream, log } = options;
  let checked: Promise<(() => object) | undefined> | undefined;

  const check = async (): Promise<(() => object) | undefined> => {
    try {
      return await checkUpstream();
    } catch (error) {
      log.warn({ err: error }, 'Upstream is not ready');
      return undefined;
    } finally {
      setTimeout(() => (checked = undefined), CACHED_MS).unref();
    }
  };

  return async (isTrusted) => {
    if (isDraining()) return json(503, { status: 'draining' });
    const state = await (checked ??= check());
    if (isDraining()) return json(503, { status: 'draining' });
    if (state === undefined) return json(503, { status: 'the upstream does not answer' });
    return json(200, { status: 'ready', ...(isTrusted && { upstream: { url, ...state() } }) });
  };
}

const health: Route = () => json(200, { status: 'ok' });

function json(status: number, value: object): StaticResponse {
  const headers = { 'content-type': 'application/json' };
  return { status, headers, body: JSON.stringify(value) };
}
