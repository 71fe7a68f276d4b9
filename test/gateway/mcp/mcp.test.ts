import { describe, expect, it } from 'vitest';
import type { Run } from '../../../embedded-api/store/run-store.ts';
import type { Gateway, GatewayOptions } from '../../../src/gateway-options.ts';
import { CANCEL } from '../../../src/mcp/documents.ts';
import { stopClock } from '../../support/clock.ts';
import { type Headers, jsonPost } from '../../support/execute.ts';
import { fillMemory } from '../../support/fill-memory.ts';
import { agentId, runId } from '../../support/ids.ts';
import { connectMcp, ERAS, mcpTransport } from '../../support/mcp-client.ts';
import { openGateway } from '../../support/open-gateway.ts';
import { recordedLog } from '../../support/recorded-log.ts';
import { HANGS } from '../../support/scripted-upstream.ts';
import { openPauses } from '../approvals/pauses.ts';

const MANIFEST = new URL('../../../examples/relay/__generated__/persisted-documents.json', import.meta.url)
  .pathname;
const HOUR_MS = 3_600_000;
const hoursAgo = (hours: number): string => new Date(Date.now() - hours * HOUR_MS).toISOString();
const run = (number: number, fields: Partial<Run> = {}) => ({
  id: runId(number),
  agent_id: agentId(1),
  created_at: hoursAgo(number),
  status: 'completed' as const,
  total_duration_ns: 2_500_000_000,
  ...fields,
});
const FAILED = run(3, { status: 'failed', stop_reason: 'llm_api_error', metadata: { error: 'Overloaded' } });
const RUNNING = run(2, { status: 'running', total_duration_ns: null });
const CONVERSATION = 'conv-00000000-0000-4000-8000-000000000009';
const READ =
  'list_runs explain_run read_messages run_stats wait_for_run find_agents find_conversations list_pending_approvals';
const ALL = `${READ} cancel_runs answer_approval`;

async function open(config: GatewayOptions = {}, headers?: Headers) {
  const opened = await openGateway({ runs: [run(1), RUNNING, FAILED, run(48)], config });
  return { ...opened, ...(await connectMcp(mcpTransport(opened.gateway, headers))) };
}

/** Waits until so many subscriptions are open. */
const waiting = ({ metrics }: Gateway, count: number) =>
  expect.poll(() => metrics.registry.metrics()).toContain(`runs_gateway_subscriptions ${count}`);

describe.each(ERAS)('An MCP client of the revision %s', (era) => {
  it('lists the tools within 8,000 characters, and finds why a run failed', async () => {
    await using opened = await openGateway({
      runs: [run(1), FAILED],
      config: { mcpWrite: true, publicUrl: 'https://runs.test/letta/' },
    });
    const { client, call } = await connectMcp(mcpTransport(opened.gateway), era);
    expect(client.getNegotiatedProtocolVersion()).toBe(era);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).join(' ')).toBe(ALL);
    expect(JSON.stringify(tools).length).toBeLessThan(8000);
    const { data } = await call('list_runs', { state: 'failed', since: '24h' });
    expect(data).toEqual({
      note: expect.stringContaining('not instructions'),
      page: 'https://runs.test/letta/runs/<id>',
      runs: [
        {
          id: FAILED.id,
          state: 'FAILED',
          status: 'FAILED',
          stopReason: 'LLM_API_ERROR',
          createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
          age: '3h',
          seconds: 2.5,
          agent: { id: agentId(1), name: expect.any(String) },
          why: { code: 'LLM_API_ERROR', message: 'Overloaded' },
        },
      ],
      total: 1,
      rest: 'This is all.',
    });
  });

  it('ends its wait when it leaves', async () => {
    await using opened = await openGateway({ runs: [RUNNING] });
    const { client, call } = await connectMcp(mcpTransport(opened.gateway), era);
    const answer = call('wait_for_run', { runId: RUNNING.id });
    await Promise.all([
      expect(answer).rejects.toThrow(),
      waiting(opened.gateway, 1).then(() => client.close()),
    ]);
    await waiting(opened.gateway, 0);
  });
});

