import type { Log } from '../observability/log.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Access } from './graphql/access.ts';
import { unauthenticated } from './server/failure.ts';
import { type HttpAnswer, jsonAnswer } from './server/http-answer.ts';
import type { HttpRequest, Route } from './server/http-request.ts';

export interface ReadinessOptions {
  /** Whether the gateway is shutting down. */
  readonly isDraining: () => boolean;
  readonly upstreamUrl: string;
  /** Returns what is known about the upstream. Rejects if it does not respond within a time of its own. */
  readonly checkUpstream: () => Promise<object>;
  readonly log: Log;
  /** The time in milliseconds. @default performance.now */
  readonly now?: () => number;
}

/** Milliseconds for which the answer of the upstream is used again. */
const KEPT_MS = 1_000;
const DRAINING = jsonAnswer(503, { status: 'draining' });

/**
 * Creates the readiness check, which answers 200, or 503 while the gateway drains or its upstream is down. All
 * callers share one request to the upstream, and its answer for a second: what they cause there doesn't depend on
 * how many they are.
 */
function createReadiness(options: ReadinessOptions) {
  const { isDraining, upstreamUrl: url, checkUpstream, log, now = () => performance.now() } = options;
  let checked: Promise<object | undefined> | undefined;
  let expires = Infinity;

  const check = async (): Promise<object | undefined> => {
    try {
      return await checkUpstream();
    } catch (error) {
      log.warn({ err: error }, 'Upstream is not ready');
      return undefined;
    } finally {
      expires = now() + KEPT_MS;
    }
  };

  return {
    /** @param isTrusted whether the caller may know about the upstream */
    async answer(isTrusted: boolean): Promise<HttpAnswer> {
      if (isDraining()) return DRAINING;
      if (checked === undefined || now() >= expires) {
        expires = Infinity;
        checked = check();
      }
      const state = await checked;
      if (isDraining()) return DRAINING;
      if (state === undefined) return jsonAnswer(503, { status: 'the upstream does not answer' });
      return jsonAnswer(200, { status: 'ready', ...(isTrusted && { upstream: { url, ...state } }) });
    },
  };
}

export interface OperatorRoutesOptions extends ReadinessOptions {
  readonly metrics: Pick<Metrics, 'registry'>;
  readonly access: Access;
  /** Whether the details are served on a port of their own. */
  readonly hasAdminPort: boolean;
}

/** Creates the routes for those who run the gateway: as anyone can reach them, and as they are on the admin port. */
export function createOperatorRoutes(options: OperatorRoutesOptions) {
  const { access, hasAdminPort } = options;
  const { registry } = options.metrics;
  const readiness = createReadiness(options);
  const metrics: Route = async () => ({
    status: 200,
    headers: { 'content-type': registry.contentType },
    body: [Buffer.from(await registry.metrics())],
  });
  const showsToken = ({ headers }: HttpRequest): boolean => access.showsToken(headers.authorization);
  const metricsForCallers: Route = (request, requestId) =>
    access.requiresToken && !showsToken(request) ? unauthenticated(requestId) : metrics(request, requestId);
  const ready: Route = (request) => readiness.answer(!hasAdminPort && showsToken(request));
  return {
    open: { ready, metrics: hasAdminPort ? undefined : metricsForCallers },
    admin: { ready: () => readiness.answer(true), metrics },
  };
}
