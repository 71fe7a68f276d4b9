import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createGateway } from '../../../src/gateway.ts';
import { detailRunId, startDetailsGateway } from '../../support/details-upstream.ts';
import { type Answer, execute } from '../../support/execute.ts';

const RUN = detailRunId(0);
const folder = mkdtempSync(path.join(tmpdir(), 'run-cost-'));
afterAll(() => rmSync(folder, { recursive: true }));

const prices = path.join(folder, 'prices.json');
writeFileSync(prices, '{"currency": "EUR", "models": {"a": {"prompt": 1, "completion": 10}}}');

const COST = 'cost { amount currency isComplete }';
const step = (id: string, model: string, prompt_tokens: number | null) => ({
  id,
  run_id: RUN,
  model,
  prompt_tokens,
  completion_tokens: 1000,
  status: 'success',
});

/** Answers with the steps of each run, in the order of the list. */
async function ask(query: string, steps: readonly (readonly object[])[], file: string | undefined = prices) {
  await using test = await startDetailsGateway(steps.length, file === undefined ? {} : { prices: file });
  for (const [number, some] of steps.entries()) {
    test.answers.set(`/v1/runs/${detailRunId(number)}/steps`, JSON.stringify(some));
  }
  const answer = await execute<object, object>(test.gateway, query);
  expect(answer.errors).toBeUndefined();
  return { data: answer.data, requests: [...test.requests] };
}

describe('Run.cost', () => {
  it('is the sum over all steps, from the request that usage takes', async () => {
    const query = `{ run(id: "${RUN}") { ${COST} usage { stepCount } steps { nodes { ${COST} } } } }`;
    const { data, requests } = await ask(query, [[step('step-1', 'a', 500_000), step('step-2', 'b', 7)]]);
    const first = { amount: 0.51, currency: 'EUR', isComplete: true };
    expect(data).toEqual({
      run: {
        cost: { ...first, isComplete: false },
        usage: { stepCount: 2 },
        steps: { nodes: [{ cost: first }, { cost: null }] },
      },
    });
    expect(requests.filter((each) => each.includes('/steps'))).toHaveLength(1);
  });

  it('is null without prices, and takes no request then', async () => {
    await using test = await startDetailsGateway();
    for (const query of [`{ runs { nodes { ${COST} } } }`, `{ run(id: "${RUN}") { id ${COST} } }`]) {
      const { data, errors } = await execute(test.gateway, query);
      expect([JSON.stringify(data), errors]).toEqual([expect.stringContaining('"cost":null'), undefined]);
    }
    expect(test.requests.filter((each) => each.includes('/steps'))).toEqual([]);
  });

  it('is null where no model has a price', async () => {
    const { data } = await ask(`{ run(id: "${RUN}") { ${COST} } }`, [[step('step-1', 'b', 1)]]);
    expect(data).toEqual({ run: { cost: null } });
  });

  it('goes by sample prices for sample runs', async () => {
    await using gateway = await createGateway();
    const { data } = await execute<
      { runs: { nodes: readonly { cost: { amount: number } | null }[] } },
      object
    >(gateway, `{ runs(first: 20) { nodes { ${COST} } } }`);
    const costs = data?.runs.nodes.flatMap(({ cost }) => cost ?? []) ?? [];
    expect(costs.length).toBeGreaterThan(15);
    for (const { amount } of costs) {
      expect(amount).toBeGreaterThanOrEqual(0);
      expect(amount).toBeLessThan(10);
    }
  });
});

describe('RunStats.cost', () => {
  const runs = ['a', 'a', 'a'].map((model, at) => [step(`step-${at}`, model, 100_000 * (at + 1))]);

  it('is the sum over the newest runs, and complete if these are all', async () => {
    const query = `{ runStats { ${COST} one: cost(first: 1) { amount isComplete } none: cost(first: 0) { amount } } }`;
    const { data, requests } = await ask(query, runs);
    expect(data).toEqual({
      runStats: {
        cost: { amount: 0.63, currency: 'EUR', isComplete: true },
        one: { amount: 0.11, isComplete: false },
        none: null,
      },
    });
    expect(requests.filter((each) => each.includes('/steps'))).toHaveLength(3);
  });

  it('costs what its requests do, as tokens do', async () => {
    await using test = await startDetailsGateway(1, { prices });
    const costOf = async (selection: string) => {
      const answer: Answer<object> & { extensions?: unknown } = await execute<object, object>(
        test.gateway,
        `{ runStats { ${selection} } }`,
        undefined,
        { 'graphql-cost-debug': '1' },
      );
      return Object(answer.extensions).cost.estimated;
    };
    for (const args of ['', '(first: 1)', '(first: 1000)']) {
      expect(await costOf(`cost${args} { amount }`)).toBe(await costOf(`tokens${args} { totalTokens }`));
    }
  });
});
