import { parseArgs } from 'node:util';
import { circumstances, figure, print, table, tell } from './harness/figures.ts';
import { freePort, openHeapProbe } from './harness/heap.ts';
import { runLoad } from './harness/load.ts';
import { askForPage } from './harness/operation.ts';
import { startGateway, startUpstream } from './harness/service.ts';
import { rssMb } from './harness/usage.ts';

/** Whether the gateway keeps anything: its heap after very many requests beside that after few. */
const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '1000000' },
    rows: { type: 'string', default: '10' },
  },
});
const [requests, rows] = [Number(values.requests), Number(values.rows)];
const STEPS = 10;
/** What is compiled and filled once, is, after so many. */
const WARM_UP = 2000;

await using upstream = await startUpstream();
const port = await freePort();
await using gateway = await startGateway(upstream.url, [`--inspect=127.0.0.1:${port}`]);
using heap = await openHeapProbe(port);

const lines: string[][] = [];
let done = 0;
await ask(Math.min(WARM_UP, requests));
for (let step = 1; step <= STEPS; step++) {
  await ask(Math.round((requests * step) / STEPS) - done);
}
print(
  `${circumstances()}; pages of ${rows} runs over 8 connections; the heap after a garbage collection`,
  '',
  table(['requests', 'heap MB', 'RSS MB', 'requests/s'], lines),
);

async function ask(count: number): Promise<void> {
  if (count <= 0) return;
  const { perSecond } = await runLoad(gateway.url, askForPage(rows), { connections: 8, requests: count });
  done += count;
  const rss = rssMb(gateway.pid);
  lines.push([String(done), figure(await heap.usedMb()), figure(rss), figure(perSecond)]);
  tell(`${done} of ${requests} requests`);
}
