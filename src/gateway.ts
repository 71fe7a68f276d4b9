import type { Socket } from 'node:net';
import type { Tracer } from '@opentelemetry/api';
import { SAMPLE_PRICES, startEmbeddedApi } from '../embedded-api/index.ts';
import { type Config, readOptions } from './config/config.ts';
import { loadPrices, readPrices } from './config/prices-file.ts';
import { createReplaceableSecrets, type GatewaySecrets, secretsOf } from './config/replaceable-secrets.ts';
import { createEngine, createPrepareText, readRunList } from './engine/index.ts';
import { readExplorerDocuments } from './explorer/files.ts';
import { createAccess } from './http/graphql/access.ts';
import { createHttp, type Handlers } from './http/index.ts';
import { checkEndpoint, DEFAULT_ENDPOINT } from './http/server/endpoint.ts';
import { type ListenSettings, streamsEndFromMs, streamsEndWithinMs } from './http/server/listen-options.ts';
import type { NodeListener } from './http/server/node-listener.ts';
import type { UpgradeHandler } from './http/websocket/index.ts';
import { createLive } from './live/index.ts';
import { createMemory, type Holder } from './memory/index.ts';
import { createJournal } from './observability/journal.ts';
import { fromLevel, type Log, silentLog } from './observability/log.ts';
import { CLOSE_REASONS, createMetrics, type Metrics } from './observability/metrics.ts';
import { tracingBy } from './observability/tracing.ts';
import { loggedTelemetry } from './observability/upstream-log.ts';
import { loadManifest } from './operations/documents/check-manifest.ts';
import { createPersistedDocuments } from './operations/documents/persisted-documents.ts';
import { createExecutions } from './operations/executions.ts';
import { createOperations } from './operations/operations.ts';
import { openRateLimitStore } from './operations/rate-limit-store.ts';
import { createRateLimit } from './operations/rate-limit.ts';
import { memoryLimit, releaseMemory, residentBytes } from './runtime/process-memory.ts';
import { schemaWith } from './schema/index.ts';
import type { ConnectionOptions } from './upstream/http/dispatcher.ts';
import { openUpstreamTls } from './upstream/http/upstream-tls.ts';
import { RowMemory } from './upstream/letta/row-memory.ts';
import { createRunsUpstream } from './upstream/letta/runs-upstream.ts';
import { decodeRunList } from './wire/run-list.ts';

/**
 * Options of a gateway, each with a default. `listen` goes by `host`, `port`, `socketPath`, `maxConnections`,
 * `drainGraceMs` and `drainTimeoutMs`. With an `adminPort`, `admin` has to be served as well.
 */
export interface GatewayOptions extends Partial<Config> {
  /**
   * The full path of GraphQL and GraphiQL as clients request it, such as `/api/graphql` in an app
   * that serves its API under `/api`.
   *
   * @default '/graphql'
   */
  readonly endpoint?: string;
  /** Receives a line for each operation and each failure; a pino logger fits. @default no logging */
  readonly log?: Log;
  /**
   * Traces operations and their upstream requests: a tracer of `@opentelemetry/api`, such as
   * `trace.getTracer('runs-gateway')`.
   *
   * @default trace context goes upstream as requests bring it
   */
  readonly tracer?: { readonly startSpan: (...given: never[]) => object };
}

/**
 * A GraphQL gateway over one runs API. Disposing closes its upstream connections. Its settings for
 * `listen` are the options of the same names; without `allowedHosts`, `fetch` and `listener` serve any
 * host.
 */
export interface Gateway extends ListenSettings, AsyncDisposable {
  /** The root of the runs API that it reads from. */
  readonly upstreamUrl: string;
  /** The path of GraphQL and GraphiQL. */
  readonly endpoint: string;
  /** Whether the explorer, a page of runs, is served at `/`. */
  readonly hasExplorer: boolean;
  /** The metrics served at `/metrics`. Your own collectors can be added to the registry. */
  readonly metrics: Metrics;
  /**
   * Handles one request by its path: GraphQL at `endpoint`, `/health`, `/ready` or `/metrics`; 404
   * for anything else. Never rejects. Does not depend on `this`.
   */
  readonly fetch: (request: Request) => Promise<Response>;
  /**
   * The same for Node's http module and frameworks built on it. Uses `request.originalUrl` where a
   * framework strips a prefix from the path, and `request.body` where a body parser has run.
   */
  readonly listener: NodeListener;
  /**
   * What belongs on the admin port: `/metrics`, `/ready` with its details, and `/health`. `listen`
   * serves it at `adminHost` and `adminPort`, without a grace period; any free port if that isn't set.
   */
  readonly admin: Handlers & ListenSettings;
  /** Enters a connection in the account of memory before its first request, for `server.on('connection')`; `listen` does that. */
  readonly opened: (socket: Socket) => Holder;
  /** Handles upgrades to WebSockets at `endpoint`, for `server.on('upgrade')`; `listen` does that. */
  readonly upgrade: UpgradeHandler;
  /** Closes the WebSockets: idle ones within so many milliseconds, by default at once; the others when they are. */
  readonly closeUpgraded: (withinMs?: number) => void;
  /**
   * Makes `/ready` answer 503, so that load balancers stop sending requests, refuses new subscriptions, and
   * ends the others, each at a random time.
   *
   * @param withinMs milliseconds until the last one ends; the grace and half the timeout of draining by default
   * @param fromMs milliseconds until the first one may end; 0 by default if there is a `withinMs`, else after the grace
   */
  startDraining(withinMs?: number, fromMs?: number): void;
  /** Whether that has been called. */
  readonly isDraining: boolean;
  /**
   * Replaces secrets while the gateway serves; those that are left out stay. Requests with a token that is no
   * longer listed are refused at once; its streams and WebSockets end within a second, and those that went
   * upstream with the old API key end with a cursor to go on from.
   *
   * @throws TypeError with all problems; nothing is replaced then
   */
  replaceSecrets(secrets: Partial<GatewaySecrets>): void;
  /** Reads the file of `prices` again, if there is one. @throws ConfigError with all problems; the old ones count then */
  reloadPrices(): void;
}

