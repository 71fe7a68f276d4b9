import process from 'node:process';
import type { Tracer } from '@opentelemetry/api';
import { pino } from 'pino';
import { collectDefaultMetrics } from 'prom-client';
import { throwIfAny } from '../config/config-error.ts';
import { createGateway } from '../gateway.ts';
import { listen } from '../server/listen.ts';
import type { Invocation } from './commands.ts';
import { examineAtStart } from './doctor.ts';
import { openLogDestination } from './log-destination.ts';
import { loadPlugins } from './plugins-module.ts';
import { isInteractive, listening, print, stopSignal } from './terminal.ts';

/** Milliseconds of grace for load balancers, unless it runs at a terminal, where one would wait for it. */
const DRAIN_GRACE_MS = 3_000;

/**
 * Serves the gateway until SIGINT or SIGTERM. SIGHUP makes it read its files again; from a terminal that is closed, it
 * ends it as well.
 *
 * @throws ConfigError
 */
export async function serve({ examine }: Invocation): Promise<void> {
  const { config, warnings, problems } = examine();
  throwIfAny(problems);
  await using log = openLogDestination();
  const logger = pino({ level: config.logLevel ?? 'info' }, log.stream);
  for (const warning of warnings) logger.warn({}, warning);
  const live = config.live ?? true;
  const drainGraceMs = config.drainGraceMs ?? (isInteractive() ? 0 : DRAIN_GRACE_MS);
  const tracer = await globalTracer();
  await using gateway = await createGateway({
    ...config,
    plugins: await loadPlugins(config.pluginModule),
    ...(tracer && { tracer }),
    // Whether samples may be served has been decided.
    sampleRuns: config.upstreamUrl === undefined,
    live,
    compression: config.compression ?? true,
    drainGraceMs,
    log: logger,
  });
  const { registry, series } = gateway.metrics;
  log.stream.on('drop', () => series.log_lines_dropped.inc());
  collectDefaultMetrics({ register: registry });
  // prom-client has each gauge twice; the name of this copy ends as only that of a counter may.
  for (const kind of ['handles', 'requests', 'resources']) {
    registry.removeSingleMetric(`nodejs_active_${kind}_total`);
  }
  // After the other listener, so that it tells of the shutdown to its end.
  await using admin =
    config.adminPort === undefined
      ? undefined
      : await listening(listen(gateway.admin), 'ADMIN_HOST, ADMIN_PORT');
  const settings = config.socketPath === undefined ? 'HOST, PORT' : 'SOCKET_PATH';
  await using listener = await listening(listen(gateway), settings);
  // Before the address is printed: its reader may send a signal at once.
  const stopped = stopSignal(isInteractive() ? ['SIGINT', 'SIGTERM', 'SIGHUP'] : ['SIGINT', 'SIGTERM']);
  if (!isInteractive()) process.on('SIGHUP', () => gateway.readFilesAgain());
  print(process.stdout, [
    ...(gateway.hasExplorer ? [`The runs in a browser: ${listener.url}/`] : []),
    `GraphQL, and GraphiQL in a browser: ${listener.url}${gateway.endpoint}`,
    config.upstreamUrl === undefined
      ? `Upstream: the embedded runs API with sample runs${live ? ', some of them live' : ''}${config.prices === undefined ? ', at sample prices' : ''}. For real runs set LETTA_BASE_URL (your server) or LETTA_API_KEY (Letta Cloud).`
      : `Upstream: ${gateway.upstreamUrl}${byProxy(config.upstreamProxy)}`,
    ...(admin === undefined ? [] : [`Metrics and readiness: ${admin.url}/metrics and ${admin.url}/ready`]),
  ]);
  // The embedded API is as it should be.
  await using _examination =
    config.upstreamUrl === undefined ? undefined : examineAtStart(config, config.upstreamUrl, logger);
  await stopped;
  gateway.startDraining();
}

/** @param proxy its credentials are not shown */
function byProxy(proxy: string | undefined): string {
  return proxy === undefined ? '' : `, through the proxy ${new URL(proxy).origin}`;
}

/**
 * Returns a tracer of the OpenTelemetry SDK that runs in this process, as by `node --import ./tracing.mjs`; undefined if
 * none does.
 */
async function globalTracer(): Promise<Tracer | undefined> {
  // Where version 1 of the API keeps what an SDK registers. Without one, its hundred modules are not loaded.
  if (!(Symbol.for('opentelemetry.js.api.1') in globalThis)) return undefined;
  const api = await import('@opentelemetry/api').catch(() => undefined);
  if (api === undefined) return undefined;
  const provider = api.trace.getTracerProvider();
  const isRegistered =
    !(provider instanceof api.ProxyTracerProvider) ||
    provider.getDelegateTracer('runs-gateway') !== undefined;
  return isRegistered ? provider.getTracer('runs-gateway') : undefined;
}
