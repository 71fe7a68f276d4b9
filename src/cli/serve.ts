import process from 'node:process';
import { pino } from 'pino';
import { collectDefaultMetrics } from 'prom-client';
import { throwIfAny } from '../config/config-error.ts';
import { createGateway } from '../gateway.ts';
import { listen } from '../server/listen.ts';
import type { Invocation } from './commands.ts';
import { examineAtStart } from './doctor.ts';
import { globalTracer } from './global-tracer.ts';
import { openLogDestination } from './log-destination.ts';
import { loadPlugins } from './plugins-module.ts';
import { reload } from './reload.ts';
import { isInteractive, listening, print, stopSignal } from './terminal.ts';

/** Milliseconds of grace for load balancers, unless it runs at a terminal, where one would wait for it. */
const DRAIN_GRACE_MS = 3_000;

/**
 * Serves the gateway until SIGINT or SIGTERM. SIGHUP makes it read the configuration again; from a terminal
 * that is closed, it ends it as well.
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
  // Copies of others, by names that Prometheus keeps for counters.
  for (const kind of ['handles', 'requests', 'resources']) {
    registry.removeSingleMetric(`nodejs_active_${kind}_total`);
  }
  // After the other listener, so that it tells of the shutdown to its end.
  await using admin =
    config.adminPort === undefined
      ? undefined
      : await listening(gateway.admin, listen(gateway.admin), 'ADMIN_');
  await using listener = await listening(gateway, listen(gateway));
  // Before the address is printed: its reader may send a signal at once.
  const stopped = stopSignal(isInteractive() ? ['SIGINT', 'SIGTERM', 'SIGHUP'] : ['SIGINT', 'SIGTERM']);
  if (!isInteractive()) process.on('SIGHUP', () => reload(gateway, config, examine(), logger));
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
