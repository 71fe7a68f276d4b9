import process from 'node:process';
import { pino } from 'pino';
import { collectDefaultMetrics } from 'prom-client';
import type { Config } from '../config/config.ts';
import { createGateway } from '../gateway.ts';
import { listen } from '../http/listen.ts';
import { listening, print, stopSignal } from './terminal.ts';

/** The gateway as a program, until it is told to stop. @throws ConfigError */
export async function serve(config: Config): Promise<void> {
  // Lines are written some at a time, a second later at most, and all of them in the end.
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
  // Before anybody can read that it runs.
  const stopped = stopSignal();
  print(process.stdout, [
    `GraphQL, and GraphiQL for browsers: ${listener.url}${gateway.endpoint}`,
    config.upstreamUrl === undefined
      ? 'Upstream: the embedded runs API with sample runs. For real ones set LETTA_BASE_URL (your server) or LETTA_API_KEY (the cloud).'
      : `Upstream: ${gateway.upstreamUrl}`,
  ]);
  await stopped;
  gateway.startDraining();
}
