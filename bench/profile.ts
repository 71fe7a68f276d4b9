import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { circumstances, print, table } from './harness/figures.ts';
import { runLoad } from './harness/load.ts';
import { askForPage } from './harness/operation.ts';
import { selfTimes } from './harness/self-times.ts';
import { startGateway, startUpstream } from './harness/service.ts';

/** What the gateway spends its time on under load, from V8's profiler. */
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '10' },
    top: { type: 'string', default: '25' },
    /** Keeps the .cpuprofile there, for DevTools or speedscope. */
    keep: { type: 'string' },
  },
});
const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'runs-gateway-profile-'));
const rows = Number(values.rows);

await using upstream = await startUpstream();
await using gateway = await startGateway(upstream.url, ['--cpu-prof', '--cpu-prof-dir', folder]);
const { requests } = await runLoad(gateway.url, askForPage(rows), {
  connections: 8,
  seconds: Number(values.seconds),
});
// The profile is written when the process ends.
await gateway.stop();

const file = readdirSync(folder)
  .filter((name) => name.endsWith('.cpuprofile'))
  .at(-1);
if (file === undefined) throw new Error('The gateway has written no profile');
const { byFunction, byPlace, busyMs } = selfTimes(JSON.parse(readFileSync(join(folder, file), 'utf8')));
if (values.keep === undefined) rmSync(folder, { recursive: true });

const share = (ms: number): string[] => [
  `${((ms / busyMs) * 100).toFixed(1)} %`,
  ((ms / requests) * 1000).toFixed(0),
];
const top = Number(values.top);
print(
  `${circumstances()}; ${requests} pages of ${rows} runs, the start of the process included; main thread, idle time left out`,
  '',
  table(
    ['file or package', 'self', 'µs per page'],
    byPlace.slice(0, top).map(({ name, ms }) => [name, ...share(ms)]),
  ),
  '',
  table(
    ['function', 'self', 'µs per page'],
    byFunction.slice(0, top).map(({ name, ms }) => [name, ...share(ms)]),
  ),
);
