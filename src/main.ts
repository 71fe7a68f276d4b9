#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { pino } from 'pino';
import { collectDefaultMetrics } from 'prom-client';
import { type Command, HELP, parseCommand } from './cli.ts';
import type { Config, RunsApiConfig } from './config.ts';
import { createGateway } from './gateway.ts';
import { sampleRuns } from './local/sample-runs.ts';
import { startRunsApi } from './local/server.ts';
import { openStore, type RunStore } from './local/store.ts';
import { listen } from './server.ts';
import { ConfigError } from './settings.ts';

const EXIT_CODE_USAGE = 2;

try {
  await run(parseCommand(process.argv.slice(2), process.env));
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  print(process.stderr, [...error.problems, 'See runs-gateway --help.']);
  process.exitCode = EXIT_CODE_USAGE;
}

function run(command: Command): Promise<void> | void {
  switch (command.kind) {
    case 'serve':
      return serve(command.config);
    case 'runs-api':
      return serveRunsApi(command.config);
    case 'help':
      return print(process.stdout, [HELP]);
    case 'version':
      return print(process.stdout, [readVersion()]);
  }
}

async function serve(config: Config): Promise<void> {
  // Lines are written some at a time, a second later at most, and all of them in the end.
  const logStream = pino.destination({
    fd: process.stderr.fd,
    sync: false,
    minLength: 4096,
    periodicFlush: 1000,
  });
  using _flush = { [Symbol.dispose]: () => logStream.flushSync() };
  await using gateway = await createGateway(config, pino(logStream));
  collectDefaultMetrics({ register: gateway.metrics.registry });
  await using listener = await listening(config, listen(gateway, config));
  print(process.stdout, [
    `GraphQL, and GraphiQL for browsers: ${listener.url}/graphql`,
    config.upstreamUrl === undefined
      ? 'Upstream: the embedded runs API with sample runs. For real ones set LETTA_BASE_URL (your server) or LETTA_API_KEY (the cloud).'
      : `Upstream: ${gateway.upstreamUrl}`,
  ]);
  await stopSignal();
  gateway.startDraining();
}

async function serveRunsApi(config: RunsApiConfig): Promise<void> {
  using store = openFile(config.file);
  if (store.count() === 0) store.insert(sampleRuns({ count: config.runs, seed: config.seed }));
  const { host, port, dialect, password } = config;
  await using api = await listening(
    config,
    startRunsApi({ store, host, port, dialect, ...(password !== undefined && { password }) }),
  );
  print(process.stdout, [
    `Runs API with ${store.count()} runs, cursors ${dialect}: ${api.baseUrl}/v1/runs/`,
    config.file === undefined
      ? 'The runs are in memory; keep them with --db FILE.'
      : `The runs are in ${config.file}.`,
  ]);
  await stopSignal();
}

/** @throws ConfigError where the file is none of ours */
function openFile(file: string | undefined): RunStore {
  try {
    return openStore(file === undefined ? {} : { file });
  } catch (error) {
    throw new ConfigError([`--db: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

/** @throws ConfigError where the address can't be had */
async function listening<T>(config: { host: string; port: number }, started: Promise<T>): Promise<T> {
  try {
    return await started;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const where = `${config.host}:${config.port}`;
    switch (code) {
      case 'EADDRINUSE':
        throw new ConfigError([`PORT: ${where} is taken by another program; choose a free one with --port`]);
      case 'EACCES':
        throw new ConfigError([`PORT: ${where} needs more rights; choose a port from 1024 up with --port`]);
      case 'EADDRNOTAVAIL':
      case 'ENOTFOUND':
        throw new ConfigError([
          `HOST: ${config.host} is no address of this machine; choose another with --host`,
        ]);
      default:
        throw error;
    }
  }
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version = 'unknown' }: { version?: string } = JSON.parse(text);
  return version;
}

function print(stream: NodeJS.WriteStream, lines: readonly string[]): void {
  stream.write(`${lines.join('\n')}\n`);
}
