import { startLifeOf } from './life/start-life.ts';
import { SAMPLE_DEFAULTS } from './samples/defaults.ts';
import { sampleDetails } from './samples/details/run-details.ts';
import { insertSamples } from './samples/insert-samples.ts';
import { startRunsApi } from './server.ts';
import { openStore } from './store/store.ts';

export interface EmbeddedApiOptions {
  /** Called with an unexpected error; the client sees a plain 500. */
  readonly onError: (error: unknown) => void;
  /** The clock by which the samples end minutes ago. @default the system clock */
  readonly now?: () => Date;
  /** Whether runs go on being created, run and end. @default false */
  readonly isLive?: boolean;
}

/** Starts the embedded runs API in memory, with sample runs, on a free loopback port. */
export async function startEmbeddedApi({
  onError,
  now = () => new Date(),
  isLive = false,
}: EmbeddedApiOptions): Promise<AsyncDisposable & { readonly baseUrl: string }> {
  await using starting = new AsyncDisposableStack();
  const store = starting.use(openStore({ makeDetails: sampleDetails }));
  insertSamples(store, { count: SAMPLE_DEFAULTS.runs, seed: SAMPLE_DEFAULTS.seed, now: now() });
  const { baseUrl } = starting.use(await startRunsApi({ store, now, onError }));
  if (isLive) starting.use(startLifeOf(store, { now, onError }));
  const parts = starting.move();
  return { baseUrl, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}
