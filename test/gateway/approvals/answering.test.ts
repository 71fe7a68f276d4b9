import { describe, expect } from 'vitest';
import { DEFAULT_ACTOR } from '../../../embedded-api/store/actors.ts';
import { UpstreamError } from '../../../src/errors/upstream-error.ts';
import { answerApproval } from '../../../src/loaders/answer-approval.ts';
import { RUN_LIST } from '../../../src/runs/run-list.ts';
import { stopClock } from '../../support/clock.ts';
import { post } from '../../support/execute.ts';
import { runId } from '../../support/ids.ts';
import { recordedLog } from '../../support/recorded-log.ts';
import { HANGS, type Script } from '../../support/scripted-upstream.ts';
import { type AnswerPayload, it, type OpenPauses, openPauses, PLACES } from './pauses.ts';

const posts = ({ upstream }: OpenPauses) => upstream.requests.filter(({ method }) => method === 'POST');
const failing = (code: string) => ({
  run: null,
  isProven: false,
  failure: expect.objectContaining({ code }),
});
const onPost =
  (answer: Script): Script =>
  (request, next) =>
    request.method === 'POST' ? answer(request, next) : next();
/** A gateway over an agent that has paused, and the run. */
async function openPaused(isOther = false) {
  const clock = stopClock();
  const test = await openPauses();
  const place = await test.placeIn(isOther);
  return { ...test, clock, ...place, id: test.pause(place) };
}

describe.each(PLACES)('answerApproval in %s', (_name, isOther) => {
  it('denies by one request, and is proven by the run that it makes', async () => {
    await using test = await openPaused(isOther);
    const answer = await test.clock.until(test.answer(test.id, false));
    expect(answer).toEqual({
      run: { id: expect.stringMatching(/^run-/), status: 'COMPLETED' },
      isProven: true,
      failure: null,
    });
    const [call] = (await test.pauseOf(test.id))?.toolCalls ?? [];
    const decision = { tool_call_id: call?.toolCallId, approve: false, reason: 'because' };
    expect(posts(test).map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
      [
        isOther
          ? `/v1/conversations/${test.conversation}/messages`
          : `/v1/agents/${test.agent}/messages/async`,
        { messages: [{ type: 'approval', approvals: [{ type: 'approval', ...decision }] }] },
      ],
    ]);
    expect(await test.pauseOf(test.id)).toMatchObject({
      state: 'ANSWERED',
      decisions: [{ approve: false, reason: 'because' }],
      answeredBy: { id: answer.run?.id },
    });
  });

  it('shows the run as answered in the same operation', async () => {
    await using test = await openPaused(isOther);
    const [call] = (await test.pauseOf(test.id))?.toolCalls ?? [];
    const answers = `[{ toolCallId: "${call?.toolCallId}", approve: false }]`;
    const query = `mutation { answerApproval(runId: "${test.id}", answers: ${answers}) { run { continues { approval { state } } } } }`;
    const continues = { approval: { state: 'ANSWERED' } };
    const answer = await test.clock.until(test.execute(query));
    expect(answer).toEqual({ data: { answerApproval: { run: { continues } } } });
  });

  it('approves by a run that is under way as long as the tool runs', async () => {
    await using test = await openPaused(isOther);
    const isSent = async () => {
      const { data } = await test.execute(`{ run(id: "${test.id}") { approval { isAnswerSent } } }`);
      return JSON.stringify(data);
    };
    expect(await isSent()).toContain('"isAnswerSent":false');
    const coming = test.answer(test.id, true);
    await test.clock.pass(1100);
    const early = await test.pauseOf(test.id);
    expect(await isSent()).toContain('"isAnswerSent":true');
    const answer = await test.clock.until(coming);
    expect([early?.state, answer.failure]).toEqual(['PENDING', null]);
    expect(await test.pauseOf(test.id)).toMatchObject({
      state: 'ANSWERED',
      decisions: [{ approve: true }],
      answeredBy: { id: answer.run?.id },
    });
    expect(await isSent()).toContain('"isAnswerSent":false');
  });

  it('answers once for two callers at the same time', async () => {
    await using test = await openPaused(isOther);
    const callers = ['one', 'two'].map((name) => ({ authorization: `Bearer ${name}` }));
    const both = await test.clock.until(
      Promise.all(callers.map((headers) => test.answer(test.id, true, headers))),
    );
    const codes = both.map(({ failure }) => failure?.code ?? 'taken').toSorted();
    expect(codes).toEqual(['ANSWERED_JUST_NOW', 'taken']);
    expect(posts(test)).toHaveLength(1);
  });
});

