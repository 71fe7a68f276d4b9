import { expect, it } from 'vitest';
import { openGateway } from '../../support/open-gateway.ts';
import { randomRuns } from '../../support/random-runs.ts';
import { isSelected } from '../../support/run-arguments.ts';
import { sortRuns } from '../../support/run-list.ts';

const RUNS = sortRuns(randomRuns(300, 9), 'desc');
const COUNT = 'totalCount { value precision }';

it('totalCount counts for each of many agents its own runs, in any window', async () => {
  await using open = await openGateway({ runs: RUNS });
  const [newest, oldest] = [RUNS[20]?.created_at, RUNS[250]?.created_at];
  const ids = [...new Set(RUNS.map(({ agent_id }) => agent_id))];
  const refs = ids.map((id) => `{ __typename: "Agent", id: "${id}" }`).join(' ');
  const list = (window: string): string => `runs(first: 2, ${window}) { nodes { id } ${COUNT} }`;
  const query = `{ _entities(representations: [${refs}]) { ... on Agent {
      window: ${list(`createdAfter: "${oldest}", createdBefore: "${newest}"`)}
      since: ${list(`createdAfter: "${newest}"`)}
      all: runs { ${COUNT} }
    } } }`;
  const expected = (agentId: string, window: object) => {
    const own = RUNS.filter((run) => isSelected(run, { agentId, ...window }));
    const nodes = own.slice(0, 2).map(({ id }) => ({ id }));
    return { nodes, totalCount: { value: own.length, precision: 'EXACT' } };
  };
  const entities = ids.map((id) => ({
    window: expected(id, { createdAfter: oldest, createdBefore: newest }),
    since: expected(id, { createdAfter: newest }),
    all: { totalCount: expected(id, {}).totalCount },
  }));
  expect(await open.execute(query)).toEqual({ data: { _entities: entities } });
});

it('totalCount counts each list of an operation by its own filters', async () => {
  await using open = await openGateway({ runs: RUNS });
  const lists = [{}, { background: true }, { background: false }, { minDurationNs: 0 }, { maxDurationNs: 0 }];
  const fields = lists.map((list, n) => {
    const args = Object.entries(list).map(([name, value]) => `, ${name}: ${value}`);
    return `list${n}: runs(first: 0${args.join('')}) { ${COUNT} }`;
  });
  const counts = lists.map((list, n) => {
    const { length: value } = RUNS.filter((run) => isSelected(run, list));
    return [`list${n}`, { totalCount: { value, precision: 'EXACT' } }];
  });
  expect(await open.execute(`{ ${fields.join(' ')} }`)).toEqual({ data: Object.fromEntries(counts) });
});
