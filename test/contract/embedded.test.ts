import { sampleDetails } from '../../embedded-api/samples/details/run-details.ts';
import { insertSamples } from '../../embedded-api/samples/sample-runs.ts';
import { startRunsApi } from '../../embedded-api/server.ts';
import { openStore } from '../../embedded-api/store/store.ts';
import { describeRunsApi } from './runs-api-contract.ts';
import type { Target } from './target.ts';

const NOW = new Date('2026-11-20T17:00:00Z');

/** More than one request reaches, and fewer. */
const TARGETS = [
  { profile: 'self-hosted', dialect: 'reversed', count: 1150, password: undefined },
  { profile: 'self-hosted', dialect: 'reversed', count: 320, password: 'correct-horse' },
  { profile: 'self-hosted', dialect: 'documented', count: 1150, password: undefined },
  { profile: 'self-hosted', dialect: 'documented', count: 320, password: 'correct-horse' },
  { profile: 'cloud', dialect: 'reversed', count: 1150, password: 'correct-horse' },
  { profile: 'cloud', dialect: 'documented', count: 320, password: 'correct-horse' },
] as const;

for (const target of TARGETS) {
  const { profile, dialect, count, password } = target;
  const lock = password === undefined ? 'open' : 'with a password';
  describeRunsApi({
    name: `the embedded runs API, ${profile}, ${dialect}, ${count} runs, ${lock}`,
    open: () => startEmbedded(target),
  });
}

async function startEmbedded({ count, ...options }: (typeof TARGETS)[number]): Promise<Target> {
  await using starting = new AsyncDisposableStack();
  const store = starting.use(openStore({ makeDetails: sampleDetails }));
  insertSamples(store, { count, seed: 7, now: NOW });
  const { baseUrl } = starting.use(await startRunsApi({ store, ...options }));
  const parts = starting.move();
  const { profile, dialect, password } = options;
  return {
    baseUrl,
    apiKey: password,
    profile,
    dialect,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