describe('answerApproval sends nothing for', () => {
  const refused = async (test: OpenPauses, answer: Promise<AnswerPayload>, code: string) => {
    expect(await answer).toEqual(failing(code));
    expect(posts(test)).toEqual([]);
  };

  it('a run that does not exist, did not pause, or waits no longer', async ({ test }) => {
    const decision = [{ toolCallId: 'call_1', approve: true }];
    for (const [id, code] of [
      [`run-${crypto.randomUUID()}`, 'NOT_FOUND'],
      ['nonsense', 'NOT_FOUND'],
      [test.say('hello'), 'NOT_PENDING'],
    ] as const) {
      const { data } = await test.send(id, decision);
      expect(data?.answerApproval).toEqual(failing(code));
    }
    const answered = test.pause();
    test.decide(answered, false);
    await refused(test, test.answer(answered, false), 'NOT_PENDING');
  });

  it('fewer, more or other calls than those that wait, which the failure names', async ({ test }) => {
    const id = test.pause({ calls: 'danger,danger' });
    const [one = '', two = ''] = (await test.pauseOf(id))?.toolCalls.map((call) => call.toolCallId) ?? [];
    for (const ids of [[one], [one, two, 'x'], ['x', 'y']]) {
      const { data } = await test.send(
        id,
        ids.map((toolCallId) => ({ toolCallId, approve: true })),
      );
      expect(data?.answerApproval).toEqual(failing('TOOL_CALLS_DIFFER'));
      expect(data?.answerApproval?.failure?.pendingToolCallIds).toEqual([one, two]);
    }
    expect(posts(test)).toEqual([]);
  });

  it('a request with a call that a client has to run', async ({ test }) => {
    await refused(test, test.answer(test.pause({ calls: 'danger,browse' }), true), 'CLIENT_TOOL');
  });

  it('an agent of an old type', async ({ test }) => {
    const id = test.pause({ agent: await test.makeAgent('memgpt_v2_agent') });
    await refused(test, test.answer(id, true), 'AGENT_TYPE_UNSUPPORTED');
  });

  it('a request after which another run of its conversation has begun, until ten minutes later', async () => {
    await using test = await openPaused();
    test.decide(test.id, true);
    await refused(test, test.clock.until(test.answer(test.id, true)), 'ANSWERED_JUST_NOW');
    await test.clock.pass(2000);
    const conversation = await test.makeConversation();
    const hanging = { conversation_id: conversation, created_at: new Date().toISOString() };
    test.hang(hanging);
    const id = test.pause();
    test.hang(hanging);
    expect((await test.clock.until(test.answer(id, false))).isProven).toBe(true);
    await test.clock.pass(1000);
    const last = test.pause();
    const elsewhere = test.pause({ conversation });
    await test.clock.pass(1000);
    test.hang({ created_at: new Date().toISOString() });
    expect(await test.clock.until(test.answer(last, false))).toEqual(failing('ANSWERED_JUST_NOW'));
    // The run does not say of which conversation it is.
    expect(await test.clock.until(test.answer(elsewhere, false))).toEqual(failing('ANSWERED_JUST_NOW'));
    await test.clock.pass(601_000);
    expect((await test.clock.until(test.answer(last, false))).isProven).toBe(true);
  });

  it.each<[string, readonly object[], string]>([
    ['no answers', [], 'expected 1 to 100 answers, but got 0'],
    ['a call twice', [1, 2].map(() => ({ toolCallId: 'a', approve: true })), 'but got several for "a"'],
    ['an empty id', [{ toolCallId: '', approve: true }], 'but got an empty text'],
    ['a long reason', [{ toolCallId: 'a', approve: false, reason: 'x'.repeat(1001) }], 'but got 1001'],
  ])('%s', async (_name, answers, message) => {
    await using test = await openPauses();
    const { errors } = await test.send(`run-${crypto.randomUUID()}`, answers);
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining(message),
        extensions: { code: 'BAD_USER_INPUT', argument: 'answers' },
      },
    ]);
    expect(test.upstream.requests).toEqual([]);
  });

  it('a token that may only read, on every transport; one that may write is told so', async () => {
    const tokens = {
      accessTokens: ['write:w'.padEnd(40, 'w')],
      readOnlyAccessTokens: ['read:r'.padEnd(40, 'r')],
    };
    await using test = await openPauses({ ...tokens, apiKey: 'key' });
    const bearer = (entry: string | undefined) => ({ authorization: `Bearer ${entry?.split(':')[1]}` });
    const [read, write] = [bearer(tokens.readOnlyAccessTokens[0]), bearer(tokens.accessTokens[0])];
    const id = test.pause();
    const { errors } = await test.send(id, [{ toolCallId: 'x', approve: true }], read);
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    const text = `mutation { answerApproval(runId: "${id}", answers: []) { isProven } }`;
    const events = { ...read, accept: 'text/event-stream' };
    expect(await post(test.gateway, { query: text }, events)).toContain('FORBIDDEN');
    expect(test.upstream.requests).toEqual([]);
    expect(await test.execute('{ mayWrite }', {}, read)).toEqual({ data: { mayWrite: false } });
    expect(await test.execute('{ mayWrite }', {}, write)).toEqual({ data: { mayWrite: true } });
  });

  it('anybody of a gateway that has no mutations', async () => {
    await using test = await openPauses({ readOnly: true });
    const { errors } = await test.send(test.pause(), [{ toolCallId: 'x', approve: true }]);
    // One of graphql-js 16; 17 has another for each variable of a type that only mutations have.
    expect(new Set(errors?.map(({ extensions }) => extensions?.['code']))).toEqual(
      new Set(['GRAPHQL_VALIDATION_FAILED']),
    );
    expect(test.upstream.requests).toEqual([]);
    expect(await test.execute('{ mayWrite }')).toEqual({ data: { mayWrite: false } });
  });
});

