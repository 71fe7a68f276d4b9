import { sampleDetails } from '../../src/embedded-api/samples/details/run-details.ts';
import { insertSamples } from '../../src/embedded-api/samples/insert-samples.ts';
import { type CursorDialect, startRunsApi } from '../../src/embedded-api/server.ts';
import { openStore } from '../../src/embedded-api/store/store.ts';
import { describeRunsApi } from './runs-api-contract.ts';
import type { Target } from './target.ts';

const NOW = new Date('2026-11-20T17:00:00Z');

/** More than one request reaches, and fewer. */
const TARGETS = [
  { dialect: 'reversed', count: 1150, password: undefined },
  { dialect: 'reversed', count: 320, password: 'correct-horse' },
  { dialect: 'documented', count: 1150, password: undefined },
  { dialect: 'documented', count: 320, password: 'correct-horse' },
] as const;

for (const { dialect, count, password } of TARGETS) {
  const lock = password === undefined ? 'open' : 'with a password';
  describeRunsApi({
    name: `the embedded runs API, ${dialect}, ${count} runs, ${lock}`,
    open: () => startEmbedded(dialect, count, password),
  });
}

async function startEmbedded(dialect: CursorDialect, count: number, password?: string): Promise<Target> {
  await using starting = new AsyncDisposableStack();
  const store = starting.use(openStore({ makeDetails: sampleDetails }));
  insertSamples(store, { count, seed: 7, now: NOW });
  const options = { store, dialect, ...(password !== undefined && { password }) };
  const { baseUrl } = starting.use(await startRunsApi(options));
  const parts = starting.move();
  return { baseUrl, apiKey: password, dialect, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}
