import { startLiveRuns } from './live/live-runs.ts';
import { SAMPLE_DEFAULTS } from './options.ts';
import { sampleDetails } from './samples/details/run-details.ts';
import { insertSamples } from './samples/sample-runs.ts';
import { type RunsApi, type RunsApiOptions, startRunsApi } from './server.ts';
import { openStore } from './store/store.ts';

export interface EmbeddedApiOptions extends Omit<RunsApiOptions, 'store'> {
  /** Called with an unexpected error; the client sees a plain 500. */
  readonly onError: (error: unknown) => void;
  /** A SQLite file to keep the runs in. @default in memory */
  readonly file?: string | undefined;
  /** How many sample runs are made if there is none. @default 2000 */
  readonly runs?: number;
  /** Of the samples. @default 1 */
  readonly seed?: number;
  /** Whether runs go on being created, run and end. @default false */
  readonly live?: boolean;
}

export interface EmbeddedApi extends RunsApi {
  /** The number of runs at the start. */
  readonly count: number;
}

/** @throws StoreFileError, and the original listen error */
export async function start(options: EmbeddedApiOptions): Promise<EmbeddedApi> {
  const { file, runs: count = SAMPLE_DEFAULTS.runs, seed = SAMPLE_DEFAULTS.seed, live, onError } = options;
  const { now = () => new Date() } = options;
  await using starting = new AsyncDisposableStack();
  const store = starting.use(openStore({ file, makeDetails: sampleDetails }));
  if (store.count() === 0) insertSamples(store, { count, seed, now: now() });
  const { baseUrl } = starting.use(await startRunsApi({ ...options, store }));
  if (live) starting.use(startLiveRuns(store, { now, onError }));
  const parts = starting.move();
  return { baseUrl, count: store.count(), [Symbol.asyncDispose]: () => parts.disposeAsync() };
}
