import type { Registry } from 'prom-client';
import type { Access } from '../graphql/access.ts';
import { unauthenticated } from '../server/failure.ts';
import type { HttpRequest, Route } from '../server/http-request.ts';
import type { Readiness } from './readiness.ts';

export interface OperatorRoutesOptions {
  readonly readiness: Readiness;
  readonly registry: Registry;
  readonly access: Access;
  /** Whether the details are served on a port of their own. */
  readonly hasAdminPort: boolean;
}

/** The routes for those who run the gateway. */
export interface OperatorRoutes {
  readonly ready: Route;
  readonly metrics: Route | undefined;
}

/** Creates the routes as anyone can reach them, and as they are on the admin port. */
export function createOperatorRoutes(
  options: OperatorRoutesOptions,
): Readonly<Record<'open' | 'admin', OperatorRoutes>> {
  const { readiness, registry, access, hasAdminPort } = options;
  const metrics: Route = async () => ({
    status: 200,
    headers: { 'content-type': registry.contentType },
    body: [Buffer.from(await registry.metrics())],
  });
  const showsToken = ({ headers }: HttpRequest): boolean => access.showsToken(headers.authorization ?? null);
  const metricsForCallers: Route = (request, requestId) =>
    access.requiresToken && !showsToken(request) ? unauthenticated(requestId) : metrics(request, requestId);
  return {
    open: {
      ready: (request) => readiness.answer(!hasAdminPort && showsToken(request)),
      metrics: hasAdminPort ? undefined : metricsForCallers,
    },
    admin: { ready: () => readiness.answer(true), metrics },
  };
}
