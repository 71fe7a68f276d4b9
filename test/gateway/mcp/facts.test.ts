import { describe, expect, it } from 'vitest';
import { embeddedWorkshop } from '../../contract/workshop.ts';
import { stopClock } from '../../support/clock.ts';
import { agentId, runId } from '../../support/ids.ts';
import { connectMcp, mcpTransport } from '../../support/mcp-client.ts';
import { openGateway } from '../../support/open-gateway.ts';
import { openPauses } from '../approvals/pauses.ts';

const run = (number: number, created_at: string, fields: object = {}) => ({
  id: runId(number),
  agent_id: agentId(1),
  created_at,
  status: 'completed' as const,
  ...fields,
});
const FAILED = run(1, '2026-01-01T04:00:00Z', { status: 'failed', metadata: { error: 'Overloaded' } });

/** What an agent could be asked about. */
async function openRuns(...runs: Parameters<typeof run>[]) {
  const opened = await openGateway({ runs: [FAILED, ...runs.map((each) => run(...each))] });
  return { ...opened, ...(await connectMcp(mcpTransport(opened.gateway))) };
}

async function openPaused() {
  const opened = await openPauses({ mcpWrite: true });
  return { ...opened, ...(await connectMcp(mcpTransport(opened.gateway))) };
}

const idsOf = (rows: unknown) => (rows as { id: string }[]).map(({ id }) => id);

describe('explain_run, read_messages and find_conversations', () => {
  it('name the run that a run continues, and what its turn began with', async () => {
    await using test = await openPaused();
    const paused = test.pause();
    const answered = test.decide(paused, false);
    const turn = { continues: paused, turnBeganWith: { runId: paused, text: 'call=danger' } };
    expect((await test.call('explain_run', { runId: answered })).data).toMatchObject(turn);
    const decisions = [{ approve: false, reason: 'why' }];
    const { data: pausedOne } = await test.call('explain_run', { runId: paused });
    expect(pausedOne).toMatchObject({
      pause: { state: 'ANSWERED', decisions, answeredBy: { id: answered } },
    });
    const { data } = await test.call('read_messages', { runId: answered });
    expect(data).toMatchObject({ ...turn, messages: [{ type: 'APPROVAL_RESPONSE_MESSAGE' }, {}, {}] });
  });

  it('name the messages that a run leaves out', async () => {
    const request_config = { include_return_message_types: ['assistant_message', 'user_message'] };
    await using test = await openRuns([2, '2026-01-01T05:00:00Z', { request_config }]);
    for (const tool of ['explain_run', 'read_messages']) {
      // oxlint-disable-next-line no-await-in-loop -- One after the other.
      const { data } = await test.call(tool, { runId: runId(2) });
      expect(data['messagesLeftOut']).toContain('TOOL_CALL_MESSAGE');
      expect(data['messagesLeftOut']).not.toContain('USER_MESSAGE');
    }
  });

  it.each([
    [0, 'None: Letta keeps no messages of a run that fails in its first step.'],
    [1, 'None: Letta keeps no messages of a run that fails in its first step.'],
    [2, undefined],
  ])('say of a run without messages that failed after %d steps: %s', async (count, expected) => {
    await using test = await openRuns();
    const { id, created_at } = FAILED;
    const step = (_: unknown, number: number) => ({ id: `step-${number}`, run_id: id, created_at, tags: [] });
    test.store.steps.insert(Array.from({ length: count }, step));
    for (const tool of ['explain_run', 'read_messages'])
      // oxlint-disable-next-line no-await-in-loop -- One after the other.
      expect((await test.call(tool, { runId: FAILED.id })).data['keptMessages']).toBe(expected);
  });

  it('find a conversation by a part of its summary, and read it from its end or its start', async () => {
    await using test = await openPaused();
    const shop = embeddedWorkshop(test.store, () => undefined);
    const [first, second] = [
      await shop.makeConversation(test.agent, 'Refund of order 1'),
      await shop.makeConversation(test.agent, 'Refund of order 2'),
    ];
    const asked = test.say('hello', { conversation: first });
    const found = await test.call('find_conversations', { agentId: test.agent, search: 'order' });
    expect([found.data['total'], idsOf(found.data['conversations'])]).toEqual([2, [second, first]]);
    const oldest = await test.call('find_conversations', { search: 'Refund', order: 'oldest' });
    expect(idsOf(oldest.data['conversations'])).toEqual([first, second]);
    const { data } = await test.call('read_messages', { conversationId: first, from: 'start', limit: 1 });
    expect(data).toMatchObject({
      summary: 'Refund of order 1',
      agent: { id: test.agent },
      messages: [{ type: 'USER_MESSAGE', text: 'hello', runId: asked }],
      rest: expect.stringMatching(/^There are more/),
    });
    expect(data).not.toHaveProperty('page');
  });

  it('read the default conversation of an agent, whose runs list_runs lists', async () => {
    await using test = await openPaused();
    const conversationId = `default-${test.agent}`;
    const other = test.say('elsewhere', { conversation: await test.makeConversation() });
    const asked = test.say('hello');
    const { data } = await test.call('read_messages', { conversationId });
    expect(JSON.stringify(data['messages'])).toContain(asked);
    const list = await test.call('list_runs', { conversationId });
    expect([idsOf(list.data['runs']), JSON.stringify(data)]).toEqual([
      [asked],
      expect.not.stringContaining(other),
    ]);
  });

  it('list no runs of another agent by its default conversation', async () => {
    await using test = await openPaused();
    test.say('hello');
    const another = await embeddedWorkshop(test.store, () => undefined).makeAgent();
    const args = { agentId: another, conversationId: `default-${test.agent}` };
    expect((await test.call('list_runs', args)).data['runs']).toEqual([]);
  });
});