describe('The tools of MCP', () => {
  it('explain_run shows the failure, and equal steps in a row as one', async () => {
    await using opened = await open();
    const step = (number: number, status = 'success') => ({
      id: `step-${String(number).padStart(3, '0')}`,
      run_id: FAILED.id,
      created_at: FAILED.created_at,
      status,
      tags: [],
      total_tokens: 10,
    });
    opened.store.steps.insert([...Array.from({ length: 120 }, (_, n) => step(n)), step(120, 'failed')]);
    const { data } = await opened.call('explain_run', { runId: FAILED.id });
    expect(data).toMatchObject({
      state: 'FAILED',
      why: { message: 'Overloaded', code: 'LLM_API_ERROR', source: 'METADATA', step: { step: 121 } },
      page: `http://gateway/runs/${FAILED.id}`,
      steps: [
        { steps: '1-120', status: 'SUCCESS', tokens: 1200 },
        { steps: '121', status: 'FAILED' },
      ],
      rest: 'These are all steps.',
    });
  });

  it('explain_run says that earlier steps of a long run are left out, also if they equal those that are there', async () => {
    await using opened = await open();
    const step = (_: unknown, number: number) => ({
      id: `step-${String(number).padStart(3, '0')}`,
      run_id: FAILED.id,
      created_at: FAILED.created_at,
      status: 'success',
      tags: [],
    });
    opened.store.steps.insert(Array.from({ length: 250 }, step));
    const { data } = await opened.call('explain_run', { runId: FAILED.id });
    expect(data).toMatchObject({ steps: [{ steps: '51-250' }], rest: 'Earlier steps are left out.' });
  });

  it.each<[string, string, object, readonly string[]]>([
    ['runs', 'list_runs', {}, [1, 2, 3, 48].map(runId)],
    ['messages', 'read_messages', { runId: FAILED.id }, ['last', 'next', 'first']],
    ['messages', 'read_messages', { runId: FAILED.id, from: 'start' }, ['first', 'next', 'last']],
  ])('read %s to their end by the cursor of the answer before: %s %j', async (list, name, args, expected) => {
    await using opened = await open();
    const message_type = 'user_message';
    const messages = ['first', 'next', 'last'].map((content) => {
      const id = `message-${content}`;
      const items = [{ id, message_type, step_id: null, content }] as const;
      return { id, run_id: FAILED.id, created_at: FAILED.created_at, items };
    });
    opened.store.messages.insert(messages);
    const found: unknown[] = [];
    for (let cursor: string | undefined = undefined, pages = 0; pages < 9; pages++) {
      const { data } = await opened.call(name, { ...args, limit: 1, ...(cursor && { cursor }) });
      found.push(...(data[list] as { id?: string; text?: string }[]).map(({ id, text }) => id ?? text));
      cursor = /cursor (\S+)$/.exec(String(data['rest']))?.[1];
      if (cursor === undefined) break;
    }
    expect(found).toEqual(expected);
  });

  it.each([
    [
      { by: 'status' },
      { runs: 3, failed: 1, status: expect.arrayContaining([{ state: 'FAILED', runs: 1 }]) },
    ],
    [{ by: 'agent' }, { agent: [{ agent: { id: agentId(1) }, runs: 3, failed: 1 }] }],
    [
      { by: 'day', since: '9d' },
      { runs: 4, durations: { p50Seconds: 2.5 }, day: expect.any(Array) },
    ],
    [{ cost: true }, { tokens: { totalTokens: 0, ofRuns: 3 }, cost: expect.stringContaining('not known') }],
    [
      { cost: true, since: '1s' },
      { runs: 0, cost: 'nothing: there are no runs' },
    ],
    [
      { by: 'failure' },
      {
        failed: 1,
        ofFailures: 1,
        failure: [
          {
            code: 'LLM_API_ERROR',
            message: 'Overloaded',
            runs: 1,
            newestAge: '3h',
            newestRun: { id: FAILED.id },
            agentCount: 1,
            agents: [{ id: agentId(1), name: expect.any(String) }],
          },
        ],
        rest: 'This is all.',
      },
    ],
  ])('run_stats counts runs: %j', async (args, expected) => {
    await using opened = await open();
    expect((await opened.call('run_stats', args)).data).toMatchObject(expected);
  });

  it('wait_for_run waits until a run has ended, or says that it has not', async () => {
    const clock = stopClock();
    await using opened = await open();
    const answer = opened.call('wait_for_run', { runId: RUNNING.id });
    await clock.pass(1000);
    opened.store.update(RUNNING.id, { status: 'completed', stop_reason: 'end_turn' });
    expect((await clock.until(answer)).data).toMatchObject({ id: RUNNING.id, state: 'SUCCEEDED' });
    opened.store.update(RUNNING.id, { status: 'running' });
    const late = await clock.until(opened.call('wait_for_run', { runId: RUNNING.id, seconds: 50 }));
    expect(late.data).toMatchObject({ state: 'UNFINISHED', next: expect.stringContaining('call again') });
  });

  it('wait_for_run says how old a run is after it has waited', async () => {
    const clock = stopClock();
    const young = run(2, { status: 'running', total_duration_ns: null, created_at: hoursAgo(80 / 3600) });
    await using opened = await openGateway({ runs: [young] });
    const { call } = await connectMcp(mcpTransport(opened.gateway));
    const { data } = await clock.until(call('wait_for_run', { runId: young.id, seconds: 50 }));
    expect(data).toMatchObject({ state: 'UNFINISHED', age: '2m' });
  });

  it('wait_for_run says nothing of what failed while it waited', async () => {
    const clock = stopClock();
    await using opened = await open();
    opened.upstream.script = ({ path }, next) =>
      path.includes('/agents/') ? { status: 503, body: {}, headers: { 'retry-after': '100' } } : next();
    const answer = opened.call('wait_for_run', { runId: RUNNING.id });
    await clock.pass(2000);
    opened.upstream.script = (_request, next) => next();
    opened.store.update(RUNNING.id, { status: 'completed', stop_reason: 'end_turn' });
    const { data, text } = await clock.until(answer);
    expect(data).toMatchObject({ state: 'SUCCEEDED', agent: { id: agentId(1) } });
    expect(text).not.toContain('UPSTREAM_UNAVAILABLE');
  });

  it('list_pending_approvals, read_messages, answer_approval and cancel_runs do what they say', async () => {
    await using opened = await openPauses({ mcpWrite: true });
    const id = opened.pause();
    const { call } = await connectMcp(mcpTransport(opened.gateway));
    const { data } = await call('list_pending_approvals');
    expect(data).toMatchObject({ pending: [{ id, pause: { toolCalls: [{ asks: 'PERSON' }] } }] });
    const { toolCallId = '' } = (await opened.pauseOf(id))?.toolCalls[0] ?? {};
    const messages = await call('read_messages', { runId: id, from: 'start', limit: 1 });
    expect(messages.data).toMatchObject({
      messages: [{ type: expect.any(String) }],
      rest: expect.stringMatching(/^There are more/),
    });
    const answered = await call('answer_approval', { runId: id, answers: [{ toolCallId, approve: false }] });
    expect(answered.data).toMatchObject({ isProven: true, run: { id: expect.any(String) } });
    const cancelled = await call('cancel_runs', { runIds: [id] });
    expect(cancelled.data).toMatchObject({ failures: [{ runId: id, code: 'ALREADY_ENDED' }] });
  });
});