describe('An answer of answerApproval that was sent once is', () => {
  it.each<[string, Script, string]>([
    ['not known to be taken after silence', () => HANGS, 'OUTCOME_UNKNOWN'],
    ['not known to be taken after a 500', () => ({ status: 500, body: {} }), 'OUTCOME_UNKNOWN'],
    ['not known to be taken without the id of a run', () => ({ body: {} }), 'OUTCOME_UNKNOWN'],
    ['refused by a 422', () => ({ status: 422, body: {} }), 'UPSTREAM_REJECTED'],
    ['refused by a 401', () => ({ status: 401, body: {} }), 'UNAUTHENTICATED'],
  ])('%s, and not sent again', async (_name, script, code) => {
    await using test = await openPaused();
    test.upstream.script = onPost(script);
    expect(await test.clock.until(test.answer(test.id, false))).toEqual(failing(code));
    expect(posts(test)).toHaveLength(1);
    test.upstream.script = (_request, next) => next();
    const again = await test.clock.until(test.answer(test.id, false));
    // What was certainly not taken can be sent again.
    expect(again.failure?.code ?? null).toBe(code === 'OUTCOME_UNKNOWN' ? 'ANSWERED_JUST_NOW' : null);
  });

  it('remembered for ten minutes, although nothing shows it', async () => {
    await using test = await openPaused();
    test.upstream.script = onPost(() => ({ body: {} }));
    const codeAfter = async (waitMs: number) => {
      await test.clock.pass(waitMs);
      return (await test.clock.until(test.answer(test.id, false))).failure?.code;
    };
    // Not at 0, which lru-cache takes for no time.
    expect(await codeAfter(1_000)).toBe('OUTCOME_UNKNOWN');
    expect(await codeAfter(599_000)).toBe('ANSWERED_JUST_NOW');
    expect(await codeAfter(2_000)).toBe('OUTCOME_UNKNOWN');
  });

  it.each([
    ['its client left', undefined],
    ['the API was out of reach', new UpstreamError('UPSTREAM_UNAVAILABLE', 'refused')],
  ])('forgotten if %s before it was sent', async (_why, error) => {
    const answeredRequests = new Map<string, true>();
    const call = { id: 'call_1', name: 'danger', arguments: '{}', asks: 'PERSON' };
    const pause = { state: 'PENDING', request: { messageId: 'message-1', date: null }, toolCalls: [call] };
    const left = new Error('The client has disconnected');
    const source = {
      retrieve: async () => ({ id: 'run-00000000', agentId: 'agent-1', conversationId: null }),
      list: RUN_LIST,
      state: { sizes: { ask: async () => ({ page: [], limit: 100 }) } },
      answeredRequests,
      answer: async () => {
        expect(answeredRequests.has('message-1')).toBe(true);
        if (error === undefined) throw left;
        return { wasSent: false, error, runId: null };
      },
    };
    const approvals = { pauseOf: async () => pause, ofAgent: async () => ({ agentType: 'letta_v1_agent' }) };
    const sources = { source, approvals, report: () => undefined };
    const answers = [{ toolCallId: 'call_1', approve: true }];
    const asked = answerApproval('run-00000000', answers, sources as never);
    if (error === undefined) await expect(asked).rejects.toBe(left);
    else expect(await asked).toEqual(failing(error.code));
    expect(answeredRequests.size).toBe(0);
  });

  it('not proven by the denial of a cancel, nor said not to be taken', async () => {
    await using test = await openPaused();
    test.upstream.script = onPost(async (_request, next) => {
      const sent = await next();
      const run = test.store.of(DEFAULT_ACTOR.organizationId).find(({ status }) => status === 'created');
      test.store.update(run?.id ?? '', { status: 'cancelled', stop_reason: 'cancelled' });
      return sent;
    });
    const answer = await test.clock.until(test.answer(test.id, true));
    expect(answer).toMatchObject({ isProven: false, failure: { code: 'OUTCOME_UNKNOWN' } });
    expect(answer.run?.status).toBe('CANCELLED');
  });

  it('not taken if the run that it made ends without it', async () => {
    await using test = await openPaused();
    // Another client answers between the read and the answer, which is then a message like any other.
    test.upstream.script = onPost((_request, next) => {
      test.decide(test.id, false);
      return next();
    });
    const answer = await test.clock.until(test.answer(test.id, true));
    expect(answer).toMatchObject({ isProven: false, failure: { code: 'NOT_TAKEN' } });
    expect(answer.run?.id).toMatch(/^run-/);
  });

  it('sent again after it was not taken', async () => {
    await using test = await openPaused();
    const agent = await test.makeAgent();
    test.upstream.script = onPost(() => ({ body: { id: test.say('hello', { agent }) } }));
    const answer = await test.clock.until(test.answer(test.id, false));
    expect(answer.failure?.code).toBe('NOT_TAKEN');
    test.upstream.script = (_request, next) => next();
    expect(await test.clock.until(test.answer(test.id, false))).toMatchObject({ isProven: true });
  });

  it('proven although the run can not be read at first', async () => {
    await using test = await openPaused();
    let reads = 0;
    test.upstream.script = ({ method, path }, next) => {
      const isNew = method === 'GET' && posts(test).length > 0 && path.startsWith('/v1/runs/run-');
      return isNew && ++reads < 3 ? { status: 404, body: {} } : next();
    };
    expect(await test.clock.until(test.answer(test.id, false))).toMatchObject({ isProven: true });
  });
});

