import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ATTACKS } from './attackers/attacks.ts';
import { askOften, readSlowly, type Tally, watch } from './attackers/tenant.ts';
import type { UpstreamNews } from './attackers/upstream.ts';
import { circumstances, figure, print, table, tell } from './harness/figures.ts';
import { freePort, openHeapProbe } from './harness/heap.ts';
import { startGateway } from './harness/service.ts';
import { cpuMs, peakRssMb, rssMb } from './harness/usage.ts';

/**
 * What is left for an honest caller while others attack the gateway in every way that is known, all at once: whether
 * it gets every answer and every event, when, and how much memory the gateway takes. The gateway, the runs API behind
 * it and the attackers are processes of their own.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    only: { type: 'string', default: Object.keys(ATTACKS).join(',') },
    budget: { type: 'string', default: '256MB' },
    rest: { type: 'string', default: '10' },
    'heap-mb': { type: 'string', default: '512' },
  },
});
const seconds = Number(values.seconds);
const names = values.only === '' ? [] : values.only.split(',');
/** Of the slow connection, in bytes a second. */
const SLOW = 64 * 1024;
/** How long what is left of an attack gets until the memory is measured again, in milliseconds. */
const restMs = Number(values.rest) * 1000;

const created = new Map<string, number>();
const upstream = fork(new URL('attackers/upstream.ts', import.meta.url));
const [{ url: upstreamUrl }] = await once(upstream, 'message');
upstream.on('message', (news: UpstreamNews) => {
  if ('runId' in news) created.set(news.runId, news.at);
});

const inspector = await freePort();
await using gateway = await startGateway(
  upstreamUrl,
  [`--max-old-space-size=${values['heap-mb']}`, `--inspect=127.0.0.1:${inspector}`],
  {
    MEMORY_BUDGET: values.budget,
    ACCESS_TOKENS: ['honest', ...Object.keys(ATTACKS)].join(','),
    LETTA_API_KEY: 'key',
  },
);
using heap = await openHeapProbe(inspector);
const target = (signal: AbortSignal) => ({ url: gateway.url, token: 'honest', signal });

// So that what is compiled once, is, before the memory is looked at.
await Promise.all([
  askOften(target(AbortSignal.timeout(3_000)), 20),
  readSlowly(target(AbortSignal.timeout(3_000)), 1e9),
]);
const before = { heap: await heap.usedMb(), rss: rssMb(gateway.pid) };

const leaving = new AbortController();
const [newest] = created.keys().toArray().slice(-1);
const watcher = watch(target(leaving.signal), newest ?? '');
await sleep(1_000);
const from = Date.now();
const attackers = fork(new URL('attackers/attack.ts', import.meta.url), [gateway.url, ...names]);
/** Seconds of CPU that each process has used so far. */
const cpuNow = (): readonly number[] =>
  [gateway.pid, upstream.pid, attackers.pid].map((pid) => {
    try {
      return cpuMs(pid ?? 0) / 1000;
    } catch {
      // It has ended.
      return Number.NaN;
    }
  });
const cpuBefore = cpuNow();
const isUp = (): boolean => upstream.connected && isRunning(gateway.pid);
const during = AbortSignal.any([leaving.signal, AbortSignal.timeout(seconds * 1000)]);
const honest = Promise.all([askOften(target(during), 100), readSlowly(target(during), SLOW)]);
let peakHeap = 0;
while (!during.aborted && isUp()) {
  // A process that is busy says so late, or not at all.
  const now = await Promise.race([heap.nowMb(), sleep(1_000, 0)]);
  peakHeap = Math.max(peakHeap, now);
  await sleep(250);
}
const cpu = cpuNow().map((now, index) => figure(now - (cpuBefore[index] ?? 0)));
const lasted = (Date.now() - from) / 1000;
const until = Date.now();
if (attackers.connected) attackers.disconnect();
if (!isUp()) leaving.abort();
const [queries, slow] = await honest;
tell('The attackers have left');
await sleep(isUp() ? restMs : 0);
const after = isUp() ? { heap: await heap.usedMb(), rss: rssMb(gateway.pid) } : undefined;
const peak = isUp() ? peakRssMb(gateway.pid) : undefined;
leaving.abort();
await watcher.done;
upstream.kill();

const changes = created
  .entries()
  .filter(([, at]) => at >= from && at <= until)
  .toArray();
const events: Tally = {
  times: changes.flatMap(([id, at]) => {
    const told = watcher.told.get(id);
    return told === undefined ? [] : [told - at];
  }),
  failures: changes.filter(([id]) => !watcher.told.has(id)).map(([id]) => id),
};

const row = (name: string, { times, failures }: Tally): string[] => {
  const sorted = times.toSorted((a, b) => a - b);
  const quantile = (part: number) => figure(sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)]);
  return [name, String(times.length), String(failures.length), quantile(0.5), quantile(0.99), quantile(1)];
};
print(
  `${circumstances()}; a budget of ${values.budget} and a heap of ${values['heap-mb']} MB; ${names.length} attackers for ${figure(lasted)} s: ${names.join(', ') || 'none'}; ${cpu.join(', ')} s of CPU for the gateway, the runs API and the attackers${isUp() ? '' : '; THE GATEWAY ENDED'}`,
  '',
  table(
    ['', 'got', 'lost', 'p50 ms', 'p99 ms', 'longest ms'],
    [
      row('a query each 100 ms', queries),
      row('events of a subscription', events),
      row(`pages at ${SLOW / 1024} kB/s`, slow),
    ],
  ),
  '',
  table(
    ['memory, MB', 'before', 'at most', 'after'],
    [
      [
        'heap (without garbage, but for the most)',
        figure(before.heap),
        figure(peakHeap),
        figure(after?.heap),
      ],
      ['resident', figure(before.rss), figure(peak), figure(after?.rss)],
    ],
  ),
);
for (const [name, reasons] of Object.entries({
  queries: queries.failures,
  'ends of the subscription': watcher.ends,
  'slow pages': slow.failures,
})) {
  const counts = Map.groupBy(reasons, (reason) => reason.replaceAll(/"requestId":"[^"]*"/g, ''));
  for (const [reason, all] of counts) tell(`${name}: ${all.length} × ${reason.slice(0, 400)}`);
}
process.exit();

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
