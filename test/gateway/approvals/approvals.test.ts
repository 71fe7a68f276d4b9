import { describe, expect } from 'vitest';
import { DEFAULT_ACTOR } from '../../../embedded-api/store/actors.ts';
import { type ApprovalRequest, type ApprovalResponse, isAnswered } from '../../../src/runs/approvals.ts';
import { stopClock } from '../../support/clock.ts';
import { it, openPauses, type OpenPauses, PLACES } from './pauses.ts';

const cancel = async ({ execute }: OpenPauses, ids: readonly string[], deny: readonly string[] = []) => {
  const text = `mutation ($ids: [ID!]!, $deny: [ID!]) { cancelRuns(ids: $ids, denyApprovalsOf: $deny) {
    runs { status } failures { code otherRunId } denied { id }
  } }`;
  const { data } = await execute<{ cancelRuns: object }>(text, { ids, deny });
  return data?.cancelRuns;
};

const preview = async ({ execute }: OpenPauses, ids: readonly string[]) => {
  const text = `query ($ids: [ID!]!) { cancelPreview(ids: $ids) {
    runId run { status } failure { code otherRunId } deniedId
  } }`;
  const { data } = await execute<{ cancelPreview: object }>(text, { ids });
  return data?.cancelPreview;
};

describe.each(PLACES)('Run.approval of a run that paused in %s', (_name, isOther) => {
  it('is PENDING, with what it asks', async ({ test }) => {
    const id = test.pause({ ...(await test.placeIn(isOther)), calls: 'danger,danger' });
    expect(await test.pauseOf(id)).toEqual({
      state: 'PENDING',
      reason: null,
      requestedAt: expect.stringMatching(/^\d{4}-/),
      toolCalls: [0, 1].map(() => ({ toolCallId: expect.any(String), name: 'danger', asks: 'PERSON' })),
      decisions: [],
      answeredBy: null,
    });
  });

  it.each([true, false])('is ANSWERED (approve: %s) by the run that went on', async (approve) => {
    const clock = stopClock();
    await using test = await openPauses();
    const id = test.pause(await test.placeIn(isOther));
    const by = test.decide(id, approve);
    await clock.pass(2000);
    const { state, decisions, answeredBy } = (await test.pauseOf(id)) ?? {};
    expect([state, decisions, answeredBy]).toEqual(['ANSWERED', [{ approve, reason: 'why' }], { id: by }]);
    const query = `{ run(id: "${by}") { outcome approval { state } continues { id outcome } } }`;
    expect(await test.execute(query)).toEqual({
      data: { run: { outcome: 'SUCCEEDED', approval: null, continues: { id, outcome: 'PAUSED' } } },
    });
  });

  it('is PENDING while the tool that was approved runs', async () => {
    stopClock();
    await using test = await openPauses();
    const id = test.pause(await test.placeIn(isOther));
    test.decide(id, true);
    expect(await test.pauseOf(id)).toMatchObject({ state: 'PENDING' });
  });

  it('is gone with its conversation, or once that goes on without an answer', async ({ test }) => {
    const place = await test.placeIn(isOther);
    const id = test.pause(place);
    for (const message of test.store.messages.of(id).toReversed()) test.store.messages.delete(message.id);
    expect(await test.pauseOf(id)).toMatchObject({ state: 'GONE', requestedAt: null, toolCalls: [] });
  });

  it('is not known if the run hides its request, unless it waits', async ({ test }) => {
    const id = test.pause(await test.placeIn(isOther));
    test.store.update(id, { request_config: { include_return_message_types: ['assistant_message'] } });
    expect(await test.pauseOf(id)).toMatchObject({ state: 'PENDING', toolCalls: [{ name: 'danger' }] });
    test.decide(id, false);
    const reason = expect.stringContaining('leaves its request out');
    expect(await test.pauseOf(id)).toMatchObject({ state: 'UNKNOWN', reason });
  });
});

