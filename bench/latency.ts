import { Pool } from 'undici';
import { type Ask, askOnce } from './harness/operations.ts';
import { figure, print } from './harness/print-figures.ts';
import { readOptions } from './harness/rounds.ts';
import { metric, startGateway, startService } from './harness/service.ts';

/** How long answers take over an API that is far away, and how many upstream requests: from the front and the end of a list. */
const RUNS = 2500;
const { profile, latency, rounds } = readOptions({ profile: 'self-hosted', latency: 150, rounds: 7 });

await using api = await startService(
  `src/main.ts runs-api --port 0 --runs ${RUNS} --profile ${profile} --latency ${latency}`,
);
await using gateway = await startGateway(api);
const pool = new Pool(gateway.url, { connections: 1 });

const { runs: newest } = await dataOf({ query: '{ runs(first: 311) { nodes { id createdAt } } }' });
const [run, cursor, from, to] = [20, 100, 310, 300].map((index) => newest.nodes[index]);
const { runs: oldest } = await dataOf({ query: '{ runs(last: 200) { nodes { id createdAt } } }' });
const SHAPES = {
  'a page of 50': 'runs(first: 50) { nodes { id status } }',
  'with both flags': 'runs(first: 50) { nodes { id status } pageInfo { hasNextPage hasPreviousPage } }',
  'behind the id of a run': `runs(first: 50, after: "${cursor?.id}") { nodes { id status } pageInfo { hasNextPage } }`,
  'a page 200 rows before the end': `runs(first: 50, after: "${oldest.nodes[0]?.id}") { nodes { id } pageInfo { hasNextPage } }`,
  'one run with everything': `run(id: "${run?.id}") { id status steps { nodes { id } } messages { nodes { id } } usage { totalTokens } metrics { stepCount } agent { name } }`,
  'a closed window': `runs(first: 10, createdAfter: "${from?.createdAt}", createdBefore: "${to?.createdAt}") { nodes { id } }`,
  'the agents of 50 runs': 'runs(first: 50) { nodes { id agent { name } } }',
  [`runStats of ${RUNS} runs`]: 'runStats { count { value } }',
  'the tokens of 50 runs': 'runs(first: 50) { nodes { id usage { totalTokens } } }',
};

const lines: string[][] = [];
for (const [what, selected] of Object.entries(SHAPES)) {
  const ask = { query: `{ ${selected} }` };
  // Not counted: connections are opened, and what the API is like is found out.
  await dataOf(ask);
  const before = await metric(gateway, 'upstream_attempts_total');
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await dataOf(ask);
    times.push(performance.now() - start);
  }
  const requests = ((await metric(gateway, 'upstream_attempts_total')) - before) / rounds;
  lines.push([what, figure(times), requests.toFixed(1)]);
}
print(
  `over an API like ${profile} that takes ${latency} ms, medians of ${rounds} answers, one after the other`,
  ['', 'ms', 'upstream requests'],
  lines,
);
await pool.close();

async function dataOf(ask: Ask): Promise<{ runs: { nodes: { id: string; createdAt: string }[] } }> {
  const { data, errors } = JSON.parse((await askOnce(pool, ask)).toString());
  if (errors !== undefined) throw new Error(`${ask.query} was answered with ${JSON.stringify(errors)}`);
  return data;
}