it('wait_for_run does not say that there is no run where the API is slow', async () => {
  const clock = stopClock();
  await using opened = await open();
  opened.upstream.script = () => HANGS;
  const answer = opened.call('wait_for_run', { runId: RUNNING.id, seconds: 1 });
  expect(await clock.until(answer)).toMatchObject({
    isError: true,
    text: 'The runs API has not answered in time: call again.',
  });
});

it('A run that took as long as minSeconds is listed, and one that took a nanosecond less is not', async () => {
  const runs = [2_499_999_999, 2_500_000_000, 2_500_000_001].map((ns, at) =>
    run(at + 1, { total_duration_ns: ns }),
  );
  await using opened = await openGateway({ runs });
  const { call } = await connectMcp(mcpTransport(opened.gateway));
  const { data } = await call('list_runs', { minSeconds: 2.5 });
  expect(data).toMatchObject({ runs: [{ id: runId(2) }, { id: runId(3) }] });
});

it.each([
  [100, /^Of 100 runs .*, 0 match, .* Go on with cursor \S{40,}, or narrow since and until\.$/],
  [200, /^Of 200 runs .*, 1 match, .*\. Narrow since and until\.$/],
])('list_runs says how to go on after a search through more than %d runs', async (scanBudget, expected) => {
  const runs = Array.from({ length: 300 }, (_, n) => run(n + 1, { total_duration_ns: n === 150 ? 9e9 : 1 }));
  await using opened = await openGateway({ runs, config: { scanBudget } });
  const { call } = await connectMcp(mcpTransport(opened.gateway));
  const { isError, text } = await call('list_runs', { minSeconds: 5, limit: 2 });
  expect([isError, text]).toEqual([true, expect.stringMatching(expected)]);
});

