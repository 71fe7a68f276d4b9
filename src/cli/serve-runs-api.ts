import process from 'node:process';
import { ConfigError } from '../config/config-error.ts';
import type { RunsApiConfig } from '../config/runs-api-config.ts';
import { startLifeOf } from '../embedded-api/life/start-life.ts';
import { sampleDetails } from '../embedded-api/samples/details/run-details.ts';
import { insertSamples } from '../embedded-api/samples/insert-samples.ts';
import { startRunsApi } from '../embedded-api/server.ts';
import { openStore, type RunStore } from '../embedded-api/store/store.ts';
import { listening, print, stopSignal } from './terminal.ts';

/** Serves the embedded runs API on its own until SIGINT or SIGTERM. @throws ConfigError */
export async function serveRunsApi(config: RunsApiConfig): Promise<void> {
  using store = openFile(config.file);
  if (store.count() === 0) insertSamples(store, { count: config.runs, seed: config.seed });
  await using api = await listening(config, startRunsApi({ ...config, store }));
  using _life = config.live ? startLifeOf(store, { now: () => new Date(), onError: report }) : undefined;
  // Before the address is printed: whoever reads it may send a signal at once.
  const stopped = stopSignal();
  print(process.stdout, [
    `Runs API with ${store.count()} runs and ${config.dialect} cursors: ${api.baseUrl}/v1/runs/`,
    ...(config.profile === 'cloud'
      ? ['It is like Letta Cloud: send any token as `Authorization: Bearer TOKEN`.']
      : []),
    config.file === undefined
      ? 'The runs are kept in memory; store them in a file with --db FILE.'
      : `The runs are stored in ${config.file}.`,
    ...(config.live ? ['Runs are created and end while it is up.'] : []),
  ]);
  await stopped;
}

function report(error: unknown): void {
  print(process.stderr, [`Unexpected error: ${error instanceof Error ? error.stack : String(error)}`]);
}

/** @throws ConfigError if the file is not a database of runs */
function openFile(file: string | undefined): RunStore {
  try {
    return openStore({ file, makeDetails: sampleDetails });
  } catch (error) {
    throw new ConfigError([`--db: ${error instanceof Error ? error.message : String(error)}`]);
  }
}
