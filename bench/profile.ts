import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { circumstances, print, table } from './harness/figures.ts';
import { runLoad } from './harness/load.ts';
import { askForPage } from './harness/operation.ts';
import { readOptions } from './harness/options.ts';
import { selfTimes } from './harness/self-times.ts';
import { startGateway, startUpstream } from './harness/service.ts';

/** What the gateway spends its time on under load, from V8's profiler. */
const { options } = readOptions({
  rows: 100,
  seconds: 10,
  top: 25,
  /** Keeps the .cpuprofile there, for DevTools or speedscope. */
  keep: '',
});
const { rows, seconds, top, keep } = options;
const folder = keep === '' ? mkdtempSync(join(tmpdir(), 'runs-gateway-profile-')) : keep;

await using upstream = await startUpstream();
await using gateway = await startGateway(upstream.url, ['--cpu-prof', '--cpu-prof-dir', folder]);
const { requests } = await runLoad(gateway.url, askForPage(rows), {
  connections: 8,
  seconds,
});
// The profile is written when the process ends.
await gateway.stop();

const file = readdirSync(folder)
  .filter((name) => name.endsWith('.cpuprofile'))
  .at(-1);
if (file === undefined) throw new Error('The gateway has written no profile');
const { byFunction, byPlace, busyMs } = selfTimes(JSON.parse(readFileSync(join(folder, file), 'utf8')));
if (keep === '') rmSync(folder, { recursive: true });

const share = (ms: number): string[] => [
  `${((ms / busyMs) * 100).toFixed(1)} %`,
  ((ms / requests) * 1000).toFixed(0),
];
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
