import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DetailsGateway, detailRunId, startDetailsGateway } from '../../support/details-upstream.ts';
import { execute } from '../../support/execute.ts';

const RUNS = 50;
const RUN = detailRunId(0);

let test: DetailsGateway;
beforeAll(async () => {
  test = await startDetailsGateway(RUNS);
  for (let number = 0; number < RUNS; number++) {
    const id = detailRunId(number);
    const step = { id: `step-${number}`, run_id: id };
    const message = { id: `message-${number}`, message_type: 'user_message', content: 'x', step_id: step.id };
    test.answers.set(`/v1/runs/${id}/steps`, JSON.stringify([step]));
    test.answers.set(`/v1/runs/${id}/messages`, JSON.stringify([message, message]));
    test.answers.set(`/v1/runs/${id}/metrics`, '{"num_steps":1}');
    test.answers.set(`/v1/steps/${step.id}`, JSON.stringify(step));
  }
});
afterAll(() => test[Symbol.asyncDispose]());

const messages = 'messages(first: 5) { nodes { id } }';

describe('Upstream requests', () => {
  it.each<[name: string, query: string, requests: number]>([
    ['messages', `{ run(id: "${RUN}") { ${messages} } }`, 2],
    ['pages of some types', `{ run(id: "${RUN}") { ${messages} b: messages(last: 1, types: [USER_MESSAGE]) { nodes { id } } } }`, 2],
    ['messages of steps', `{ run(id: "${RUN}") { steps { nodes { messages { id } } } } }`, 3],
    ['messages, and those of steps', `{ run(id: "${RUN}") { ${messages} steps { nodes { messages { id } } } } }`, 3],
    [
      'everything of one run',
      `{ run(id: "${RUN}") { ${messages} steps { nodes { messages { id } } } usage { stepCount } metrics { stepCount } } }`,
      4,
    ],
    ['a run without its messages', `{ run(id: "${RUN}") { id status } }`, 1],
    ['a step by its id, with its messages', '{ node(id: "step-0") { ... on RunStep { messages { id } } } }', 2],
    ['50 runs with messages', `{ runs(first: 50) { nodes { id ${messages} } } }`, 1 + RUNS],
    ['the same runs twice', `{ a: runs(first: 50) { nodes { ${messages} } } b: runs(first: 50) { nodes { ${messages} } } }`, 1 + RUNS],
    ['50 runs with the messages of steps', '{ runs(first: 50) { nodes { steps(first: 1) { nodes { messages { id } } } } } }', 1 + 2 * RUNS],
  ])('%s', async (_name, query, requests) => {
    test.requests.length = 0;
    const { errors } = await execute(test.gateway, query);
    expect(errors).toBeUndefined();
    expect(test.requests).toHaveLength(requests);
    expect(new Set(test.requests).size).toBe(requests);
  });
});