describe('list_pending_approvals', () => {
  it('marks a request once its answer was sent, which names the run to wait for', async () => {
    const clock = stopClock();
    await using test = await openPaused();
    const id = test.pause();
    const { toolCallId } = (await clock.until(test.pauseOf(id)))?.toolCalls[0] ?? {};
    const list = () => clock.until(test.call('list_pending_approvals'));
    expect((await list()).text).not.toContain('"answer"');
    const coming = test.call('answer_approval', { runId: id, answers: [{ toolCallId, approve: true }] });
    await clock.pass(1100);
    const waiting = list();
    expect((await waiting).data).toMatchObject({ pending: [{ id, answer: expect.stringMatching(/^Sent/) }] });
    const { data } = await clock.until(coming);
    const { id: made }: { id?: string } = Object(data['run']);
    expect(data['next']).toBe(`wait_for_run with runId ${made} says how it ends.`);
    const none = await list();
    expect([none.data['total'], none.data['page']]).toEqual([0, undefined]);
  });
});

describe('list_runs, run_stats and find_agents', () => {
  it('take a date as a day of the time zone, and list the oldest first', async () => {
    // In Los Angeles, these are the 31st, the 1st and the 2nd.
    await using test = await openRuns([2, '2026-01-01T09:00:00Z'], [3, '2026-01-02T08:00:00Z']);
    const period = { since: '2025-12-31', until: '2026-01-02', timezone: 'America/Los_Angeles' };
    const { data } = await test.call('list_runs', { ...period, order: 'oldest' });
    expect([idsOf(data['runs']), data['total']]).toEqual([[runId(1), runId(2)], 2]);
    expect((await test.call('run_stats', period)).data).toMatchObject({
      runs: 2,
      since: '2025-12-31T08:00:00.000Z',
      until: '2026-01-02T08:00:00.000Z',
    });
    const page = await test.call('list_runs', { limit: 1 });
    expect(page.data).not.toHaveProperty('total');
  });

  it('show the steps and the last message of a run that hangs, and none of a leftover', async () => {
    await using test = await openPaused();
    const [leftover, hanging] = [test.hang({ status: 'created' }), test.hang()];
    const created_at = '2026-01-01T00:00:05Z';
    test.store.steps.insert([{ id: 'step-1', run_id: hanging, created_at, tags: [] }]);
    const item = { id: 'message-1', message_type: 'user_message', step_id: null, date: created_at } as const;
    test.store.messages.insert([{ id: item.id, run_id: hanging, created_at, items: [item] }]);
    const { data } = await test.call('list_runs', { state: 'unfinished' });
    const last = { createdAt: expect.stringMatching(/^2026-01-01T00:00:05/), age: expect.any(String) };
    const rows = [
      { id: leftover, status: 'CREATED', stepCount: 0, lastMessage: 'none' },
      { id: hanging, status: 'RUNNING', stepCount: 1, lastMessage: last },
    ];
    expect(data['runs']).toHaveLength(2);
    expect(data['runs']).toEqual(expect.arrayContaining(rows.map((row) => expect.objectContaining(row))));
    const { data: explained } = await test.call('explain_run', { runId: hanging });
    expect(explained).toMatchObject({ lastMessage: last, steps: [{ steps: '1' }] });
  });

  it('show how the last run of an agent really ended', async () => {
    await using test = await openRuns();
    const { data } = await test.call('find_agents');
    expect(data).toMatchObject({
      agents: [{ lastRun: { id: FAILED.id, state: 'FAILED', why: { message: 'Overloaded' } } }],
      page: expect.stringContaining('/runs/<id>'),
    });
  });

  it('name a page only where it leads to runs', async () => {
    await using test = await openRuns();
    const calls = [
      ['list_runs', {}, true],
      ['list_runs', { state: 'paused' }, false],
      ['run_stats', {}, false],
      ['find_agents', { search: 'nobody' }, false],
      ['find_conversations', {}, false],
      ['explain_run', { runId: FAILED.id }, true],
    ] as const;
    const pages = await Promise.all(
      calls.map(async ([name, args]) => (await test.call(name, args)).data['page']),
    );
    expect(pages.map((page) => page !== undefined)).toEqual(calls.map(([, , has]) => has));
  });
});
