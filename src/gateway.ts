import type { Duplex } from 'node:stream';
import type { Tracer } from '@opentelemetry/api';
import { createYoga } from 'graphql-yoga';
import { createAccess } from './access/access.ts';
import { limitRequests, useCaller } from './access/caller.ts';
import { createCors } from './access/cors.ts';
import type { GatewayContext, GatewayPlugin } from './access/gateway-request.ts';
import { createHostCheck } from './access/host-check.ts';
import { openRateLimit, useRequestRateLimit } from './access/rate-limit.ts';
import type { GatewayConfig, ProgramConfig } from './config/program-options.ts';
import { createPrices } from './config/replaceable-prices.ts';
import { createReplaceableSecrets } from './config/replaceable-secrets.ts';
import { watchFiles } from './config/watched-files.ts';
import { explorerDocuments } from './explorer/documents.ts';
import { createExplorer } from './explorer/index.ts';
import { type Gateway, type GatewayOptions, readGatewayOptions } from './gateway-options.ts';
import { createGraphiql } from './graphiql/index.ts';
import { DEFAULT_ENDPOINT } from './http/check-endpoint.ts';
import { useCompression } from './http/compression.ts';
import { useEventStream } from './http/event-stream.ts';
import { createRequestHandler, createHandlers } from './http/handlers.ts';
import { streamsEnd } from './http/listen-options.ts';
import { createOperatorRoutes } from './http/operator-routes.ts';
import { operatorServer, withOperatorRoutes } from './http/operator-server.ts';
import { useRawResponse } from './http/raw-response.ts';
import { useRequestBody } from './http/request-body.ts';
import { useResponseHeaders } from './http/response-headers.ts';
import { useRoutes } from './http/routes.ts';
import { createWebSockets } from './http/websockets/index.ts';
import { createOperationHandler } from './http/websockets/operations.ts';
import { YOGA_OPTIONS } from './http/yoga-options.ts';
import { createLive } from './live/index.ts';
import { createMcp } from './mcp/index.ts';
import { createJournal } from './observability/journal.ts';
import { fromLevel, silentLog } from './observability/log.ts';
import { createMetrics } from './observability/metrics.ts';
import { openTracing } from './observability/tracing.ts';
import { openUpstream, type UpstreamParts } from './open-upstream.ts';
import { useExecution } from './operations/execution.ts';
import { createLoadersContext } from './operations/loaders-context.ts';
import { useOperationLog } from './operations/operation-log.ts';
import { createDocuments, useParseAndValidate } from './operations/parse-and-validate.ts';
import { usePersistedDocuments } from './operations/persisted-documents.ts';
import { createConvertErrors, useErrors } from './operations/result-errors.ts';
import { useSocketResult } from './operations/socket-result.ts';
import { createMemory } from './scheduling/held-memory.ts';
import { schemaWith } from './schema/index.ts';

/** Options that are no settings: those of a program, and parts and limits that tests replace. */
export interface GatewayParts
  extends Omit<GatewayOptions, keyof ProgramConfig>, Pick<UpstreamParts, 'dispatcher' | 'maxUpstreamBytes'> {
  readonly maxCostUnderWay?: number;
}

/**
 * Creates a gateway over one upstream. Without an `upstreamUrl` it starts the embedded runs API with
 * sample runs, and reaches it over HTTP like any other. It doesn't listen: see `listen`.
 *
 * @throws TypeError for options that are unknown, invalid, or contradict each other
 * @throws ConfigError for an invalid manifest of persisted documents, or file of prices
 */
export async function createGateway(options: GatewayOptions = {}): Promise<Gateway> {
  return assembleGateway(readGatewayOptions(options), options);
}

