import type { Metrics } from '../../observability/metrics.ts';
import type { Access } from '../graphql/access.ts';
import { unauthenticated } from '../server/failure.ts';
import type { HttpRequest, Route } from '../server/http-request.ts';
import { createReadiness, type ReadinessOptions } from './readiness.ts';

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
