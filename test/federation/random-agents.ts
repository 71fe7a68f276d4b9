import * as fc from 'fast-check';
import type { RandomRun } from '../support/random-runs.ts';
import { RUN_STATUSES } from '../support/run-fields.ts';
import { agentIds, runsOf } from './agent-runs.ts';

/** Runs of 1 to 40 agents, all of whom are named, those without a run too. */
export interface AgentData {
  readonly agents: readonly string[];
  readonly runs: readonly RandomRun[];
}

/** How many runs each agent has beside the others: alike, a few busy ones, or one that has nearly all. */
const shares = fc.constantFrom(
  () => 1,
  (agent: number) => 1 / (agent + 1) ** 2,
  (agent: number) => (agent === 0 ? 200 : 1),
  (agent: number) => (agent % 3 === 0 ? 1 : 0),
);

export const agentData: fc.Arbitrary<AgentData> = fc
  .record({
    count: fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: 1, max: 9 }) },
      { weight: 1, arbitrary: fc.integer({ min: 10, max: 40 }) },
    ),
    share: shares,
    places: fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
      minLength: 0,
      maxLength: 1500,
      size: 'max',
    }),
    /** Whether each agent's runs lie together, instead of among those of others. */
    inTurn: fc.boolean(),
  })
  .map(({ count, share, places, inTurn }) => {
    const agents = agentIds(count);
    const weights = agents.map((_id, agent) => share(agent));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const owners = places.map((place) => {
      let rest = place * total;
      return Math.max(
        0,
        weights.findIndex((weight) => (rest -= weight) < 0),
      );
    });
    return { agents, runs: runsOf(inTurn ? owners.toSorted((a, b) => a - b) : owners) };
  });

/** The arguments of one page, as they are written in an operation. */
export type PageArguments = Readonly<Record<string, string>>;

const size = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 12 }) },
  { weight: 1, arbitrary: fc.constantFrom(200, 1000) },
);

/** Of runs that any agent may own, and now and then of one that is not there. */
function cursorOf({ runs }: AgentData): fc.Arbitrary<string> {
  const stranger = fc.constant('"run-00000000-0000-4000-8000-00000000dead"');
  if (runs.length === 0) return stranger;
  const known = fc.constantFrom(...runs).map(({ id }) => `"${id}"`);
  return fc.oneof({ weight: 30, arbitrary: known }, { weight: 1, arbitrary: stranger });
}

const STATES = RUN_STATUSES.map((status) => status.toUpperCase());

/** One or two pages of the same agents. Two of them differ in no more than one argument. */
export function pages(data: AgentData): fc.Arbitrary<readonly PageArguments[]> {
  const sometimes = (value: fc.Arbitrary<string>) => fc.option(value, { nil: '', freq: 2 });
  const page = fc.record({
    size: fc.tuple(fc.constantFrom('first', 'last'), size),
    after: sometimes(cursorOf(data)),
    before: sometimes(cursorOf(data)),
    order: sometimes(fc.constantFrom('ASC', 'DESC')),
    statuses: sometimes(fc.subarray(STATES, { minLength: 1 }).map((some) => `[${some.join(', ')}]`)),
  });
  const change = fc.constantFrom('size', 'after', 'before', 'order', 'statuses', 'nothing');
  return fc
    .tuple(page, page, change, fc.boolean())
    .map(([one, other, changed, isAlone]) =>
      isAlone ? [one] : [one, { ...one, ...(changed in other && { [changed]: other[changed as 'size'] }) }],
    )
    .map((all) =>
      all.map(({ size: [side, rows], ...others }) => ({
        [side]: String(rows),
        ...Object.fromEntries(Object.entries(others).filter(([, value]) => value !== '')),
      })),
    );
}