/** Creates a gateway as {@link createGateway} does, of settings that were validated. */
export async function assembleGateway(config: GatewayConfig, parts: GatewayParts): Promise<Gateway> {
  const { endpoint = DEFAULT_ENDPOINT, tracer, plugins = [], dispatcher, maxUpstreamBytes } = parts;
  const log = fromLevel(parts.log ?? silentLog, config.logLevel);
  const schema = schemaWith({ readOnly: config.readOnly, agents: config.agents });
  const prices = createPrices(config);
  await using starting = new AsyncDisposableStack();

  // Access, and the upstream.
  const metrics = createMetrics();
  const journal = createJournal(metrics.series, log);
  const access = createAccess(config);
  const secrets = createReplaceableSecrets(config, access.replace, log);
  const memoryFor = createMemory();
  const upstreamParts = { dispatcher, maxUpstreamBytes, secrets: secrets.hidden, metrics, log };
  const { upstream, upstreamUrl, tls } = await openUpstream(config, upstreamParts, starting);
  const rateLimit = await openRateLimit(config, metrics, log, starting);
  const live = createLive({ ...config, memoryFor, payFor: rateLimit?.chargeRequests });
  metrics.watch('subscriptions', () => live.load.subscriptions);
  metrics.watch('pollers', () => live.load.pollers);
  metrics.watch('upstream_in_flight', () => upstream.rest.load.inFlight);
  metrics.watch('upstream_waiting', () => upstream.rest.load.waiting);

  // Files that are read again when they change, and pages.
  const watched = starting.use(watchFiles([secrets, prices, ...(tls ? [tls] : [])], log));
  const cors = createCors(config.corsOrigins, access.forwarded);
  const routes = createOperatorRoutes({
    isDraining: () => live.isDraining,
    upstreamUrl,
    checkUpstream: () => upstream.checkHealth(),
    log,
    metrics,
    access,
    hasAdminPort: config.adminPort !== undefined,
  });
  // The explorer is at the root, unless GraphQL has it.
  const hasExplorer = config.explorer && endpoint !== '/';
  const { requiresToken } = access;
  const explorer = { endpoint, requiresToken, hasSampleRuns: config.upstreamUrl === undefined };

  // Operations.
  const convertErrors = createConvertErrors(journal);
  const documents = createDocuments();
  const createLoaders = createLoadersContext({
    upstream,
    live,
    scanBudget: config.scanBudget,
    prices: prices.current,
    rateLimit,
    journal,
    onPoll: () => metrics.series.live_requests.inc(),
  });
  const openRequest = limitRequests(config.maxRequestsPerCaller);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The option's type needs no types of OpenTelemetry.
  const tracing = await openTracing(tracer as Tracer | undefined, upstreamUrl);

  const mcp = createMcp({
    ...config,
    endpoint,
    hasExplorer,
    admits: cors.admits,
    journal,
    rateLimit,
    handleOperation: (...operation) => handleOperation(...operation),
  });
  const trustedDocuments = [...(config.explorer ? explorerDocuments : []), ...mcp.documents];

  // The plugins, in the order of their hooks for requests and for responses.
  const list: readonly (GatewayPlugin | object)[] = [
    useResponseHeaders(),
    useRoutes({
      routes: routes.open,
      endpoint,
      graphiql: createGraphiql(requiresToken),
      explorer: hasExplorer ? createExplorer(explorer) : undefined,
      mcp: mcp.path,
    }),
    useCaller({ access, openRequest, memoryFor, tracing, journal }),
    ...mcp.plugins,
    useRequestBody(cors.admits),
    ...(rateLimit === undefined ? [] : [useRequestRateLimit(rateLimit)]),
    usePersistedDocuments({ ...config, schema, trustedDocuments }),
    useParseAndValidate(documents),
    useExecution({
      ...config,
      schema,
      createLoaders,
      convertErrors,
      rateLimit,
      journal,
      maxCostUnderWay: parts.maxCostUnderWay,
      memoryFor,
      onJoined: () => metrics.series.upstream_calls.inc({ kind: 'joined' }),
      documents: plugins.length === 0 ? documents : undefined,
    }),
    useEventStream(),
    // Ahead of the users' plugins: if one of those throws, no further hook is called.
    useOperationLog(journal),
    ...plugins,
    useErrors(convertErrors),
    useRawResponse(),
    useSocketResult(convertErrors),
    ...(config.compression ? [useCompression()] : []),
  ];
  const yoga = createYoga<GatewayContext>({
    ...YOGA_OPTIONS,
    schema,
    graphqlEndpoint: endpoint,
    plugins: [...list],
    cors: cors.options,
  });
  const served = withOperatorRoutes(yoga, routes.open);
  const serves = createHostCheck(config.allowedHosts);
  /** Connections with a request under way. */
  const busy = new WeakSet<Duplex>();
  const handle = createRequestHandler(yoga, journal);
  const handleOperation = createOperationHandler(handle, yoga.fetchAPI);
  const webSockets = createWebSockets({
    handleOperation,
    endpoint,
    access,
    openRequest,
    serves,
    admits: cors.admits,
    journal,
    isBusy: (socket) => busy.has(socket),
    isDraining: () => live.isDraining,
  });
  const { host, port, socketPath, maxConnections, drainGraceMs, drainTimeoutMs, allowedHosts } = config;
  const listening = { host, port, maxConnections, drainGraceMs, drainTimeoutMs, allowedHosts };
  const closing = starting.move();
  return {
    upstreamUrl,
    endpoint,
    hasExplorer,
    metrics,
    journal,
    ...listening,
    socketPath,
    replaceSecrets: (replaced) => secrets.replace(replaced),
    readFilesAgain: () => watched.readAgain(),
    ...createHandlers(served, serves, journal, busy),
    serveStdio: () => mcp.serveStdio(),
    upgrade: webSockets.upgrade,
    closeUpgraded: webSockets.close,
    admin: {
      ...createHandlers(operatorServer(routes.admin), createHostCheck(), journal),
      ...listening,
      journal,
      // The hosts by which scrapers and probes reach the admin port aren't known here.
      allowedHosts: undefined,
      host: config.adminHost,
      // Without the setting, a program that serves this nonetheless gets any free port.
      port: config.adminPort ?? 0,
      drainGraceMs: 0,
    },
    startDraining(withinMs, fromMs) {
      const usual = streamsEnd(drainGraceMs, drainTimeoutMs);
      if (withinMs === undefined) live.drain(usual.withinMs, usual.fromMs);
      else live.drain(withinMs, fromMs);
    },
    get isDraining() {
      return live.isDraining;
    },
    async [Symbol.asyncDispose]() {
      live.drain();
      webSockets.close();
      // A plugin's hook may throw: what the gateway holds is closed nonetheless.
      await Promise.try(() => yoga.dispose()).catch((error: unknown) => journal.failed(error, {}));
      await closing.disposeAsync();
    },
  };
}
