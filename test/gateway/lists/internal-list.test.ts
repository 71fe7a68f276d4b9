import { expect, it } from 'vitest';
import { seekRun } from '../../../src/upstream/letta/seek-run.ts';
import { ask } from '../../support/ask.ts';
import { status } from '../../support/faults.ts';
import { type OpenGateway, openGateway } from '../../support/open-gateway.ts';
import type { Script } from '../../support/scripted-upstream.ts';

/** Runs a second apart. */
const RUNS = Array.from({ length: 50 }, (_, n) => ({
  id: `run-000000${n + 10}-0000-4000-8000-000000000000`,
  agent_id: 'agent-00000000-0000-4000-8000-000000000000',
  created_at: `2025-01-01T00:00:${n + 10}Z`,
}));
const INTERNAL = '/v1/_internal_runs/';
/** A window for which the internal list is asked where to begin. */
const WINDOW = `{ runs(first: 3, createdBefore: "${RUNS[20]?.created_at}") { nodes { id } } }`;
const PAGE = { data: { runs: { nodes: [19, 18, 17].map((index) => ({ id: RUNS[index]?.id })) } } };

/** Answers for the internal list, with rows that the runs API has. */
const internal =
  (answer: Script): Script =>
  (request, next) =>
    request.path === INTERNAL ? answer(request, next) : next();
const rows = (...list: readonly unknown[]): Script => internal(() => ({ body: list }));

const asked = ({ upstream }: OpenGateway): number =>
  upstream.requests.filter(({ path }) => path === INTERNAL).length;

it.each<[string, Script]>([
  ['answers', (_request, next) => next()],
  ['is missing', internal(() => status(404))],
  ['fails', internal(() => status(500))],
  ['ignores dates', internal((_request, next) => next({ query: new URLSearchParams('limit=1&order=asc') }))],
  ['answers with runs outside', rows(RUNS[10])],
  ['gives other creation times', rows({ ...RUNS[10], created_at: RUNS[25]?.created_at })],
  ['is always empty', rows()],
  ['has runs that nobody has', rows({ ...RUNS[25], id: `run-${'0'.repeat(8)}` })],
])(
  'The internal list only tells where to begin, and the page is right where it %s',
  async (_name, script) => {
    await using test = await openGateway({ runs: RUNS, script });
    expect(await ask(test.gateway, 'one', WINDOW)).toEqual(PAGE);
    expect(asked(test)).toBe(1);
  },
);

it('createdBefore and createdAfter of one instant begin each on their side of it', async () => {
  await using test = await openGateway({ runs: RUNS });
  const at = RUNS[20]?.created_at;
  const query = `{
    a: runs(first: 3, createdBefore: "${at}") { nodes { id } }
    b: runs(first: 3, createdAfter: "${at}", order: ASC) { nodes { id } }
  }`;
  const nodes = (...places: number[]) => ({ nodes: places.map((place) => ({ id: RUNS[place]?.id })) });
  expect(await ask(test.gateway, 'one', query)).toEqual({
    data: { a: nodes(19, 18, 17), b: nodes(20, 21, 22) },
  });
});

it.each(['listRuns', 'retrieve'])('A client that leaves during %s ends the search', async (name) => {
  const left = new Error('The client has disconnected');
  const run = { id: 'run-1', createdInstant: '2025-01-01T00:00:00.000000' };
  const leave = () => Promise.reject(left);
  const requests = { listRuns: async () => ({ rows: [run] }), retrieve: async () => run, [name]: leave };
  const seek = { instant: run.createdInstant, side: 'from' } as const;
  await expect(seekRun(seek, requests as never)).rejects.toBe(left);
});
