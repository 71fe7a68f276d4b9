import { type Ask, askForPage, BODY, checkedAnswer, FIELDS } from './harness/operations.ts';
import { figure, print } from './harness/print-figures.ts';
import { type Cell, measure, ratiosOf, readOptions, ROUNDS } from './harness/rounds.ts';
import { type Service, startContender, startGateway, startUpstream } from './harness/service.ts';

/** The same page of runs in operations of different shapes, in the gateway and two others. Linux only. */
// All shapes of a contender warm up the same process.
const options = readOptions({ ...ROUNDS, rows: 100, 'warm-up': 6 });
const { rows: first, rounds, seconds, connections } = options;

await using stack = new AsyncDisposableStack();
const upstream = await startUpstream(stack);
const response = await fetch(`${upstream.url}/v1/runs/?limit=1000`);
const listed: { id: string; agent_id: string }[] = await response.json();
const ids = listed.slice(0, 100).map(({ id }) => id);
const agents = [...new Set(listed.map(({ agent_id }) => agent_id))].slice(0, 20);

const plain = askForPage(first);
const conditional = FIELDS.replace('status', 'status @include(if: $yes)').replace(
  'ttftNs',
  'ttftNs @skip(if: $no)',
);
/** Without what needs another request for a run that is looked up. */
const LOOKED_UP = FIELDS.replace('totalDurationNs ', '');

/** What all of them can serve, with as many pages in an answer. */
const COMMON: Readonly<Record<string, Ask & { readonly pages?: number }>> = {
  plain,
  'by GET': { ...plain, method: 'GET' },
  'directives by variables': {
    query: `query Page($first: Int, $yes: Boolean!, $no: Boolean!) { runs(first: $first) {
      edges { cursor node { ${conditional} } } pageInfo @include(if: $yes) { hasNextPage endCursor } } }`,
    variables: { first, yes: true, no: false },
  },
  'fragments and __typename': {
    query: `query Page($first: Int) { runs(first: $first) {
        edges { cursor ... { node { ...Row ... { id __typename } } } } pageInfo { ...Info } } }
      fragment Info on PageInfo { hasNextPage endCursor }
      fragment Row on Run { ${FIELDS} }`,
    variables: { first },
  },
  'two pages by aliases': {
    query: `query Pages($first: Int, $other: Int) { a: runs(first: $first) { ${BODY} } b: runs(first: $other) { ${BODY} } }`,
    variables: { first, other: first - 1 },
    pages: 2,
  },
};
/** What only the gateway can serve. */
const OWN: Readonly<Record<string, Ask>> = {
  'a second root, which is a look-up': {
    query: `query Page($first: Int, $id: ID!) { runs(first: $first) { ${BODY} } run(id: $id) { id status } }`,
    variables: { first, id: ids[0] },
  },
  'runs(first: 5) of 20 agents': {
    query: `query Agents($ids: [ID!]!) { nodes(ids: $ids) { ... on Agent { id runs(first: 5) { ${BODY} } } } }`,
    variables: { ids: agents },
  },
  '100 entities, each a look-up': {
    query: `query Entities($all: [_Any!]!) { _entities(representations: $all) { ... on Run { ${LOOKED_UP} } } }`,
    variables: { all: ids.map((id) => ({ __typename: 'Run', id })) },
  },
};

const OTHERS = ['mercurius', 'yoga-pothos'];
const gateway = await cellsOf(await startGateway(upstream), { ...COMMON, ...OWN });
const others: Cell[][] = [];
for (const name of OTHERS) others.push(await cellsOf(await startContender(name, upstream), COMMON));
await measure([...gateway, ...others.flat()], options);
print(
  `pages of ${first} runs, ${connections} connections, medians of ${rounds} rounds of ${seconds} s`,
  ['', 'gateway, CPU ms', '/ plain, per page', ...OTHERS.map((name) => `/ ${name}`)],
  gateway.map((cell, index) => {
    const { pages = 1 } = COMMON[cell.name] ?? {};
    const perPage = ratiosOf(cell, gateway[0]).map((ratio) => ratio / pages);
    const toOthers = others.map((cells) => ratiosOf(cell, cells[index]));
    return [cell.name, ...[cell.cpuMs, perPage, ...toOthers].map((numbers) => figure(numbers))];
  }),
);

async function cellsOf(service: Service, shapes: Readonly<Record<string, Ask>>): Promise<Cell[]> {
  stack.use(service);
  const cells: Cell[] = [];
  for (const [name, ask] of Object.entries(shapes)) {
    cells.push({ name, service, ask, bytes: (await checkedAnswer(service, ask)).byteLength, cpuMs: [] });
  }
  return cells;
}
