import { describe, expect, it } from 'vitest';
import { LookUps } from '../../../src/loaders/look-ups.ts';
import { answersOfRuns, RUN } from '../../support/answers.ts';
import { runId } from '../../support/ids.ts';
import { openGateway, openGatewayOver } from '../../support/open-gateway.ts';
import { CLOUD, SELF_HOSTED } from '../../support/upstream-variants.ts';

const created_at = '2026-01-01T00:00:00Z';

interface Data {
  readonly run: Readonly<Record<string, { readonly nodes: readonly unknown[] }>>;
}

async function ask(messages: readonly object[], selection: string, others: object = {}) {
  const answers = { [`/v1/runs/${RUN}/messages`]: messages, ...others };
  await using open = await openGatewayOver(answersOfRuns(1, answers));
  const { data } = await open.execute<Data>(`{ run(id: "${RUN}") { ${selection} } }`);
  return { run: data?.run, urls: open.upstream.urls };
}

describe('Run.messages', () => {
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
  ])('%s has the messages at %j', async (args, indexes, hasNextPage, hasPreviousPage) => {
    const { run } = await ask(
      sent,
      `messages${args} { nodes { id } pageInfo { hasNextPage hasPreviousPage } }`,
    );
    expect(run).toEqual({
      messages: { nodes: nodes(...indexes), pageInfo: { hasNextPage, hasPreviousPage } },
    });
  });

  it('takes one request, also for RunStep.messages and for whatever asks for messages', async () => {
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

  it('has all 200 messages where their calls have one id', async () => {
    const tool_call = { name: 'f', arguments: '{}', tool_call_id: 'call_0' };
    const ids = Array.from({ length: 200 }, (_, n) => `message-${n}`);
    const calls = ids.map((id) => ({ id, message_type: 'tool_call_message', tool_call }));
    const runs = answersOfRuns(1);
    await using open = await openGatewayOver((request) => {
      if (!request.path.endsWith('/messages')) return runs(request);
      return { body: request.query.get('order') === 'desc' ? calls.toReversed() : calls };
    });
    const query = `{ run(id: "${RUN}") { messages(first: 1000) { nodes { messageId } } } }`;
    const { data } = await open.execute<Data>(query);
    expect(data?.run['messages']?.nodes).toEqual(ids.map((messageId) => ({ messageId })));
  });
});

it('Run.messages(last, types) knows when it has all of a type, however many others there are', async () => {
  const run = { id: runId(0), agent_id: 'agent-1', created_at };
  await using open = await openGateway({ runs: [run] });
  open.store.messages.insert(
    Array.from({ length: 300 }, (_, index) => {
      const id = `message-${index}`;
      const message_type = index < 297 ? 'assistant_message' : 'user_message';
      return { id, run_id: run.id, created_at, items: [{ id, message_type, step_id: null, content: '' }] };
    }),
  );
  for (const size of [2, 3]) {
    const args = `last: ${size}, types: [USER_MESSAGE]`;
    const query = `{ run(id: "${run.id}") { messages(${args}) { nodes { messageId } pageInfo { hasPreviousPage } } } }`;
    const nodes = [297, 298, 299].slice(-size).map((index) => ({ messageId: `message-${index}` }));
    expect(await open.execute(query)).toEqual({
      data: { run: { messages: { nodes, pageInfo: { hasPreviousPage: size < 3 } } } },
    });
  }
});

it.each([
  [SELF_HOSTED[0], 500, 'served'],
  [CLOUD[0], 150, 'served'],
  [CLOUD[0], 500, 'UPSTREAM_UNSUPPORTED'],
  [SELF_HOSTED[0], 0, 'served'],
])(
  'Run.messages of a run that returns one type are all that the API shows, or an error: $variant, %i',
  async (upstream, count, code) => {
    const request_config = { include_return_message_types: ['user_message'] };
    const run = { id: runId(0), agent_id: 'agent-1', created_at, request_config };
    await using open = await openGateway({ ...upstream, runs: [run], agents: [] });
    const types = ['user_message', 'assistant_message'] as const;
    const ids = Array.from({ length: count }, (_, index) => `message-${index}`);
    open.store.messages.insert(
      ids.map((id, index) => {
        const message_type = types[index % 10 === 0 ? 0 : 1];
        const item = { id, message_type, step_id: null, content: '' };
        return { id, run_id: run.id, created_at, items: [item] };
      }),
    );
    const query = `{ run(id: "${run.id}") { messages(first: 1000) { nodes { messageId } } } }`;
    const { data, errors } = await open.execute<unknown>(query);
    expect(errors?.[0]?.extensions?.['code'] ?? 'served').toBe(code);
    const nodes = ids.filter((_id, index) => index % 10 === 0).map((messageId) => ({ messageId }));
    expect(data).toEqual({ run: { messages: code === 'served' ? { nodes } : null } });
  },
);

it('Run.messages of a run that was deleted meanwhile may be of some types only', async () => {
  const listMessages = (_id: string, read: () => Promise<boolean>) => ({ read });
  const lookUps = new LookUps({ retrieve: async () => null, listMessages } as never);
  expect(await lookUps.messages(RUN).read()).toBe(true);
});