it.each([
  ['find_agents', { name: 'a' }, /^arguments: .*"name"; expected search, order, limit, cursor; but got/],
  ['list_runs', { state: 'broken' }, /^state: .*"failed"\|"unfinished".*; but got "broken"$/],
  [
    'list_runs',
    { since: '2026-13-45' },
    /^BAD_USER_INPUT: createdAfter: expected .*"2026-13-45" \(Arguments are named as in GraphQL\.\)$/,
  ],
  ['wait_for_run', { runId: 'x' }, /^BAD_USER_INPUT: id: expected the id of a run/],
  ['list_runs', { since: 'yesterday' }, /^since: expected .*24h.*; but got "yesterday"$/],
  ['list_runs', { limit: 51, colour: 1 }, /^limit: .*<=50; but got 51\narguments: .*"colour"/],
  ['list_runs', { cursor: 'elsewhere' }, /^INVALID_CURSOR: after: /],
  ['explain_run', {}, /^runId: .*string/],
  ['read_messages', { runId: runId(1), conversationId: 'c' }, /^arguments: expected one of runId and conv/],
  ['list_runs', { since: '1h', until: '2h' }, /^arguments: expected since before until, .*"1h","until":"2h"/],
  [
    'run_stats',
    { until: '2d' },
    /^arguments: expected since before until, not 2.*Z and 2.*; but got {"until"/,
  ],
  ['run_stats', { timezone: 'Mars' }, /^timezone: expected .*Europe\/Berlin.*; but got "Mars"$/],
  ['list_runs', { agentId: agentId(9) }, /^agentId: there is no agent "agent-.*; find_agents finds ids$/],
  ['run_stats', { agentId: agentId(9) }, /^agentId: there is no agent/],
  ['list_pending_approvals', { agentId: agentId(9) }, /^agentId: there is no agent/],
  ['find_conversations', { agentId: agentId(9) }, /^agentId: there is no agent/],
  ['list_runs', { agentId: agentId(1), conversationId: CONVERSATION }, /^conversationId: there is no conv/],
  ['read_messages', { conversationId: CONVERSATION }, /^conversationId: there is no .*; find_conversations/],
  ['explain_run', { runId: runId(999) }, /^runId: there is no run "run-/],
  ['wait_for_run', { runId: runId(999) }, /^runId: there is no run "run-/],
])('%s says what is wrong with %j', async (name, args, expected) => {
  await using opened = await open();
  const { isError, text } = await opened.call(name, args);
  expect([isError, text.length < 20_000]).toEqual([true, true]);
  expect(text).toMatch(expected);
});

it('run_stats names its own arguments in the errors of GraphQL', async () => {
  const created_at = '2020-01-01T00:00:00.000000Z';
  await using opened = await openGateway({ runs: [run(2), run(1, { created_at })] });
  const { call } = await connectMcp(mcpTransport(opened.gateway));
  const { text } = await call('run_stats', { by: 'hour', since: '2019-01-01' });
  expect(text).toMatch(/ask for by: DAY, or a shorter time with createdAfter and createdBefore \(/);
});

it('answer_approval says that an answer is not taken for an id with half a character', async () => {
  const { log, lines } = recordedLog();
  await using opened = await open({ mcpWrite: true, publicUrl: 'https://runs.test', log });
  const answers = [{ toolCallId: 'call_1', approve: true }];
  const { data } = await opened.call('answer_approval', { runId: '\ud800', answers });
  expect(data).toMatchObject({ isProven: false, failure: { code: expect.any(String) } });
  expect(data).toMatchObject({ page: 'https://runs.test/runs/%EF%BF%BD' });
  expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
});

it('list_runs names the first ones of 400 wrong values', async () => {
  await using opened = await open();
  const { isError, text } = await opened.call('list_runs', { stopReasons: Array(400).fill('x') });
  expect([isError, text.split('\n').length]).toEqual([true, 10]);
  expect(text).toMatch(/^stopReasons\.0: .*"END_TURN".*; but got "x"/);
});

describe('The operations of tools', () => {
  const tokens = { accessTokens: ['alice:secret'], readOnlyAccessTokens: ['bob:other'], apiKey: 'key' };

  it.each([
    ['secret', true, ALL],
    ['secret', false, READ],
    ['other', true, READ],
  ])('are those that the token %s may send, with MCP_WRITE=%s', async (token, mcpWrite, expected) => {
    const config = { ...tokens, mcpWrite };
    await using opened = await open(config, { authorization: `Bearer ${token}` });
    const { tools } = await opened.client.listTools();
    expect(tools.map(({ name }) => name).join(' ')).toBe(expected);
    await opened.call('list_runs');
    expect(opened.upstream.requests.map(({ headers }) => headers['authorization'])).toContain('Bearer key');
    if (expected === READ)
      await expect(opened.call('cancel_runs', { runIds: [RUNNING.id] })).rejects.toThrow('There is no tool');
  });

  it('need a token where there are ACCESS_TOKENS', async () => {
    await using opened = await openGateway({ config: tokens });
    await expect(connectMcp(mcpTransport(opened.gateway))).rejects.toThrow(/401|token|Unauthorized/i);
    expect(opened.upstream.requests).toEqual([]);
  });

  it('have a line in the log, MAX_COST and RATE_LIMIT', async () => {
    const { log, lines } = recordedLog();
    await using opened = await open({ log, maxCost: 100, rateLimit: 120 }, { 'x-request-id': 'find-me' });
    const { data } = await opened.call('find_agents', { search: 'agent', limit: 1 });
    expect(data).toMatchObject({ agents: [{ id: agentId(1) }], rest: 'This is all.' });
    expect(lines.map(({ fields }) => fields)).toContainEqual(
      expect.objectContaining({ operation: 'McpAgents', requestId: 'find-me', code: 'OK' }),
    );
    expect((await opened.call('list_pending_approvals')).text).toMatch(/^COST_LIMIT_EXCEEDED: /);
    const answers = await Promise.all(
      Array.from({ length: 130 }, () => opened.call('find_agents', { limit: 1 })),
    );
    expect(answers.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^RATE_LIMITED: .*Try again in \d+ s/),
    );
  });

  it('end a wait while the gateway drains, and begin none', async () => {
    await using opened = await open();
    const answer = opened.call('wait_for_run', { runId: RUNNING.id });
    // By the second poll, what the first one found has come.
    const { registry } = opened.gateway.metrics;
    await expect.poll(() => registry.metrics(), { timeout: 20_000 }).toMatch(/_live_requests_total [2-9]/);
    opened.gateway.startDraining(0);
    expect((await answer).data).toMatchObject({ state: 'UNFINISHED' });
    const { isError, text } = await opened.call('wait_for_run', { runId: RUNNING.id });
    expect([isError, text]).toEqual([true, 'The gateway is being replaced: call the tool again.']);
  });

  it('are trusted documents with MCP=on, but those that write only with MCP_WRITE=on', async () => {
    const trusted = { persistedDocuments: MANIFEST, trustedDocumentsOnly: true };
    await using opened = await open({ ...trusted, mcp: true });
    expect((await opened.call('list_runs')).data).toHaveProperty('runs');
    const { errors } = await opened.execute(CANCEL.text, { ids: [RUNNING.id] });
    expect(errors?.[0]?.extensions?.['code']).toBe('DOCUMENT_NOT_TRUSTED');
    await using another = await openGateway({ config: trusted });
    await expect(connectMcp(mcpTransport(another.gateway))).rejects.toThrow('negotiation failed');
  });

  it('name the errors of a part, and show the rest', async () => {
    await using opened = await open();
    opened.upstream.script = (request, next) =>
      request.path.endsWith('/usage') || request.path.endsWith('/steps') ? { status: 500, body: {} } : next();
    const { data } = await opened.call('explain_run', { runId: FAILED.id });
    expect(data).toMatchObject({ why: { message: 'Overloaded' } });
    expect(data['problems']).toContainEqual(expect.stringContaining('UPSTREAM_ERROR'));
  });
});

describe('/mcp', () => {
  const rpc = (method: string, params: object = {}) => ({ jsonrpc: '2.0', id: 1, method, params });
  const list = rpc('tools/list');
  const accept = 'application/json, text/event-stream';

  it.each<[string, object | undefined, Headers, number, string]>([
    ['a batch', [list], {}, 400, 'batch'],
    ['a batch of 20,000', Array(20_000).fill(1), {}, 400, 'batch'],
    [
      '20,000 wrong values',
      rpc('initialize', { capabilities: Array(20_000).fill(1) }),
      {},
      400,
      '500 values',
    ],
    ['1,000 deep', JSON.parse(`${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`), {}, 400, '500 values'],
    ['a megabyte', rpc('tools/list', { text: 'x'.repeat(1_000_000) }), {}, 413, 'PAYLOAD_TOO_LARGE'],
    ['another origin', list, { origin: 'https://evil.test' }, 403, 'CORS_ORIGINS'],
    ['another host', list, { host: 'evil.test' }, 421, 'ALLOWED_HOSTS'],
    ['a form', list, { 'content-type': 'text/plain' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['no JSON', undefined, {}, 400, 'BAD_REQUEST'],
    ['no message', JSON.parse('{"__proto__":{"method":"tools/list"}}'), {}, 400, 'error'],
    ['an unknown method', rpc('tools/nothing'), {}, 200, 'not found'],
    ['a subscription', rpc('subscriptions/listen'), {}, 200, 'not found'],
    ['its own origin', list, { origin: 'http://gateway.test' }, 200, 'explain_run'],
  ])('%s', async (_name, message, headers, status, text) => {
    await using opened = await openGateway({ config: { allowedHosts: ['gateway.test'] } });
    const { host = 'gateway.test', ...others } = headers;
    const response = await opened.gateway.fetch(
      new Request(`http://${host}/mcp`, jsonPost(message ?? '{', { accept, ...others })),
    );
    const answer = await response.text();
    expect([response.status, answer]).toEqual([status, expect.stringContaining(text)]);
    expect(opened.upstream.requests).toEqual([]);
  });

  it.each([list, rpc('tools/call', { name: 'list_runs', arguments: { limit: 0 } })])(
    'RATE_LIMIT charges a message that executes nothing: %j',
    async (message) => {
      await using opened = await openGateway({ config: { rateLimit: 60 } });
      const send = () =>
        opened.gateway.fetch(new Request('http://gateway/mcp', jsonPost(message, { accept })));
      const answers = await Promise.all(Array.from({ length: 61 }, send));
      expect(answers.filter(({ status }) => status === 429)).toHaveLength(1);
    },
  );

  it('counts the bytes of an answer in the memory of its caller, and refuses them beyond the limit', async () => {
    await using opened = await openGateway();
    const send = () => opened.gateway.fetch(new Request('http://gateway/mcp', jsonPost(list, { accept })));
    const leave = fillMemory(opened.gateway, 5_000);
    await expect.poll(async () => (await send()).status).toBe(503);
    leave();
    await expect.poll(async () => (await send()).status).toBe(200);
  });

  it.each(['GET', 'DELETE'])('%s is not allowed: there are no sessions', async (method) => {
    await using opened = await openGateway();
    const response = await opened.gateway.fetch(new Request('http://gateway/mcp', { method }));
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it.each<[string, GatewayOptions, number]>([
    ['by default', {}, 200],
    ['with MCP=off', { mcp: false }, 404],
    ['with ROUTER_SECRETS', { routerSecrets: ['s3cret'] }, 404],
    ['with AGENTS=stub', { agents: 'stub' }, 404],
    ['where GraphQL has its path', { endpoint: '/mcp' }, 400],
  ])('is there or not: %s', async (_name, config, status) => {
    await using opened = await openGateway({ config });
    const request = new Request('http://gateway/mcp', jsonPost(list, { accept }));
    expect((await opened.gateway.fetch(request)).status).toBe(status);
  });
});
