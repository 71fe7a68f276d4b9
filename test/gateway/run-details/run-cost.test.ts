import { afterAll, describe, expect, it } from 'vitest';
import { answersOfRuns, RUN } from '../../support/answers.ts';
import { runId } from '../../support/ids.ts';
import { newFolder } from '../../support/new-folder.ts';
import { openGatewayOver } from '../../support/open-gateway.ts';

const folder = newFolder();
afterAll(() => folder[Symbol.dispose]());
const PRICES = '{"currency": "EUR", "models": {"a": {"prompt": 1, "completion": 10}}}';
const prices = folder.file('prices.json', PRICES);

const COST = 'cost { amount currency isComplete }';
const step = (id: string, model: string, prompt_tokens: number) => ({
  id,
  run_id: RUN,
  model,
  prompt_tokens,
  completion_tokens: 1000,
  status: 'success',
});

/** Answers with the steps of each run, in the order of the list, and how often some were asked for. */
async function ask(query: string, steps: readonly (readonly object[])[], config = { prices }) {
  const answers = steps.map((some, number) => [`/v1/runs/${runId(number)}/steps`, some] as const);
  await using open = await openGatewayOver(answersOfRuns(steps.length, Object.fromEntries(answers)), config);
  const data = await open.dataOf(query);
  return { data, requests: open.upstream.urls.filter((url) => url.includes('/steps')).length };
}

describe('Run.cost', () => {
  it('is the sum over all steps, from the request that usage takes', async () => {
    const query = `{ run(id: "${RUN}") { ${COST} usage { stepCount } steps { nodes { ${COST} } } } }`;
    const first = { amount: 0.51, currency: 'EUR', isComplete: true };
    expect(await ask(query, [[step('step-1', 'a', 500_000), step('step-2', 'b', 7)]])).toEqual({
      data: {
        run: {
          cost: { ...first, isComplete: false },
          usage: { stepCount: 2 },
          steps: { nodes: [{ cost: first }, { cost: null }] },
        },
      },
      requests: 1,
    });
  });

  it('is rounded once, to the nearest decimal', async () => {
    const few = { ...step('step-1', 'a', 5), completion_tokens: 0 };
    const { data } = await ask(`{ run(id: "${RUN}") { cost { amount } } }`, [[few]]);
    expect(data).toEqual({ run: { cost: { amount: 0.000005 } } });
  });

  it('is null without prices, and takes no request then', async () => {
    await using open = await openGatewayOver(answersOfRuns(1));
    expect(await open.execute(`{ runs { nodes { ${COST} } } run(id: "${RUN}") { ${COST} } }`)).toEqual({
      data: { runs: { nodes: [{ cost: null }] }, run: { cost: null } },
    });
    expect(open.upstream.urls.filter((url) => url.includes('/steps'))).toEqual([]);
  });
});

const runs = [1, 2, 3].map((number) => [step(`step-${number}`, 'a', 100_000 * number)]);

it('runStats.cost is the sum over the newest runs, and complete if these are all', async () => {
  const query = `{ runStats { ${COST} one: cost(first: 1) { amount isComplete } none: cost(first: 0) { amount } } }`;
  expect(await ask(query, runs)).toEqual({
    data: {
      runStats: {
        cost: { amount: 0.63, currency: 'EUR', isComplete: true },
        one: { amount: 0.11, isComplete: false },
        none: null,
      },
    },
    requests: 3,
  });
});
