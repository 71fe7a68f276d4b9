import process from 'node:process';
import { pino } from 'pino';
import { collectDefaultMetrics } from 'prom-client';
import type { Config } from '../config/config.ts';
import { createGateway } from '../gateway.ts';
import { listen } from '../http/listen.ts';
import { listening, print, stopSignal } from './terminal.ts';

/** Serves the gateway until SIGINT or SIGTERM. @throws ConfigError */
export async function serve(config: Config): Promise<void> {
  // Log lines are buffered, and flushed at least every second and on exit.
  const logStream = pino.destination({
    fd: process.stderr.fd,
    sync: false,
    minLength: 4096,
    periodicFlush: 1000,
  });
  using _flush = { [Symbol.dispose]: () => logStream.flushSync() };
  await using gateway = await createGateway({ ...config, log: pino(logStream) });
  collectDefaultMetrics({ register: gateway.metrics.registry });
  await using listener = await listening(config, listen(gateway, config));
  // Before the address is printed: whoever reads it may send a signal at once.
  const stopped = stopSignal();
  print(process.stdout, [
    `GraphQL, and GraphiQL in a browser: ${listener.url}${gateway.endpoint}`,
    config.upstreamUrl === undefined
      ? 'Upstream: the embedded runs API with sample runs. For real runs set LETTA_BASE_URL (your server) or LETTA_API_KEY (Letta Cloud).'
      : `Upstream: ${gateway.upstreamUrl}`,
  ]);
  await stopped;
  gateway.startDraining();
}
