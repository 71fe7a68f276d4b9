import { startLiveRuns } from './live/live-runs.ts';
import { SAMPLE_DEFAULTS } from './options.ts';
import { type RunsApiOptions, startRunsApi } from './routes/server.ts';
import { insertSamples } from './samples/sample-runs.ts';
import { DEFAULT_ACTOR } from './store/actors.ts';
import { RunStore } from './store/run-store.ts';

export interface EmbeddedApiOptions extends Omit<RunsApiOptions, 'store' | 'now'> {
  /** Called with an unexpected error; the client sees a plain 500. */
  readonly onError: (error: unknown) => void;
  /** The number of sample runs. @default 2000 */
  readonly runs?: number;
  /** The seed of the samples. @default 1 */
  readonly seed?: number;
  /** Whether runs go on being created, run and end. @default false */
  readonly live?: boolean;
}

export type EmbeddedApi = Awaited<ReturnType<typeof start>>;

/** @throws the original listen error */
export async function start(options: EmbeddedApiOptions) {
  const { runs: count = SAMPLE_DEFAULTS.runs, seed = SAMPLE_DEFAULTS.seed, live, onError } = options;
  await using starting = new AsyncDisposableStack();
  const store = new RunStore();
  insertSamples(store, { count, seed, now: new Date() });
  const { baseUrl } = starting.use(await startRunsApi({ ...options, store }));
  if (live) starting.use(startLiveRuns(store, onError));
  const parts = starting.move();
  return {
    baseUrl,
    /** The number of runs at the start. */
    count: store.of(DEFAULT_ACTOR.organizationId).length,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
