import { readFileSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import type { Gateway } from '../src/gateway-options.ts';
import { createGateway } from '../src/gateway.ts';
import { startProgram } from '../test/support/program.ts';

/**
 * What a page deep in the list costs beside the first one: CPU of the gateway and of the embedded
 * runs API together, per request, in rounds that alternate the two. Linux only: it reads /proc.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '7' },
    requests: { type: 'string', default: '200' },
  },
});
const [runs, rounds, requests] = [Number(values.runs), Number(values.rounds), Number(values.requests)];
/** A clock tick of /proc in milliseconds, on every Linux there is. */
const TICK_MS = 10;

process.stdout.write(`Making ${runs} runs…\n`);
await using api = startProgram(['runs-api', '--port', '0', '--runs', String(runs)]);
await using gateway = await createGateway({ upstreamUrl: await api.url });

const deepest = await cursorNearTheEnd(gateway);
const pages = {
  first: '{ runs(first: 100) { nodes { id status createdAt metadata } pageInfo { hasNextPage } } }',
  deep: `{ runs(first: 100, after: "${deepest}") { nodes { id status createdAt metadata } pageInfo { hasNextPage } } }`,
};
const cpuMs: Record<keyof typeof pages, number[]> = { first: [], deep: [] };
for (let round = 0; round < rounds; round++) {
  for (const name of round % 2 === 0 ? (['first', 'deep'] as const) : (['deep', 'first'] as const)) {
    const before = cpuNow();
    for (let i = 0; i < requests; i++) await ask(gateway, pages[name]);
    cpuMs[name].push((cpuNow() - before) / requests);
  }
}
const [first, deep] = [median(cpuMs.first), median(cpuMs.deep)];
const ratios = cpuMs.first.map((value, index) => (cpuMs.deep[index] ?? 0) / value);
process.stdout.write(
  [
    `CPU per page of 100 of ${runs} runs, gateway and embedded API; median of ${rounds} rounds of ${requests} requests`,
    `| page | CPU ms |`,
    `| --- | --- |`,
    `| first | ${first.toFixed(2)} |`,
    `| deep (200 rows before the end) | ${deep.toFixed(2)} |`,
    `deep / first, median of the rounds' ratios: ${median(ratios).toFixed(2)}\n`,
  ].join('\n'),
);

async function ask(target: Gateway, query: string): Promise<{ edges: { cursor: string }[] }> {
  const url = new URL('http://gateway/graphql');
  url.searchParams.set('query', query);
  const text = await (await target.fetch(new Request(url))).text();
  const { data, errors }: { data?: { runs: { edges: { cursor: string }[] } }; errors?: unknown } =
    JSON.parse(text);
  if (errors !== undefined || data === undefined) throw new Error(text);
  return data.runs;
}

async function cursorNearTheEnd(target: Gateway): Promise<string> {
  const { edges } = await ask(target, '{ runs(last: 200) { edges { cursor } } }');
  const cursor = edges[0]?.cursor;
  if (cursor === undefined) throw new Error('There are no runs');
  return cursor;
}

/** Milliseconds of CPU that this process and the API have used so far. */
function cpuNow(): number {
  const { user, system } = process.cpuUsage();
  // Behind the name in brackets: utime and stime are the 12th and 13th field.
  const fields = readFileSync(`/proc/${api.process.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (user + system) / 1000 + (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
