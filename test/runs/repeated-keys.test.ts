import { expect, it } from 'vitest';
import type { Run } from '../../src/runs/run.ts';
import type { RunRangeQuery } from '../../src/runs/source.ts';
import { understandsRepeatedKeys } from '../../src/upstream/letta/repeated-keys.ts';
import { decodeRuns } from '../../src/wire/decode-run.ts';
import { randomRuns } from '../support/random-runs.ts';

const [RUN, OTHER] = decodeRuns(randomRuns(2, 2)) as readonly [Run, Run];
const newest = { filter: {}, order: 'desc', after: null, limit: 1 };
const twice = { ...newest, filter: { agentIds: [RUN.agentId, RUN.agentId] } };
const once = { ...newest, filter: { agentId: RUN.agentId } };

it.each<[string, answers: readonly (readonly Run[])[], boolean | undefined, asked: readonly unknown[]]>([
  ['finds a run of an agent that is named twice', [[RUN], [RUN]], true, [newest, twice]],
  ['finds it only where the agent is named once', [[RUN], [], [RUN]], false, [newest, twice, once]],
  ['has lost the run meanwhile', [[RUN], [], []], undefined, [newest, twice, once]],
  ['has another newest run meanwhile', [[RUN], [], [OTHER]], undefined, [newest, twice, once]],
  ['has no runs', [[]], undefined, [newest]],
])('Whether repeated keys are understood by a server that %s', async (_what, answers, expected, queries) => {
  const asked: RunRangeQuery[] = [];
  const follow = async (query: RunRangeQuery) => {
    asked.push(query);
    return answers[asked.length - 1] ?? [];
  };
  expect(await understandsRepeatedKeys(follow)).toBe(expected);
  expect(asked).toEqual(queries);
});
