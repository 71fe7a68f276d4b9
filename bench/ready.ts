import { parseArgs } from 'node:util';
import { circumstances, figure, median, print, table } from './harness/figures.ts';
import { startGateway, startService, startUpstream } from './harness/service.ts';

/** How long the gateway takes from its start to its first answer. */
const { values } = parseArgs({ options: { starts: { type: 'string', default: '7' } } });

await using upstream = await startUpstream();
const main = new URL('../src/main.ts', import.meta.url);
const ways = {
  'over an upstream': () => startGateway(upstream.url),
  'with the embedded runs API': () => startService(main, { args: ['--port', '0'] }),
};

const lines: string[][] = [];
for (const [way, start] of Object.entries(ways)) {
  const times: number[] = [];
  for (let i = 0; i < Number(values.starts); i++) {
    const started = performance.now();
    await using gateway = await start();
    const { ok } = await fetch(`${gateway.url}/health`);
    if (!ok) throw new Error('not healthy');
    times.push(performance.now() - started);
  }
  lines.push([way, figure(median(times)), figure(Math.min(...times)), figure(Math.max(...times))]);
}
print(
  `${circumstances()}; \`node src/main.ts\` to its first answer at /health, ${values.starts} starts`,
  '',
  table(['', 'median ms', 'least', 'most'], lines),
);