/** Parts of a gateway that tests replace. */
type GatewayParts = Pick<ConnectionOptions, 'dispatcher'>;

/**
 * Creates a gateway over one upstream. Without an `upstreamUrl` it starts the embedded runs API with
 * sample runs, and reaches it over HTTP like any other. It doesn't listen: see `listen`.
 *
 * @throws TypeError for options that are unknown, invalid, or contradict each other
 * @throws ConfigError for an invalid manifest of persisted documents, or file of prices
 */
export function createGateway(options: GatewayOptions = {}): Promise<Gateway> {
  return assembleGateway(options, {});
}

/** As {@link createGateway}, with parts of its own. */
export async function assembleGateway(
  options: GatewayOptions,
  { dispatcher }: GatewayParts,
): Promise<Gateway> {
  const { endpoint: path = DEFAULT_ENDPOINT, log: wholeLog = silentLog, tracer, ...settings } = options;
  const endpoint = checkEndpoint(path);
  const config = readOptions(settings);
  const log = config.logLevel === undefined ? wholeLog : fromLevel(wholeLog, config.logLevel);
  const { persistedDocuments, trustedDocumentsOnly } = config;
  const schema = schemaWith({ readOnly: config.readOnly, agents: config.agents });
  const manifest =
    persistedDocuments === undefined ? undefined : await loadManifest(schema, persistedDocuments);
  // Trusted as well, where an operator wants both.
  const isExplored = config.explorer === true && trustedDocumentsOnly;
  const ownDocuments = isExplored ? Object.values(await readExplorerDocuments()) : [];
  const documents = createPersistedDocuments(manifest, trustedDocumentsOnly, ownDocuments);
  const pricesNow = () => {
    if (config.prices !== undefined) return loadPrices(config.prices);
    // Samples of what steps cost belong to samples of runs.
    return config.upstreamUrl === undefined ? readPrices(SAMPLE_PRICES) : undefined;
  };
  let prices = pricesNow();
  await using starting = new AsyncDisposableStack();
  const onError = (error: unknown): void =>
    log.error({ err: error }, 'Unexpected error in the embedded runs API');
  const startEmbedded = () => startEmbeddedApi({ onError, live: config.live ?? false });
  const upstreamUrl = config.upstreamUrl ?? starting.use(await startEmbedded()).baseUrl;
  const metrics = createMetrics();
  const journal = createJournal({ log, metrics, sample: config.logSamplePercent / 100 });
  const memory = createMemory({
    budgetBytes: config.memoryBudget ?? Math.floor(memoryLimit() / 4),
    process: { residentBytes, releaseMemory },
    onRefused: (refusal, account) => {
      metrics.memoryRefused(refusal);
      const isRefused = refusal.reason === 'refused';
      const reason = `MEMORY_BUDGET is full, and this caller holds most: ${refusal.kind}`;
      journal.note(isRefused ? 'Refused' : 'Connection closed', { code: 'OVERLOADED', reason, account });
    },
  });
  metrics.watchMemory(memory);
  const knownSecrets = [...secretsOf(config)];
  const { upstreamCa, upstreamCert, upstreamKey } = config;
  const tls = starting.use(
    openUpstreamTls({ upstreamCa, upstreamCert, upstreamKey }, (error) =>
      log.error({ err: error }, 'Renewed TLS files cannot be used'),
    ),
  );
  const upstream = starting.use(
    createRunsUpstream({
      baseUrl: upstreamUrl,
      timeoutMs: config.upstreamTimeoutMs,
      maxBytes: config.upstreamMaxBytes,
      rowMemory:
        config.rowMemoryMs === 0
          ? undefined
          : new RowMemory({ ms: config.rowMemoryMs, requestMs: config.upstreamTimeoutMs, memory }),
      maxInFlight: config.upstreamMaxInFlight,
      secrets: knownSecrets,
      dialect: config.upstreamDialect,
      readList: config.rowCopying ? readRunList : decodeRunList,
      // The embedded API is on loopback.
      proxy: config.upstreamUrl === undefined ? undefined : config.upstreamProxy,
      tls,
      dispatcher,
      telemetry: loggedTelemetry(metrics.upstream, log),
    }),
  );
  const engine = createEngine({
    schema,
    copiesRows: config.rowCopying,
    maxCost: config.maxCost,
    maxResponseBytes: config.maxResponseBytes,
  });
  const { rateLimit: costPerMinute } = config;
  const store =
    costPerMinute === undefined || config.rateLimitStore === undefined
      ? undefined
      : starting.use(
          await openRateLimitStore(config.rateLimitStore, (isUp, reason) => {
            metrics.rateLimitStore(isUp);
            if (isUp) log.info({}, 'RATE_LIMIT holds for all replicas: its store is there');
            else log.warn({ reason }, 'RATE_LIMIT holds for each replica: its store is away');
          }),
        );
  const rateLimit =
    costPerMinute === undefined
      ? undefined
      : createRateLimit({ costPerMinute, store, onRefused: () => metrics.rateLimited() });
  const live = createLive({
    maxSubscriptions: config.maxSubscriptions,
    memory,
    charge: rateLimit && ((account, requests) => rateLimit.chargeRequests(account, requests)),
    idleIntervalMs: config.liveIdleIntervalMs,
  });
  metrics.watchLive(() => live.load);
  const operations = createOperations({
    prepareText: createPrepareText(engine, schema),
    documents,
    upstream,
    live,
    scanBudget: config.scanBudget,
    prices: () => prices,
    executions: createExecutions({
      timeoutMs: config.operationTimeoutMs,
      maxCost: config.maxCostUnderWay,
      memory,
      onJoined: () => metrics.upstream.call('joined'),
    }),
    rateLimit,
    journal,
  });
  const { host, port, socketPath, maxConnections, drainGraceMs, drainTimeoutMs, allowedHosts } = config;
  const listening = { host, port, maxConnections, drainTimeoutMs, allowedHosts };
  const { adminHost = host, adminPort } = config;
  const access = createAccess({
    accessTokens: config.accessTokens,
    readOnlyAccessTokens: config.readOnlyAccessTokens,
    routerSecrets: config.routerSecrets,
    apiKey: config.apiKey,
    project: config.project,
    projectId: config.projectId,
    forwardHeaders: config.forwardHeaders,
  });
  const secrets = starting.use(
    createReplaceableSecrets({ config, known: knownSecrets, apply: access.replace, log }),
  );
  // By default where browsers can use it.
  const {
    explorer = !trustedDocumentsOnly && config.routerSecrets.length === 0 && config.agents === 'full',
  } = config;
  const http = createHttp({
    endpoint,
    explorer: explorer
      ? { isReadOnly: config.readOnly, hasSampleRuns: config.upstreamUrl === undefined }
      : undefined,
    allowedHosts,
    corsOrigins: config.corsOrigins,
    compresses: config.compression ?? false,
    maxConnectionsPerCaller: config.maxConnectionsPerCaller,
    memory,
    operations,
    access,
    isDraining: () => live.isDraining,
    upstreamUrl,
    checkUpstream: () => upstream.checkHealth(),
    log,
    hasAdminPort: adminPort !== undefined,
    metrics,
    journal,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Its types aren't there for those who don't trace.
    tracing: await tracingBy(tracer as Tracer | undefined, upstreamUrl),
  });
  const parts = starting.move();
  return {
    upstreamUrl,
    endpoint,
    metrics: {
      ...metrics,
      connectionClosed(reason) {
        metrics.connectionClosed(reason);
        journal.note('Connection closed', CLOSE_REASONS[reason]);
      },
    },
    ...listening,
    socketPath,
    drainGraceMs,
    replaceSecrets: (replaced) => secrets.replace(replaced),
    reloadPrices() {
      prices = pricesNow();
    },
    ...http,
    admin: { ...http.admin, ...listening, host: adminHost, port: adminPort ?? 0 },
    startDraining(withinMs, fromMs) {
      if (withinMs !== undefined) return live.drain(withinMs, fromMs);
      const end = streamsEndWithinMs(drainGraceMs, drainTimeoutMs);
      live.drain(end, streamsEndFromMs(drainGraceMs, drainTimeoutMs));
    },
    get isDraining() {
      return live.isDraining;
    },
    async [Symbol.asyncDispose]() {
      live.drain();
      http.closeUpgraded();
      await parts.disposeAsync();
    },
  };
}
