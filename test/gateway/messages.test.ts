import { describe, expect, it } from 'vitest';
import { answersOfRuns, RUN } from '../support/answers.ts';
import { execute } from '../support/execute.ts';
import { openGatewayOver } from '../support/open-gateway.ts';

interface Data {
  readonly run: Readonly<Record<string, { readonly nodes: readonly unknown[] }>>;
}

async function ask(messages: readonly object[], selection: string, others: object = {}) {
  const answers = { [`/v1/runs/${RUN}/messages`]: messages, ...others };
  await using open = await openGatewayOver(answersOfRuns(1, answers));
  const { data } = await execute<Data, object>(open.gateway, `{ run(id: "${RUN}") { ${selection} } }`);
  return { run: data?.run, urls: open.upstream.urls };
}

describe('The messages', () => {
  const sent = ['user', 'reasoning', 'tool_call', 'tool_return', 'dream', 'reasoning', ''].map(
    (kind, index) => ({
      id: `message-${Math.floor(index / 2)}`,
      message_type: kind === '' ? null : `${kind}_message`,
      step_id: `step-${index % 3}`,
    }),
  );
  const shownId = (index: number): string => `message-${Math.floor(index / 2)}:${index % 2}`;
  const nodes = (...indexes: readonly number[]) => indexes.map((index) => ({ id: shownId(index) }));

  it.each<[args: string, indexes: readonly number[], next: boolean, previous: boolean]>([
    ['', [0, 1, 2, 3, 4, 5, 6], false, false],
    ['(types: [REASONING_MESSAGE])', [1, 5], false, false],
    ['(types: REASONING_MESSAGE, first: 1)', [1], true, false],
    ['(types: [REASONING_MESSAGE], last: 1)', [5], false, true],
    ['(types: [REASONING_MESSAGE], last: 2)', [1, 5], false, false],
    ['(types: [UNRECOGNIZED, USER_MESSAGE])', [0, 4, 6], false, false],
    ['(types: [USER_MESSAGE])', [0], false, false],
    // Cursors can be used with other types than those that they came from.
    [`(types: [TOOL_CALL_MESSAGE, TOOL_RETURN_MESSAGE], after: "${shownId(1)}", first: 1)`, [2], true, false],
    [`(types: [USER_MESSAGE], after: "${shownId(0)}")`, [], false, true],
    ['(types: [EVENT_MESSAGE])', [], false, false],
    [`(first: 2, after: "${shownId(2)}")`, [3, 4], true, true],
    [`(last: 3, before: "${shownId(3)}")`, [0, 1, 2], true, false],
    ['(first: 7)', [0, 1, 2, 3, 4, 5, 6], false, false],
    ['(last: 7)', [0, 1, 2, 3, 4, 5, 6], false, false],
  ])('%s are those at %j', async (args, indexes, hasNextPage, hasPreviousPage) => {
    const { run } = await ask(
      sent,
      `messages${args} { nodes { id } pageInfo { hasNextPage hasPreviousPage } }`,
    );
    expect(run).toEqual({
      messages: { nodes: nodes(...indexes), pageInfo: { hasNextPage, hasPreviousPage } },
    });
  });

  it('of a step are those of its run, from one request for whatever asks for messages', async () => {
    const steps = ['step-0', 'step-2', 'step-9', 'step-x'].map((id) => ({
      id,
      run_id: id === 'step-x' ? null : RUN,
    }));
    const { run, urls } = await ask(
      sent,
      `steps { nodes { id messages { id } } } messages(first: 1) { nodes { id } }
       some: messages(types: [USER_MESSAGE]) { pageInfo { hasNextPage } } usage { totalTokens }`,
      { [`/v1/runs/${RUN}/steps`]: steps },
    );
    expect(run?.['steps']?.nodes).toEqual([
      { id: 'step-0', messages: nodes(0, 3, 6) },
      { id: 'step-2', messages: nodes(2, 5) },
      { id: 'step-9', messages: [] },
      { id: 'step-x', messages: null },
    ]);
    expect(urls.map((url) => url.replace(RUN, 'X')).toSorted()).toEqual([
      '/v1/runs/X',
      '/v1/runs/X/messages?order=asc&limit=200',
      '/v1/runs/X/steps?order=asc&limit=200',
    ]);
  });

  it('are all there where their calls have one id, and there are as many as proxies cut a list at', async () => {
    const tool_call = { name: 'f', arguments: '{}', tool_call_id: 'call_0' };
    const ids = Array.from({ length: 200 }, (_, n) => `message-${n}`);
    const calls = ids.map((id) => ({ id, message_type: 'tool_call_message', tool_call }));
    const runs = answersOfRuns(1);
    await using open = await openGatewayOver((request) => {
      if (!request.path.endsWith('/messages')) return runs(request);
      return { body: request.query.get('order') === 'desc' ? calls.toReversed() : calls };
    });
    const query = `{ run(id: "${RUN}") { messages(first: 1000) { nodes { messageId } } } }`;
    const { data } = await execute<Data, object>(open.gateway, query);
    expect(data?.run['messages']?.nodes).toEqual(ids.map((messageId) => ({ messageId })));
  });
});
