import process from 'node:process';
import type { Tracer } from '@opentelemetry/api';
import { pino } from 'pino';
import { collectDefaultMetrics } from 'prom-client';
import { throwIfAny } from '../errors/config-error.ts';
import { assembleGateway } from '../gateway.ts';
import { listen } from '../http/listen.ts';
import type { Invocation } from './commands.ts';
import { examineAtStart } from './doctor.ts';
import { openLogDestination } from './log-destination.ts';
import { loadPlugins } from './plugins-module.ts';
import { listening, logUnhandledRejections, stopSignal } from './start-and-stop.ts';
import { isInteractive, print } from './terminal.ts';

/**
 * Serves the gateway until SIGINT or SIGTERM. At SIGHUP it reads its files again; at a terminal, where SIGHUP means that
 * the terminal was closed, it stops.
 *
 * @throws ConfigError
 */
export async function serve({ readConfig }: Invocation): Promise<void> {
  const { config, warnings, problems } = readConfig();
  throwIfAny(problems);
  await using log = openLogDestination();
  const logger = pino({ level: config.logLevel }, log.stream);
  logUnhandledRejections(logger);
  for (const warning of warnings) logger.warn({}, warning);
  const tracer = await globalTracer();
  await using gateway = await assembleGateway(config, {
    plugins: await loadPlugins(config.pluginModule),
    ...(tracer && { tracer }),
    log: logger,
  });
  const { registry, series } = gateway.metrics;
  log.stream.on('drop', () => series.log_lines_dropped.inc());
  collectDefaultMetrics({ register: registry });
  // Disposed of after the other listener, so that `/ready` answers during the whole shutdown.
  await using admin =
    config.adminPort === undefined
      ? undefined
      : await listening(listen(gateway.admin), 'ADMIN_HOST, ADMIN_PORT');
  const settings = config.socketPath === undefined ? 'HOST, PORT' : 'SOCKET_PATH';
  await using listener = await listening(listen(gateway), settings);
  // Before the address is printed, since its reader may send a signal at once.
  const stopped = stopSignal(isInteractive() ? ['SIGINT', 'SIGTERM', 'SIGHUP'] : ['SIGINT', 'SIGTERM']);
  if (!isInteractive()) process.on('SIGHUP', () => gateway.readFilesAgain());
  // The log gets the origin alone, since the URL may contain credentials.
  const proxy = config.upstreamProxy && new URL(config.upstreamProxy).origin;
  print(process.stdout, [
    ...(gateway.hasExplorer && config.socketPath === undefined
      ? [`The runs in a browser: ${listener.url}/`]
      : []),
    `GraphQL, and GraphiQL in a browser: ${listener.url}${gateway.endpoint}`,
    config.upstreamUrl === undefined
      ? `Upstream: the embedded runs API with sample runs${config.live ? ', some of them live' : ''}${config.prices === undefined ? ', at sample prices' : ''}. For real runs set LETTA_BASE_URL (your server) or LETTA_API_KEY (Letta Cloud).`
      : `Upstream: ${gateway.upstreamUrl}${proxy === undefined ? '' : `, through the proxy ${proxy}`}`,
    ...(admin === undefined ? [] : [`Metrics and readiness: ${admin.url}/metrics and ${admin.url}/ready`]),
  ]);
  // The embedded API is known to work, so only a real upstream is examined.
  await using _examination =
    config.upstreamUrl === undefined ? undefined : examineAtStart(config, config.upstreamUrl, logger);
  await stopped;
  gateway.startDraining();
}

/**
 * Returns a tracer of the OpenTelemetry SDK that was registered in this process, as by `node --import ./tracing.mjs`;
 * undefined without an SDK.
 */
async function globalTracer(): Promise<Tracer | undefined> {
  const api = await import('@opentelemetry/api').catch(() => undefined);
  if (api === undefined) return undefined;
  const provider = api.trace.getTracerProvider();
  const isProxy = provider instanceof api.ProxyTracerProvider;
  return isProxy ? provider.getDelegateTracer('runs-gateway') : provider.getTracer('runs-gateway');
}
