import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { circumstances, figure, print, table } from './harness/figures.ts';
import { type Ask, askOnce, disposable } from './harness/load.ts';
import { askForPage } from './harness/operation.ts';
import { startGateway, startUpstream } from './harness/service.ts';

/**
 * Twenty callers who send one query a second each, alone and beside one who sends operations of very
 * many pages as fast as it can, on several connections: how long the twenty wait.
 */
const { values } = parseArgs({
  options: {
    callers: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '20' },
    rows: { type: 'string', default: '10' },
    /** Of the greedy caller. */
    connections: { type: 'string', default: '32' },
    pages: { type: 'string', default: '250' },
    /** How long the upstream takes for a list. */
    'delay-ms': { type: 'string', default: '200' },
  },
});
const [callers, seconds, rows] = [Number(values.callers), Number(values.seconds), Number(values.rows)];
const [connections, pages] = [Number(values.connections), Number(values.pages)];

await using upstream = await startUpstream({ DELAY_MS: values['delay-ms'] });
await using gateway = await startGateway(upstream.url);
// For half a second, so that both have been compiled.
await measure(false, 0.5);
const lines = [];
for (const isBeside of [false, true]) {
  const { times, failed, otherPages } = await measure(isBeside, seconds);
  const sorted = times.toSorted((a, b) => a - b);
  const quantile = (part: number) => figure(sorted[Math.ceil(part * sorted.length) - 1]);
  const way = isBeside ? 'beside one at full speed' : 'alone';
  lines.push([way, String(times.length), String(failed), quantile(0.5), quantile(0.99), String(otherPages)]);
}
print(
  `${circumstances()}; ${callers} callers with a query of ${rows} runs a second each for ${seconds} s, one with ${connections} connections and ${pages} pages in each operation, an upstream that takes ${values['delay-ms']} ms`,
  '',
  table(['', 'queries', 'failed', 'p50 ms', 'p99 ms', 'pages of the other'], lines),
);

interface Measurement {
  /** Milliseconds from sending a query to its whole answer. */
  readonly times: readonly number[];
  /** Queries that were answered with errors. */
  readonly failed: number;
  /** Upstream requests of the greedy caller. */
  readonly otherPages: number;
}

async function measure(isBeside: boolean, forSeconds: number): Promise<Measurement> {
  await using pool = disposable(new Pool(gateway.url, { connections: callers }));
  const greedyPool = new Pool(gateway.url, { connections, headersTimeout: 0 });
  const askedBefore = await asked();
  const times: number[] = [];
  let failed = 0;
  let isOver = false;
  const ifNotOver = (error: unknown): void => {
    if (!isOver) throw error;
  };
  const beGreedy = async (connection: number): Promise<void> => {
    for (let number = 0; !isOver; number++) {
      await askOnce(greedyPool, manyPages(`${connection}-${number % 2}`), 'Bearer greedy').catch(ifNotOver);
    }
  };
  const greedy = Array.from({ length: isBeside ? connections : 0 }, (_, connection) => beGreedy(connection));
  if (isBeside) await sleep(1000);
  const end = performance.now() + forSeconds * 1000;
  const query = async (caller: number): Promise<void> => {
    const start = performance.now();
    const answer = await askOnce(pool.value, askForPage(rows), `Bearer caller-${caller}`);
    times.push(performance.now() - start);
    if (Buffer.from(answer).includes('"errors"')) failed++;
  };
  const pending: Promise<void>[] = [];
  const send = async (caller: number): Promise<void> => {
    // Spread over the second. Each query is sent at its time, answered or not the one before.
    await sleep((1000 * caller) / callers);
    for (let next = performance.now(); next < end; next += 1000) {
      await sleep(Math.max(0, next - performance.now()));
      pending.push(query(caller));
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => send(caller)));
  await Promise.all(pending);
  isOver = true;
  const otherPages = (await asked()) - askedBefore - times.length;
  await greedyPool.destroy();
  await Promise.all(greedy);
  return { times, failed, otherPages };
}

async function asked(): Promise<number> {
  const answer: { asked: number } = JSON.parse(await (await fetch(`${upstream.url}/asked`)).text());
  return answer.asked;
}

function manyPages(name: string): Ask {
  const page = (n: number) => `p${n}: runs(first: 1, conversationId: "c-${name}-${n}") { nodes { id } }`;
  const query = `{ ${Array.from({ length: pages }, (_, n) => page(n)).join(' ')} }`;
  return { path: '/graphql', body: JSON.stringify({ query }) };
}