it('answerApproval(answers.reason) takes up to 1,000 characters, of any length in bytes', async ({
  test,
}) => {
  const id = test.pause();
  const [call] = (await test.pauseOf(id))?.toolCalls ?? [];
  const codeOf = async (length: number): Promise<unknown> => {
    const answers = [{ toolCallId: call?.toolCallId, approve: false, reason: '\u{1f600}'.repeat(length) }];
    return (await test.send(runId(999), answers)).errors?.[0]?.extensions?.['code'];
  };
  expect([await codeOf(1000), await codeOf(1001)]).toEqual([undefined, 'BAD_USER_INPUT']);
});

it('answerApproval is not proven by a run that shows another decision', async () => {
  await using test = await openPaused();
  test.upstream.script = async ({ path }, next) => {
    const answer = await next();
    if (!path.endsWith('/messages') || answer instanceof Error) return answer;
    const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    return { ...answer, body: text.replaceAll('"approve":false', '"approve":true') };
  };
  const answer = await test.clock.until(test.answer(test.id, false));
  expect(answer).toMatchObject({ isProven: false, failure: { code: 'NOT_TAKEN' } });
});

it('answerApproval logs a failed answer for the operator', async () => {
  const { log, lines } = recordedLog();
  const clock = stopClock();
  await using test = await openPauses({ log });
  const id = test.pause();
  test.upstream.script = onPost(() => ({ status: 400, body: { detail: 'No such call' } }));
  await clock.until(test.answer(id, false));
  expect(lines.filter(({ level }) => level === 'warn' || level === 'error')).toHaveLength(1);
});

it('answerApproval takes no run for the answer that was active before the request came', async () => {
  const clock = stopClock();
  await using test = await openPauses();
  test.hang({ created_at: new Date().toISOString() });
  await clock.pass(3000);
  const id = test.pause();
  expect((await clock.until(test.answer(id, false))).isProven).toBe(true);
});