describe('Run.approval', () => {
  it('is denied by cancelling its run, or another one, and by nobody else', async ({ test }) => {
    const first = test.pause();
    expect(await cancel(test, [first])).toEqual({
      runs: [{ status: 'CANCELLED' }],
      failures: [],
      denied: [{ id: first }],
    });
    expect(await test.pauseOf(first)).toMatchObject({ state: 'DENIED_BY_CANCEL', answeredBy: null });
    const second = test.pause();
    const running = test.hang();
    await cancel(test, [running], [second]);
    expect(await test.pauseOf(second)).toMatchObject({ state: 'DENIED_BY_CANCEL' });
    const query = `{ run(id: "${running}") { approval { state } continues { id } } }`;
    expect(await test.execute(query)).toEqual({ data: { run: { approval: null, continues: null } } });
  });

  it('asks a client for a tool that the agent lacks, and nobody known for a tool without a rule', async ({
    test,
  }) => {
    const client = test.pause({ calls: 'browse' });
    expect((await test.pauseOf(client))?.toolCalls).toMatchObject([{ name: 'browse', asks: 'CLIENT' }]);
    const by = test.decide(client, 'runs');
    const pause = { state: 'ANSWERED', decisions: [], answeredBy: { id: by } };
    expect(await test.pauseOf(client)).toMatchObject(pause);
    expect(await test.execute(`{ run(id: "${by}") { continues { id } } }`)).toEqual({
      data: { run: { continues: { id: client } } },
    });
    const agent = await test.makeAgent();
    const id = test.pause({ agent });
    test.store.agents.update(agent, { tool_rules: [] });
    expect((await test.pauseOf(id))?.toolCalls).toMatchObject([{ name: 'danger', asks: 'UNKNOWN' }]);
    // Detached, but with its rule.
    const detached = await test.makeAgent();
    const asking = test.pause({ agent: detached });
    test.store.agents.update(detached, { tools: [] });
    expect((await test.pauseOf(asking))?.toolCalls).toMatchObject([{ name: 'danger', asks: 'PERSON' }]);
  });

  it('is answered for each of two runs that made the same id of a call', async ({ test }) => {
    const agent = await test.makeAgent('memgpt_v2_agent');
    const first = test.pause({ agent });
    const second = test.decide(first, false);
    expect(await test.pauseOf(first)).toMatchObject({ state: 'ANSWERED', answeredBy: { id: second } });
    expect(await test.pauseOf(second)).toMatchObject({ state: 'PENDING' });
    const third = test.decide(second, false);
    expect(await test.pauseOf(second)).toMatchObject({ state: 'ANSWERED', answeredBy: { id: third } });
    expect((await test.pauseOf(first))?.decisions).toHaveLength(1);
    const query = `{ run(id: "${third}") { continues { id } } }`;
    expect(await test.execute(query)).toEqual({ data: { run: { continues: { id: second } } } });
  });

  it('is answered by what names the request, as agents of old types do, or one of its calls', () => {
    const toolCalls = ['call-1', 'call-9'].map((id) => ({ id, name: 'danger', arguments: '{}' }));
    const request = { messageId: 'message-1', toolCalls } as unknown as ApprovalRequest;
    const answersTo = (...ids: string[]) =>
      isAnswered(request, {
        approvals: ids.map((toolCallId) => ({ toolCallId, approve: true, reason: null })),
        toolReturns: [],
      } as unknown as ApprovalResponse);
    expect([answersTo('message-1'), answersTo('call-0', 'call-1'), answersTo('call-2'), answersTo()]).toEqual(
      [true, true, false, false],
    );
  });

  it.each(PLACES)('of an agent that clears its messages cannot be answered in %s', async (_name, isOther) => {
    await using test = await openPauses();
    const id = test.pause(await test.placeIn(isOther));
    test.store.agents.update(test.agent, { message_buffer_autoclear: true });
    expect(await test.pauseOf(id)).toMatchObject({ state: 'GONE' });
  });

  it('shows both decisions of a request that was answered twice, and the run that answered although it was cancelled', async () => {
    const clock = stopClock();
    await using test = await openPauses();
    const id = test.pause();
    const by = test.decide(id, true);
    await cancel(test, [id]);
    await clock.pass(2000);
    expect(await test.pauseOf(id)).toMatchObject({
      state: 'ANSWERED',
      decisions: [{ approve: false }, { approve: true }],
      answeredBy: { id: by },
    });
  });

  it('of a cancelled run is not known to be gone if the run names no conversation', async ({ test }) => {
    const conversation = await test.makeConversation();
    const id = test.pause({ conversation });
    test.store.update(id, { status: 'cancelled', stop_reason: 'cancelled' });
    expect(await test.pauseOf(id)).toMatchObject({ state: 'PENDING' });
    test.store.update(id, { conversation_id: null });
    test.upstream.script = ({ path }, next) =>
      path.startsWith('/v1/agents/') && path.endsWith('/messages') ? { body: [] } : next();
    test.store.agents.update(test.agent, { message_buffer_autoclear: true });
    expect(await test.pauseOf(id)).toMatchObject({ state: 'UNKNOWN' });
  });

  it('is gone once its conversation went on, unless many messages may hide the answer', async ({ test }) => {
    const id = test.pause();
    test.store.agents.update(test.agent, { message_buffer_autoclear: true });
    const message = { message_type: 'user_message', date: '2026-01-01T00:00:00Z', content: 'Go on' };
    for (const [count, state] of [
      [9, 'GONE'],
      [10, 'UNKNOWN'],
    ] as const) {
      const body = Array.from({ length: count }, (_, index) => ({ ...message, id: `message-${index}` }));
      test.upstream.script = ({ query }, next) => (query.has('after') ? { body } : next());
      expect(await test.pauseOf(id)).toMatchObject({ state });
    }
  });

  it('is read from the last message of the agent where the server does not show what waits', async ({
    test,
  }) => {
    const id = test.pause();
    test.upstream.script = async ({ path }, next) => {
      const answer = await next();
      if (path !== `/v1/agents/${test.agent}` || answer instanceof Error) return answer;
      const { pending_approval: _lacks, ...body } = JSON.parse(String(answer.body));
      return { body };
    };
    expect(await test.pauseOf(id)).toMatchObject({ state: 'PENDING' });
    test.decide(id, false);
    expect(await test.pauseOf(id)).toMatchObject({ state: 'ANSWERED' });
  });

  it('is null with an error where it cannot be read, and leaves the rest', async ({ test }) => {
    const id = test.pause();
    test.upstream.script = ({ path }, next) =>
      path.startsWith('/v1/agents/') ? { status: 403, body: {} } : next();
    const answer = await test.execute(`{ run(id: "${id}") { status approval { state } } }`);
    expect(answer).toMatchObject({
      data: { run: { status: 'COMPLETED', approval: null } },
      errors: [{ path: ['run', 'approval'], extensions: { code: 'FORBIDDEN' } }],
    });
  });

  it('takes a look-up of each agent and conversation, and two for each request that was answered', async ({
    test,
  }) => {
    const conversation = await test.makeConversation();
    for (const place of [{}, { conversation }]) {
      for (const _each of [1, 2]) test.decide(test.pause(place), false);
      test.pause(place);
    }
    const query = '{ runs(stopReason: REQUIRES_APPROVAL) { nodes { approval { state } } } }';
    const { data } = await test.execute<{ runs: { nodes: { approval: { state: string } }[] } }>(query);
    const states = data?.runs.nodes.map(({ approval: { state } }) => state);
    expect(states?.toSorted()).toEqual([...Array(4).fill('ANSWERED'), 'PENDING', 'PENDING']);
    expect(test.upstream.requests).toHaveLength(1 + 1 + 1 + 4 * 2);
    test.upstream.requests.length = 0;
    await test.execute('{ runs(statuses: [CREATED, RUNNING, FAILED]) { nodes { approval { state } } } }');
    expect(test.upstream.requests).toHaveLength(1);
  });
});

