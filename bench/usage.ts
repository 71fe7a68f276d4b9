import { Pool } from 'undici';
import { circumstances, figure, median, print, table } from './harness/figures.ts';
import { type Ask, askOnce, disposable } from './harness/load.ts';
import { cpuPerRequest, ratiosOf } from './harness/measure.ts';
import { readOptions, ROUNDS } from './harness/options.ts';
import { type Service, startContender, startGateway, startUpstream } from './harness/service.ts';

/**
 * What a page of runs with the tokens of each costs, which takes a request for each run, in the
 * gateway, in a handler written for it, and in Yoga and Pothos with a DataLoader.
 */
const { options } = readOptions({ ...ROUNDS, rows: 50, connections: 4 });
const { rows, rounds, seconds, 'warm-up': warmUp, connections } = options;
const QUERY = 'query ($first: Int) { runs(first: $first) { nodes { id status usage { totalTokens } } } }';
const CONNECTION = QUERY.replace('nodes {', 'edges { node {').replace(/\}$/, '} }');

await using upstream = await startUpstream();
await using stack = new AsyncDisposableStack();
const ask = (query: string): Ask => ({
  path: '/graphql',
  body: JSON.stringify({ query, variables: { first: rows } }),
});
const contenders = [
  { name: 'gateway', service: stack.use(await startGateway(upstream.url)), ask: ask(QUERY) },
  await contender('hand-written-usage', QUERY),
  await contender('yoga-pothos', CONNECTION),
].map((each) => ({ ...each, cpu: [] as number[] }));

async function contender(name: string, query: string): Promise<{ name: string; service: Service; ask: Ask }> {
  return { name, service: stack.use(await startContender(name, upstream.url)), ask: ask(query) };
}

const texts = [];
for (const each of contenders) {
  await using pool = disposable(new Pool(each.service.url));
  const answer: unknown = JSON.parse(Buffer.from(await askOnce(pool.value, each.ask)).toString());
  texts.push(
    JSON.stringify(answer)
      .replace(/\{"node":(\{.*?\}\})\}/g, '$1')
      .replace('"edges"', '"nodes"'),
  );
  await cpuPerRequest(each.service, each.ask, { connections, seconds: warmUp });
}
if (new Set(texts).size !== 1)
  throw new Error(`The answers differ: ${texts.map((text) => text.slice(0, 300)).join('\n')}`);
for (let round = 0; round < rounds; round++) {
  for (const each of contenders) {
    each.cpu.push(await cpuPerRequest(each.service, each.ask, { connections, seconds }));
  }
}
const [own] = contenders;
print(
  `${circumstances()}; pages of ${rows} runs with their tokens, ${connections} connections, ${rounds} rounds of ${seconds} s each after ${warmUp} s to warm up`,
  '',
  table(
    ['', 'CPU ms', 'gateway / it'],
    contenders.map(({ name, cpu }) => [
      name,
      figure(median(cpu)),
      figure(median(ratiosOf(own?.cpu ?? [], cpu))),
    ]),
  ),
);
