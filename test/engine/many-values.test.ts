import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DetailsGateway, detailRunId, startDetailsGateway } from '../support/details-upstream.ts';
import { execute } from '../support/execute.ts';

const MANY = 2000;
const RUN = detailRunId(0);
/** What is allowed at the least, whatever the maximum cost: 10,000 values, four times over. */
const MAX_VALUES = 40_000;

const many = <Item>(item: (n: number) => Item): readonly Item[] =>
  Array.from({ length: MANY }, (_, n) => item(n));
const aliases = (count: number, field: string): string =>
  Array.from({ length: count }, (_, n) => `a${n}: ${field}`).join(' ');

let test: DetailsGateway;
beforeAll(async () => {
  test = await startDetailsGateway(1, { maxCost: 2000 });
  const step = { id: 'step-0', run_id: RUN };
  const parts = many(() => ({ type: 'text', text: 'x' }));
  const messages = [
    { message_type: 'user_message', content: parts },
    { message_type: 'tool_call_message', tool_calls: many((n) => ({ tool_call_id: `call-${n}` })) },
    {
      message_type: 'tool_return_message',
      tool_returns: many((n) => ({ tool_call_id: `call-${n}`, tool_return: parts.slice(0, 9) })),
    },
    {
      message_type: 'approval_response_message',
      approvals: many((n) => ({ type: 'approval', tool_call_id: `call-${n}` })),
    },
  ];
  const short = many((n) => ({
    id: `message-s${n}`,
    message_type: 'system_message',
    content: '',
    step_id: step.id,
  }));
  const long = messages.map((message, n) => ({ id: `message-${n}`, ...message }));
  test.answers.set(`/v1/runs/${RUN}/messages`, JSON.stringify([...long, ...short]));
  test.answers.set(
    `/v1/runs/${RUN}/steps`,
    JSON.stringify([step, ...many((n) => ({ id: `step-m${n}`, model: `m${n}` }))]),
  );
});
afterAll(() => test[Symbol.asyncDispose]());

const run = (selection: string): string => `{ run(id: "${RUN}") { ${selection} } }`;
const messages = (selection: string): string => run(`messages(first: 4) { nodes { ${selection} } }`);

describe('A list whose length no price can know', () => {
  it.each<[string, (times: number) => string]>([
    [
      'messages of a step',
      (times) => run(`steps(first: 1) { nodes { ${aliases(times, 'messages { id }')} } }`),
    ],
    ['parts', (times) => messages(`... on RunContentMessage { ${aliases(times, 'parts { __typename }')} }`)],
    [
      'tool calls',
      (times) => messages(`... on RunToolCallMessage { ${aliases(times, 'toolCalls { name id }')} }`),
    ],
    [
      'tool returns',
      (times) => messages(`... on RunToolReturnMessage { ${aliases(times, 'toolReturns { status }')} }`),
    ],
    [
      'parts of tool returns',
      (times) =>
        messages(`... on RunToolReturnMessage { toolReturns { ${aliases(times, 'parts { __typename }')} } }`),
    ],
    [
      'approvals',
      (times) => messages(`... on RunApprovalResponseMessage { ${aliases(times, 'approvals { reason }')} }`),
    ],
    ['models', (times) => run(`usage { ${aliases(times, 'byModel { totalTokens }')} }`)],
  ])('is answered once, and refused under many aliases: %s', async (_name, query) => {
    expect(await execute(test.gateway, query(1))).not.toHaveProperty('errors');
    expect(await execute(test.gateway, query(60))).toEqual({
      data: null,
      errors: [
        {
          message: `The response would have more than ${MAX_VALUES} values; request fewer rows or fields at once.`,
          extensions: {
            code: 'RESPONSE_TOO_LARGE',
            maxValues: MAX_VALUES,
            retryable: false,
            requestId: expect.any(String),
          },
        },
      ],
    });
    // Each operation counts anew.
    expect(await execute(test.gateway, query(1))).not.toHaveProperty('errors');
  });
});
