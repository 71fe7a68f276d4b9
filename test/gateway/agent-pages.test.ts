import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agentIds, agentNamed, askEntities, evenRuns, newest, runsOf } from '../support/agent-runs.ts';
import { type Answer, execute } from '../support/execute.ts';
import { openGateway, type OpenGateway } from '../support/open-gateway.ts';
import { propertyRuns } from '../support/property-runs.ts';
import type { RandomRun } from '../support/random-runs.ts';
import { RUN_STATUSES } from '../support/run-fields.ts';
import { CLOUD, SELF_HOSTED } from '../support/upstream-variants.ts';

const range = (length: number) => Array.from({ length }, (_, index) => index);

/** Asks for the newest three runs of so many agents, checks them, and returns the count of requests. */
async function requestsFor(runs: readonly RandomRun[], count: number): Promise<number> {
  await using test = await openGateway({ runs });
  const agents = agentIds(count);
  const page = '... on Agent { id runs(first: 3) { nodes { id } pageInfo { hasNextPage } } }';
  const { entities, errors, requests } = await askEntities(test, agents.map(agentNamed), page);
  expect(errors).toBeUndefined();
  expect(entities).toEqual(
    agents.map((id) => {
      const own = newest(runs, id, 4).map((run) => ({ id: run }));
      return { id, runs: { nodes: own.slice(0, 3), pageInfo: { hasNextPage: own.length > 3 } } };
    }),
  );
  return requests;
}

describe('The newest runs of many agents', () => {
  it.each([
    ['who take turns come from one request', evenRuns(1500, 100), 100, 1],
    ['who are more than a hundred come by the hundred', evenRuns(2000, 250), 250, 3],
    // Each window is filled by the runs of one agent. Oldest first, as the newest runs are what a window sees.
    [
      'in the worst order cost as many as asking for each of them',
      runsOf(range(30).flatMap((agent) => range(12 * (agent + 1)).fill(29 - agent))),
      30,
      30,
    ],
  ])('%s', async (_name, runs, count, most) => {
    expect(await requestsFor(runs, count)).toBeLessThanOrEqual(most);
  });
});

const SELECTIONS = [
  'edges { cursor node { id agentId status } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }',
  'edges { cursor node { id } } pageInfo { startCursor endCursor }',
  'nodes { id } pageInfo { hasNextPage }',
  'pageInfo { hasNextPage hasPreviousPage }',
];

/** A set of agents, all of whom are named, with how many runs each has beside the others. */
const worlds = fc
  .record({
    count: fc.integer({ min: 1, max: 12 }),
    share: fc.constantFrom(
      () => 1,
      (agent: number) => (agent === 0 ? 200 : 1),
      (agent: number) => (agent % 3 === 0 ? 1 : 0),
    ),
    places: fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
      maxLength: 250,
      size: 'max',
    }),
    /** Whether each agent's runs lie together, instead of among those of others. */
    inTurn: fc.boolean(),
  })
  .map(({ count, share, places, inTurn }) => {
    const weights = range(count).flatMap((agent) => range(share(agent)).fill(agent));
    const owners = places.map((place) => weights[Math.floor(place * weights.length)] ?? 0);
    return { agents: agentIds(count), runs: runsOf(inTurn ? owners.toSorted((a, b) => a - b) : owners) };
  });

/** The arguments of a page, as they are written in an operation. */
function pageArguments(runs: readonly RandomRun[]): fc.Arbitrary<string> {
  const gone = '"run-00000000-0000-4000-8000-00000000dead"';
  const cursor = fc.constantFrom(...runs.map(({ id }) => `"${id}"`), gone);
  const sometimes = (name: string, value: fc.Arbitrary<string>) =>
    fc.option(
      value.map((text) => `, ${name}: ${text}`),
      { nil: '', freq: 2 },
    );
  const statuses = fc.subarray([...RUN_STATUSES], { minLength: 1 });
  return fc
    .tuple(
      fc.constantFrom('first: ', 'last: '),
      fc
        .oneof({ weight: 8, arbitrary: fc.nat(12) }, { weight: 1, arbitrary: fc.constantFrom(200, 1000) })
        .map(String),
      sometimes('after', cursor),
      sometimes('before', cursor),
      sometimes('order', fc.constantFrom('ASC', 'DESC')),
      sometimes(
        'statuses',
        statuses.map((some) => `[${some.join(', ').toUpperCase()}]`),
      ),
    )
    .map((parts) => parts.join(''));
}

type Pages = Readonly<Record<string, unknown>>;

function expectNoneButVanished(errors: Answer<unknown>['errors'] = []): void {
  for (const { extensions } of errors) expect(extensions?.['code']).toBe('INVALID_CURSOR');
}

/** Two pages of each agent in one operation, beside each page alone. */
async function expectSamePages(
  test: OpenGateway,
  agents: readonly string[],
  pages: readonly string[],
  selection: string,
): Promise<void> {
  const alone = async (agent: string): Promise<Pages> => {
    const answers = pages.map(async (args, index) => {
      const field = `page${index}: runs(${args}, agentId: "${agent}") { ${selection} }`;
      const { data, errors } = await execute<Pages, never>(test.gateway, `{ ${field} }`);
      expectNoneButVanished(errors);
      return data;
    });
    return Object.assign({}, ...(await Promise.all(answers)));
  };
  const single = await Promise.all(agents.map(alone));
  const fields = pages.map((args, index) => `page${index}: runs(${args}) { ${selection} }`).join(' ');
  // The first once more at the end, and what is no agent in between.
  const asked = [...agents, 'nobody', ...agents.slice(0, 1)].map(agentNamed);
  const { entities, errors } = await askEntities<Pages>(test, asked, `... on Agent { ${fields} }`);
  expectNoneButVanished(errors);
  expect(entities).toEqual([...single, null, ...single.slice(0, 1)]);
}

it.each([...SELF_HOSTED, ...CLOUD])(
  'Pages of many agents equal the pages of each agent alone over $variant',
  async (upstream) => {
    for (const { agents, runs } of fc.sample(worlds, { numRuns: propertyRuns(2), seed: 17 })) {
      const config = { maxCost: 1e9 };
      await using test = await openGateway({ runs, ...upstream, config });
      const page = pageArguments(runs);
      const cases = fc.tuple(page, page, fc.constantFrom(...SELECTIONS));
      for (const [one, other, selection] of fc.sample(cases, { numRuns: 5, seed: 17 }))
        await expectSamePages(test, agents, [one, other], selection);
    }
  },
);