/** The order of lists, in which runs of the same time go by their ids. */
const newestFirst = ({ store }: OpenPauses, ids: readonly string[]): readonly string[] =>
  store
    .of(DEFAULT_ACTOR.organizationId)
    .map(({ id }) => id)
    .filter((id) => ids.includes(id))
    .toReversed();

describe.each(PLACES)(
  'A run that pauses in %s after its agent or conversation was looked up',
  (_name, isOther) => {
    it.for(['runs(first: 5)', 'pendingApprovals'])(
      'waits in %s, read after that',
      async (field, { test }) => {
        const place = await test.placeIn(isOther);
        const lookUp = isOther ? /conversations\/.*messages\?order=desc&limit=1/ : /include=agent\.pending/;
        const { promise: lookedUp, resolve } = Promise.withResolvers<string>();
        test.upstream.script = async ({ path, url }, next) => {
          if (path === '/v1/runs/') await lookedUp;
          const answer = await next();
          if (lookUp.test(url)) {
            test.upstream.script = (_request, answered) => answered();
            resolve(test.pause(place));
          }
          return answer;
        };
        const conversation = place.conversation ?? `default-${test.agent}`;
        const query = `{ conversation(id: "${conversation}") { pendingApproval { id } } list: ${field} { nodes { id approval { state } } } }`;
        const { list } = await test.dataOf<{ list: unknown }>(query);
        expect(list).toEqual({ nodes: [{ id: await lookedUp, approval: { state: 'PENDING' } }] });
      },
    );
  },
);

