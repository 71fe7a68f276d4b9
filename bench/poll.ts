import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { circumstances, figure, median, print, table } from './harness/figures.ts';
import { type Ask, askOnce, disposable } from './harness/load.ts';
import { askForPage } from './harness/operation.ts';
import { startGateway, startUpstream } from './harness/service.ts';
import { cpuMs } from './harness/usage.ts';

/**
 * Many clients that all ask at the same moment, again and again: for the same page, as dashboards
 * do, and each for a page of its own. Equal requests in flight at once are one for the upstream.
 */
const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '100' },
    'interval-ms': { type: 'string', default: '100' },
    seconds: { type: 'string', default: '10' },
    rows: { type: 'string', default: '20' },
    /** How long the upstream takes for a list. */
    'delay-ms': { type: 'string', default: '10' },
  },
});
const [clients, intervalMs, seconds, rows] = [
  Number(values.clients),
  Number(values['interval-ms']),
  Number(values.seconds),
  Number(values.rows),
];

await using upstream = await startUpstream({
  ROWS: String(rows * (clients + 2)),
  DELAY_MS: values['delay-ms'],
});
await using gateway = await startGateway(upstream.url);
await using pool = disposable(new Pool(gateway.url, { connections: clients }));

const pages = await walk();
const same = pages[Math.floor(clients / 2)];
if (same === undefined) throw new Error('There is no page to ask for');
const ways = { 'the same page': pages.map(() => same), 'pages of their own': pages };
for (const asks of Object.values(ways)) await poll(asks, 1);
const lines: string[][] = [];
for (const [way, asks] of Object.entries(ways)) {
  const { answers, upstreamRequests, cpu, p50Ms } = await poll(asks, seconds);
  lines.push([
    way,
    String(answers),
    String(upstreamRequests),
    figure(answers / upstreamRequests),
    figure(cpu / answers),
    figure(p50Ms),
  ]);
}
print(
  `${circumstances()}; ${clients} clients each ${intervalMs} ms for ${seconds} s, pages of ${rows}, an upstream that takes ${values['delay-ms']} ms`,
  '',
  table(['', 'answers', 'upstream requests', 'answers per request', 'CPU ms per answer', 'p50 ms'], lines),
);

/** A page for each client, all behind a cursor. */
async function walk(): Promise<Ask[]> {
  const found: Ask[] = [];
  let after: string | undefined;
  while (found.length < clients) {
    const text = Buffer.from(await askOnce(pool.value, askForPage(rows, after))).toString();
    const { data }: { data: { runs: { pageInfo: { endCursor: string } } } } = JSON.parse(text);
    after = data.runs.pageInfo.endCursor;
    found.push(askForPage(rows, after));
  }
  return found;
}

async function poll(asks: readonly Ask[], forSeconds: number): Promise<PollResult> {
  const [askedBefore, cpuBefore] = [await asked(), cpuMs(gateway.pid)];
  const times: number[] = [];
  const end = performance.now() + forSeconds * 1000;
  for (let next = performance.now(); next < end; next += intervalMs) {
    await sleep(Math.max(0, next - performance.now()));
    const start = performance.now();
    // All of them answered before they ask again: a client polls with one request at a time.
    await Promise.all(
      asks.map((ask) => askOnce(pool.value, ask).then(() => times.push(performance.now() - start))),
    );
  }
  return {
    answers: times.length,
    upstreamRequests: (await asked()) - askedBefore,
    cpu: cpuMs(gateway.pid) - cpuBefore,
    p50Ms: median(times),
  };
}

interface PollResult {
  readonly answers: number;
  readonly upstreamRequests: number;
  /** Milliseconds. */
  readonly cpu: number;
  readonly p50Ms: number;
}

async function asked(): Promise<number> {
  const answer: { asked: number } = JSON.parse(await (await fetch(`${upstream.url}/asked`)).text());
  return answer.asked;
}
