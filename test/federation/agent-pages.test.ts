import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answer, execute } from '../support/execute.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { joinRepeatedKeys } from '../support/recording-proxy.ts';
import { startTestGateway } from '../support/test-gateway.ts';
import { casesOver, CLOUD, SELF_HOSTED } from '../support/upstream-variants.ts';
import { type Asked, agentNamed, askEntities } from './entities.ts';
import { startDirectly } from './gateways.ts';
import { type AgentData, agentData, type PageArguments, pages } from './random-agents.ts';

const FLAGS = 'hasNextPage hasPreviousPage';
const SELECTIONS = [
  `edges { cursor node { id agentId status } } pageInfo { ${FLAGS} startCursor endCursor }`,
  `edges { cursor node { id } } pageInfo { ${FLAGS} startCursor endCursor }`,
  'edges { cursor node { id } } pageInfo { startCursor endCursor }',
  'nodes { id } pageInfo { hasNextPage }',
  'nodes { id } pageInfo { hasPreviousPage }',
  `pageInfo { ${FLAGS} }`,
];

type Pages = Readonly<Record<string, unknown>>;

/** The name of a page, by its place among the pages of one operation. */
const nameOf = (index: number) => `page${index}`;

function fieldOf(index: number, page: PageArguments, selection: string): string {
  const args = Object.entries(page).map(([name, value]) => `${name}: ${value}`);
  return `${nameOf(index)}: runs(${args.join(', ')}) { ${selection} }`;
}

function expectNoneButVanished(errors: Answer<unknown>['errors'] = []): void {
  for (const { extensions } of errors) expect(extensions?.['code']).toBe('INVALID_CURSOR');
}

/** The pages of an agent as the root field gives them, each in an operation that has nothing else. */
async function askSingly(
  { gateway }: Asked,
  agent: string,
  sets: readonly PageArguments[],
  selection: string,
): Promise<Pages> {
  const answers = await Promise.all(
    sets.map(async (set, index) => {
      const field = fieldOf(index, { ...set, agentId: `"${agent}"` }, selection);
      const { data, errors } = await execute<Pages, never>(gateway, `{ ${field} }`);
      expectNoneButVanished(errors);
      return data;
    }),
  );
  return Object.assign({}, ...answers);
}

async function expectSamePages(
  test: Asked,
  { agents }: AgentData,
  sets: readonly PageArguments[],
  selection: string,
): Promise<void> {
  const single = await Promise.all(agents.map((agent) => askSingly(test, agent, sets, selection)));
  const fields = sets.map((set, index) => fieldOf(index, set, selection)).join(' ');
  // The first once more at the end, and what is no agent in between.
  const asked = [...agents, 'nobody', ...agents.slice(0, 1)];
  const { entities, errors } = await askEntities<Pages>(
    test,
    asked.map(agentNamed),
    `... on Agent { ${fields} }`,
  );
  expectNoneButVanished(errors);
  expect(entities).toEqual([...single, null, ...single.slice(0, 1)]);
}

interface Sizes {
  /** Usual number of sets of agents and runs, each behind a gateway of its own. */
  readonly worlds: number;
  /** Cases in each of them. */
  readonly cases: number;
}

async function checkPages(
  { worlds, cases }: Sizes,
  start: (world: AgentData) => Promise<Asked & AsyncDisposable>,
  seed: number,
): Promise<number> {
  let checked = 0;
  for (const [number, world] of fc.sample(agentData, { numRuns: propertyRuns(worlds), seed }).entries()) {
    await using test = await start(world);
    await fc.assert(
      fc.asyncProperty(pages(world), fc.constantFrom(...SELECTIONS), async (sets, selection) => {
        checked++;
        await expectSamePages(test, world, sets, selection);
      }),
      { numRuns: cases, seed: seed + number, endOnFailure: true },
    );
  }
  return checked;
}

describe.each([...SELF_HOSTED, ...CLOUD])(
  'Pages of many agents in one operation over $variant',
  (upstream) => {
    it('equal the pages of each agent alone', async () => {
      const worlds = casesOver(upstream, 3);
      const start = ({ runs }: AgentData) => startDirectly(runs, upstream);
      expect(await checkPages({ worlds, cases: 10 }, start, 17)).toBe(propertyRuns(worlds) * 10);
    });

    it('equal them behind a proxy that joins repeated keys, too', async () => {
      const start = ({ runs }: AgentData) =>
        startTestGateway({ runs, ...upstream, rewrite: joinRepeatedKeys, config: { maxCost: 1e9 } });
      expect(await checkPages({ worlds: 1, cases: 5 }, start, 23)).toBe(propertyRuns(1) * 5);
    });
  },
);