describe('pendingApprovals', () => {
  const list = async ({ dataOf }: OpenPauses, args = '') => {
    const fields = 'nodes { id } isComplete endCursor readUntil';
    interface Data {
      readonly pendingApprovals: {
        readonly nodes: readonly { readonly id: string }[];
        readonly isComplete: boolean;
        readonly endCursor: string | null;
        readonly readUntil: string | null;
      };
    }
    const data = await dataOf<Data>(`{ pendingApprovals${args} { ${fields} } }`);
    const { nodes, ...rest } = data.pendingApprovals;
    return { ids: nodes.map(({ id }) => id), ...rest };
  };

  it('are the runs that wait now for a person, newest first', async ({ test }) => {
    const other = await test.makeAgent();
    const conversation = await test.makeConversation();
    test.decide(test.pause(), false);
    const first = test.pause({ conversation });
    const second = test.pause({ agent: other });
    const third = test.pause();
    const client = test.pause({ agent: await test.makeAgent(), calls: 'browse' });
    const all = { ids: newestFirst(test, [first, second, third]), isComplete: true, endCursor: null };
    expect(await list(test)).toMatchObject(all);
    expect((await list(test, '(asks: [CLIENT])')).ids).toEqual([client]);
    expect((await list(test, `(agentIds: ["${other}"])`)).ids).toEqual([second]);
    expect((await list(test, `(conversationId: "${conversation}")`)).ids).toEqual([first]);
  });

  it('come in pages, each behind the cursor of the page before', async ({ test }) => {
    const agents = await Promise.all([1, 2, 3, 4, 5].map(() => test.makeAgent()));
    const ids = newestFirst(
      test,
      agents.map((agent) => test.pause({ agent })),
    );
    const found: string[] = [];
    let after: string | null = null;
    do {
      const page = await list(test, `(first: 2${after === null ? '' : `, after: "${after}"`})`);
      found.push(...page.ids);
      expect(page.isComplete).toBe(page.endCursor === null);
      after = page.endCursor;
    } while (after !== null);
    expect(found).toEqual(ids);
  });

  it('take at most 100 look-ups and the scan budget, and say where to go on', async ({ test }) => {
    const agents = await Promise.all(Array.from({ length: 103 }, () => test.makeAgent()));
    const ids = newestFirst(
      test,
      agents.map((agent) => test.pause({ agent })),
    );
    const page = await list(test, '(first: 100)');
    expect([page.ids, page.isComplete]).toEqual([ids.slice(0, 100), false]);
    expect(test.upstream.requests.filter(({ path }) => path.startsWith('/v1/agents/'))).toHaveLength(100);
    const rest = await list(test, `(first: 100, after: "${page.endCursor}")`);
    expect([rest.ids, rest.isComplete]).toEqual([ids.slice(100), true]);
    await using small = await openPauses({ scanBudget: 100 });
    for (const agent of agents) small.store.agents.insert([{ ...test.store.agents.find(agent)! }]);
    for (const agent of agents) small.pause({ agent });
    const part = await list(small, '(first: 100)');
    expect([part.isComplete, part.endCursor === null]).toEqual([false, false]);
  });

  it('leave out an agent that the server can not read, and say that they are not all', async ({ test }) => {
    const broken = await test.makeAgent();
    const id = test.pause();
    test.pause({ agent: broken });
    test.store.agents.update(broken, { llm_config: null });
    expect(await list(test)).toMatchObject({ ids: [id], isComplete: false, endCursor: null });
  });

  it('read no second list where the last run of the first one fills the page', async ({ test }) => {
    const agent = await test.makeAgent();
    const answered = (): string => {
      const id = test.pause();
      test.decide(id, false);
      return id;
    };
    for (let count = 0; count < 99; count++) answered();
    const waiting = test.pause({ agent });
    test.store.update(waiting, { created_at: '2025-01-02T00:00:00' });
    test.store.update(answered(), { created_at: '2025-01-01T00:00:00' });
    const page = await list(test, '(first: 1)');
    expect([page.ids, page.isComplete, page.endCursor === null]).toEqual([[waiting], false, false]);
    expect(test.upstream.urls.filter((url) => url.startsWith('/v1/runs/?'))).toHaveLength(1);
  });

  it('can be asked for again where the run is deleted with which a request ended', async ({ test }) => {
    const answered = Array.from({ length: 101 }, () => {
      const id = test.pause();
      test.decide(id, false);
      return id;
    });
    const last = newestFirst(test, answered)[99] ?? '';
    test.upstream.script = async ({ path }, next) => {
      const answer = await next();
      if (path === '/v1/runs/') test.store.delete(last);
      return answer;
    };
    const { errors } = await test.execute('{ pendingApprovals { isComplete } }');
    const extensions = { code: 'UPSTREAM_INVALID_RESPONSE', retryable: true };
    expect(errors).toMatchObject([{ message: 'The list changed while it was read. Ask again.', extensions }]);
    expect(await list(test)).toMatchObject({ ids: [], isComplete: true });
  });

  it('are complete without those of an agent that was deleted meanwhile', async ({ test }) => {
    const gone = await test.makeAgent();
    const id = test.pause();
    test.pause({ agent: gone });
    test.upstream.script = ({ path }, next) =>
      path === `/v1/agents/${gone}` ? { status: 404, body: { detail: 'Not found' } } : next();
    expect(await list(test)).toMatchObject({ ids: [id], isComplete: true });
    // A proxy that doesn't pass conversations on says nothing of what waits in one.
    test.pause({ conversation: await test.makeConversation() });
    test.upstream.script = ({ path }, next) =>
      path.startsWith('/v1/conversations/') ? { status: 404, body: { detail: 'Not Found' } } : next();
    const { errors } = await test.execute('{ pendingApprovals { isComplete } }');
    expect(errors).toHaveLength(1);
  });

  it.each([
    ['(first: 101)', 'BAD_USER_INPUT', 'first'],
    ['(first: 0)', 'BAD_USER_INPUT', 'first'],
    ['(asks: [])', 'BAD_USER_INPUT', 'asks'],
    ['(after: "x")', 'INVALID_CURSOR', 'after'],
    ['(agentIds: ["x"])', 'BAD_USER_INPUT', 'agentIds'],
  ])('refuse %s', async (args, code, argument) => {
    await using test = await openPauses();
    const { errors } = await test.execute(`{ pendingApprovals${args} { isComplete } }`);
    expect(errors).toMatchObject([{ extensions: { code, argument } }]);
    expect(test.upstream.requests).toEqual([]);
  });
});

