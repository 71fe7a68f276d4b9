import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { circumstances, figure, median, print, table } from './harness/figures.ts';
import { askOnce, disposable } from './harness/load.ts';
import { startGateway, startService } from './harness/service.ts';

/**
 * How long answers take over an API that is far away, beside code written by hand for the same, which
 * asks for all at once that it can and checks nothing.
 */
const { values } = parseArgs({
  options: {
    profile: { type: 'string', default: 'self-hosted' },
    'latency-ms': { type: 'string', default: '150' },
    rounds: { type: 'string', default: '7' },
  },
});
const { profile, 'latency-ms': latencyMs } = values;
const rounds = Number(values.rounds);
const RUNS = 2500;
const MAX_ROWS = 1000;
const AUTHORIZATION = 'Bearer someone';

interface Row {
  readonly id: string;
  readonly agent_id: string;
  readonly created_at: string;
}

await using api = await startService(new URL('../src/main.ts', import.meta.url), {
  args: ['runs-api', '--port', '0', '--runs', `${RUNS}`, '--profile', profile, '--latency', latencyMs],
});
await using gateway = await startGateway(api.url);
await using upstream = disposable(new Pool(api.url, { connections: 128 }));
await using front = disposable(new Pool(gateway.url, { connections: 1 }));

const list = (query: string): Promise<Row[]> => get(`/v1/runs/?${query}`);
const newest = await list(`limit=${MAX_ROWS}`);
const at = (index: number): Row => {
  const row = newest[index];
  if (row === undefined) throw new Error(`There are only ${newest.length} runs`);
  return row;
};
const [cursor, one, from, to] = [at(100), at(20), at(310), at(300)];
const parts = (id: string): Promise<unknown[]> =>
  Promise.all(
    ['steps?limit=200', 'messages?limit=200', 'metrics'].map((part) => get(`/v1/runs/${id}/${part}`)),
  );
const agent = (id: string): Promise<unknown> => get(`/v1/agents/${id}?include=agent.tags`);
const window = `createdAfter: "${from.created_at}", createdBefore: "${to.created_at}"`;

interface Shape {
  readonly what: string;
  readonly query: string;
  readonly byHand: () => Promise<unknown>;
}

const SHAPES: readonly Shape[] = [
  {
    what: 'a page of 50',
    query: 'runs(first: 50) { nodes { id status } }',
    byHand: () => list('limit=50'),
  },
  {
    what: 'with both flags',
    query: 'runs(first: 50) { nodes { id status } pageInfo { hasNextPage hasPreviousPage } }',
    byHand: () => list('limit=51'),
  },
  {
    what: 'behind the id of a run',
    query: `runs(first: 50, after: "${cursor.id}") { nodes { id status } pageInfo { hasNextPage } }`,
    byHand: () => list(`limit=51&before=${cursor.id}`),
  },
  {
    what: 'one run with everything',
    query: `run(id: "${one.id}") { id status steps { nodes { id } } messages { nodes { id } } usage { totalTokens } metrics { stepCount } agent { name } }`,
    byHand: async () =>
      Promise.all([get<Row>(`/v1/runs/${one.id}`).then(({ agent_id }) => agent(agent_id)), parts(one.id)]),
  },
  {
    what: 'a closed window',
    query: `runs(first: 10, ${window}) { nodes { id } }`,
    byHand: () => list(`limit=${MAX_ROWS}`),
  },
  {
    what: 'the agents of 50 runs',
    query: 'runs(first: 50) { nodes { id agent { name } } }',
    byHand: async () => {
      const rows = await list('limit=50');
      return Promise.all([...new Set(rows.map(({ agent_id }) => agent_id))].map(agent));
    },
  },
  {
    what: `runStats of ${RUNS} runs`,
    query: 'runStats { count { value } }',
    byHand: async () => {
      let rows = await list(`limit=${MAX_ROWS}`);
      // oxlint-disable-next-line no-await-in-loop -- Each page starts where the one before it ended.
      while (rows.length === MAX_ROWS) rows = await list(`limit=${MAX_ROWS}&before=${rows.at(-1)?.id}`);
    },
  },
  {
    what: 'the tokens of 50 runs',
    query: 'runs(first: 50) { nodes { id usage { totalTokens } } }',
    byHand: async () => {
      const rows = await list('limit=50');
      return Promise.all(rows.map(({ id }) => get(`/v1/runs/${id}/steps?limit=200`)));
    },
  },
];

const times = SHAPES.map(() => ({ gateway: [] as number[], byHand: [] as number[] }));
// The first round isn't counted: connections are opened, and what the API is like is found out.
for (let round = 0; round <= rounds; round++) {
  for (const [index, { query, byHand }] of SHAPES.entries()) {
    const took = [await timed(() => ask(query)), await timed(byHand)] as const;
    if (round === 0) continue;
    times[index]?.gateway.push(took[0]);
    times[index]?.byHand.push(took[1]);
  }
}
print(
  `${circumstances()}; milliseconds over an API like ${profile} that takes ${latencyMs} ms, medians of ${rounds} answers, one after the other`,
  '',
  table(
    ['', 'gateway', 'by hand'],
    SHAPES.map(({ what }, index) => [
      what,
      figure(median(times[index]?.gateway ?? [])),
      figure(median(times[index]?.byHand ?? [])),
    ]),
  ),
);

async function timed(task: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await task();
  return performance.now() - start;
}

async function ask(query: string): Promise<void> {
  const body = JSON.stringify({ query: `{ ${query} }` });
  const answer = await askOnce(front.value, { path: '/graphql', body }, AUTHORIZATION);
  const text = Buffer.from(answer).toString();
  if (text.includes('"errors"')) throw new Error(`${query} was answered with ${text.slice(0, 500)}`);
}

async function get<Value>(path: string): Promise<Value> {
  const answer = await askOnce(upstream.value, { path }, AUTHORIZATION);
  const value: Value = JSON.parse(Buffer.from(answer).toString());
  return value;
}
