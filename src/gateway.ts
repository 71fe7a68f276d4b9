import { type Config, defaults } from './config/config.ts';
import { createEngine, readRunList } from './engine/index.ts';
import { toGraphQLError } from './graphql/errors.ts';
import { createOperations } from './graphql/operations.ts';
import { schema } from './graphql/schema/index.ts';
import { createGraphqlServer } from './graphql/yoga.ts';
import { createAccess } from './http/access.ts';
import { checkEndpoint, DEFAULT_ENDPOINT } from './http/endpoint.ts';
import { createHttp } from './http/index.ts';
import type { NodeListener } from './http/node-listener.ts';
import { type Log, silentLog } from './observability/log.ts';
import { createMetrics, type Metrics } from './observability/metrics.ts';
import { loggedTelemetry } from './observability/upstream-log.ts';
import { createRunsUpstream } from './upstream/letta/runs-upstream.ts';
import { decodeRunList } from './wire/run-list.ts';

/** Settings of a gateway, each with a default; `host`, `port` and `drainTimeoutMs` are for `listen`. */
export interface GatewayOptions extends Partial<Config> {
  /**
   * The whole path, as clients ask for it, of GraphQL and GraphiQL; such as `/api/graphql` in an app
   * that serves its API there.
   *
   * @default '/graphql'
   */
  readonly endpoint?: string;
  /** Told of each operation and of what goes wrong; a pino logger is one. @default none */
  readonly log?: Log;
}

/** GraphQL over one runs API. Disposing closes its upstream connections. */
export interface Gateway extends AsyncDisposable {
  /** Where its runs come from. */
  readonly upstreamUrl: string;
  /** The path of GraphQL and GraphiQL. */
  readonly endpoint: string;
  /** What `/metrics` shows; collectors of one's own may be added to its registry. */
  readonly metrics: Metrics;
  /**
   * Answers one request by the path of its address: GraphQL at `endpoint`, `/health`, `/ready` or
   * `/metrics`; 404 for anything else. Never rejects. It may be called without the gateway as `this`.
   */
  readonly fetch: (request: Request) => Promise<Response>;
  /**
   * The same for Node's http module, and for frameworks over it. Where a framework cuts the path,
   * `request.originalUrl` counts; where a body parser has read the body, `request.body` does.
   */
  readonly listener: NodeListener;
  /** Makes `/ready` say that no more requests should come. */
  startDraining(): void;
}

/**
 * A gateway over one upstream; without an `upstreamUrl` over a runs API of its own with sample runs,
 * reached over HTTP like any other. It doesn't listen: see `listen`.
 *
 * @throws TypeError for an `endpoint` that is no path
 */
export async function createGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const { endpoint: path = DEFAULT_ENDPOINT, log = silentLog, ...settings } = options;
  const endpoint = checkEndpoint(path);
  // An option that is undefined is one that isn't given.
  const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  const config: Config = { ...defaults, ...given };
  await using starting = new AsyncDisposableStack();
  const upstreamUrl = config.upstreamUrl ?? starting.use(await embeddedApi(log)).baseUrl;
  const metrics = createMetrics();
  const upstream = starting.use(
    createRunsUpstream({
      baseUrl: upstreamUrl,
      timeoutMs: config.upstreamTimeoutMs,
      maxBytes: config.upstreamMaxBytes,
      maxInFlight: config.upstreamMaxInFlight,
      dialect: config.upstreamDialect,
      readList: config.rowCopying ? readRunList : decodeRunList,
      telemetry: loggedTelemetry(metrics.upstream, log),
    }),
  );
  const engine = createEngine({
    schema,
    copiesRows: config.rowCopying,
    maxCost: config.maxCost,
    maxResponseBytes: config.maxResponseBytes,
  });
  const operations = createOperations(engine, upstream, log, () => metrics.upstream.call('joined'));
  const maskError = (error: unknown) =>
    toGraphQLError(error, undefined, (cause) => log.error({ err: cause }, 'Unexpected error'));
  let draining = false;
  const checkUpstream = (signal: AbortSignal) => upstream.checkHealth(signal);
  const http = createHttp({
    endpoint,
    operations,
    server: createGraphqlServer({ operations, endpoint, maskError }),
    access: createAccess(config),
    readiness: { isDraining: () => draining, upstreamUrl, checkUpstream, log },
    metrics,
    log,
  });
  const parts = starting.move();
  return {
    upstreamUrl,
    endpoint,
    metrics,
    ...http,
    startDraining() {
      draining = true;
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

/** Its database is loaded only where it is needed. */
async function embeddedApi(log: Log): Promise<AsyncDisposable & { readonly baseUrl: string }> {
  const { startEmbeddedApi } = await import('./embedded-api/with-sample-runs.ts');
  return startEmbeddedApi((error) => log.error({ err: error }, 'Unexpected error of the embedded runs API'));
}