describe('cancelRuns of runs that paused', () => {
  it('leaves a run alone whose cancelling would deny the request of another, unless that may be denied', async ({
    test,
  }) => {
    const conversation = await test.makeConversation();
    const inOther = test.pause({ conversation });
    const answered = test.pause();
    test.decide(answered, false);
    const waits = test.pause();
    const id = test.hang();
    const posts = () => test.upstream.requests.filter(({ method }) => method === 'POST').length;
    const gone = 'run-00000000-0000-4000-8000-00000000dead';
    const left = (runId: string, status: string, code: string, otherRunId: string | null = null) => ({
      runId,
      run: { status },
      failure: { code, otherRunId },
      deniedId: null,
    });
    expect(await preview(test, [id, answered, inOther, gone, id])).toEqual([
      left(id, 'RUNNING', 'WOULD_DENY_APPROVAL', waits),
      left(answered, 'COMPLETED', 'ALREADY_ENDED'),
      left(inOther, 'COMPLETED', 'ANSWER_INSTEAD'),
      { ...left(gone, '', 'NOT_FOUND'), run: null },
    ]);
    expect(await preview(test, [id, waits])).toEqual([
      { runId: id, run: { status: 'RUNNING' }, failure: null, deniedId: waits },
      { runId: waits, run: { status: 'COMPLETED' }, failure: null, deniedId: waits },
    ]);
    expect([posts(), test.store.find(id)?.status]).toEqual([0, 'running']);
    expect(await cancel(test, [id, answered, inOther])).toEqual({
      runs: [{ status: 'RUNNING' }, { status: 'COMPLETED' }, { status: 'COMPLETED' }],
      failures: [
        { code: 'WOULD_DENY_APPROVAL', otherRunId: waits },
        { code: 'ALREADY_ENDED', otherRunId: null },
        { code: 'ANSWER_INSTEAD', otherRunId: null },
      ],
      denied: [],
    });
    expect(posts()).toBe(0);
    expect(await test.pauseOf(waits)).toMatchObject({ state: 'PENDING' });
    expect(await cancel(test, [id], [waits])).toEqual({
      runs: [{ status: 'CANCELLED' }],
      failures: [],
      denied: [{ id: waits }],
    });
    expect([posts(), test.store.find(waits)?.status]).toEqual([1, 'completed']);
  });

  it('reads anew what waits, also if the same operation has read it before', async ({ test }) => {
    const answered = test.pause();
    test.decide(answered, false);
    const id = test.hang();
    let waits: string | undefined;
    test.upstream.script = async ({ method, path }, next) => {
      const answer = await next();
      if (method === 'GET' && path === `/v1/runs/${id}`) waits ??= test.pause();
      return answer;
    };
    const query = `mutation {
      one: cancelRuns(ids: ["${answered}"]) { runs { approval { state } } }
      other: cancelRuns(ids: ["${id}"]) { failures { code otherRunId } }
    }`;
    expect(await test.execute(query)).toEqual({
      data: {
        one: { runs: [{ approval: { state: 'ANSWERED' } }] },
        other: { failures: [{ code: 'WOULD_DENY_APPROVAL', otherRunId: waits }] },
      },
    });
  });

  it('sends a run with the one that waits, and those of other agents', async ({ test }) => {
    const waits = test.pause();
    const ids = [test.hang(), test.hang({ agent_id: await test.makeAgent() })];
    expect(await cancel(test, [...ids, waits])).toEqual({
      runs: ids.concat(waits).map(() => ({ status: 'CANCELLED' })),
      failures: [],
      denied: [{ id: waits }],
    });
  });

  it('says what was denied also of runs that hide their requests', async ({ test }) => {
    const waits = test.pause();
    test.store.update(waits, { request_config: { include_return_message_types: ['assistant_message'] } });
    expect(await cancel(test, [waits])).toMatchObject({ failures: [], denied: [{ id: waits }] });
  });

  it('does not say that a request was denied which still waits', async ({ test }) => {
    const waits = test.pause();
    test.upstream.script = ({ method }, next) => (method === 'POST' ? { status: 500, body: {} } : next());
    expect(await cancel(test, [waits])).toMatchObject({ failures: [{ code: 'UPSTREAM_ERROR' }], denied: [] });
    expect(await test.pauseOf(waits)).toMatchObject({ state: 'PENDING' });
  });

  it('frees no agent of an old type, and denies it nothing', async ({ test }) => {
    const agent = await test.makeAgent('memgpt_v2_agent');
    const waits = test.pause({ agent });
    const id = test.hang({ agent_id: agent });
    expect(await cancel(test, [waits, id])).toMatchObject({
      runs: [{ status: 'COMPLETED' }, { status: 'CANCELLED' }],
      failures: [{ code: 'ANSWER_INSTEAD' }],
      denied: [],
    });
  });

  it.for(['/v1/agents/', '/messages'])(
    'sends nothing where %s can not be read, of which it can not be known what waits',
    async (part, { test }) => {
      const id = test.hang();
      test.upstream.script = async ({ path, method }, next) => {
        if (method === 'GET' && path.includes(part)) return { status: 403, body: {} };
        const answer = await next();
        if (!path.startsWith('/v1/agents/') || answer instanceof Error) return answer;
        // As servers do that don't show it with the agent.
        return { ...answer, body: String(answer.body).replace('"pending_approval"', '"other"') };
      };
      expect(await cancel(test, [id])).toMatchObject({ failures: [{ code: 'FORBIDDEN' }], denied: [] });
      expect(test.upstream.requests.map(({ method }) => method)).not.toContain('POST');
    },
  );
});
