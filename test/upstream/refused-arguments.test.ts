import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { encodeCursor } from '../../src/lists/pages/cursor.ts';
import { execute } from '../support/execute.ts';
import { answerWith, startRawUpstream } from '../support/raw-upstream.ts';
import { SECRET } from './faults.ts';

const AGENT = 'agent-aaaaaaaa-0000-4000-8000-000000000000';
const OLD_REASONS = "'end_turn', 'error', 'actor-secret-4711' or 'no_tool_call'";
const REJECTED = 'UPSTREAM_REJECTED';

const refusal = (problem: object) => JSON.stringify({ detail: [{ msg: SECRET, ...problem }] });
/** As Letta's own server answers. */
const repr = (name: string, expected: string) =>
  JSON.stringify({
    trace_id: '',
    detail: `[{'type': 'enum', 'loc': ('query', '${name}'), 'msg': "${SECRET}", 'input': '${SECRET}', 'ctx': {'expected': "${expected}"}}]`,
  });

const refusedBy = async (status: number, body: string, args: string) => {
  await using upstream = await startRawUpstream(answerWith(status, body));
  await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
  const { data, errors } = await execute(gateway, `{ runs(${args}) { nodes { id } } }`);
  expect(data).toEqual({ runs: null });
  expect(errors).toHaveLength(1);
  expect(JSON.stringify(errors)).not.toContain(SECRET);
  return errors?.[0];
};

describe('An argument that the upstream refuses is named, with its value and what is allowed', () => {
  it.each<[string, number, string, string, string, string]>([
    [
      'a stop reason, by an old server',
      422,
      repr('stop_reason', OLD_REASONS),
      'stopReason: MAX_TOKENS_EXCEEDED',
      'stopReason',
      'stopReason: the runs API does not accept MAX_TOKENS_EXCEEDED; it accepts END_TURN, ERROR, NO_TOOL_CALL.',
    ],
    [
      'a stop reason, in JSON',
      422,
      refusal({ loc: ['query', 'stop_reason'], input: 'tool_rule', ctx: { expected: OLD_REASONS } }),
      'stopReason: TOOL_RULE',
      'stopReason',
      'stopReason: the runs API does not accept TOOL_RULE; it accepts END_TURN, ERROR, NO_TOOL_CALL.',
    ],
    [
      'a status',
      400,
      JSON.stringify({ detail: "'cancelled' is not a valid RunStatus" }),
      'statuses: [CANCELLED]',
      'statuses',
      'statuses: the runs API does not accept CANCELLED.',
    ],
    [
      'an agent',
      422,
      refusal({ type: 'string_pattern_mismatch', loc: ['query', 'agent_id'], input: AGENT }),
      `agentId: "${AGENT}"`,
      'agentId',
      `agentId: the runs API does not accept "${AGENT}".`,
    ],
    [
      'one of several agents',
      422,
      refusal({ loc: ['query', 'agent_ids', 0], input: AGENT }),
      `agentIds: ["${AGENT}"]`,
      'agentIds',
      `agentIds: the runs API does not accept "${AGENT}".`,
    ],
    [
      'a flag',
      422,
      refusal({ loc: ['query', 'background'], input: 'false' }),
      'background: false',
      'background',
      'background: the runs API does not accept false.',
    ],
  ])('%s', async (_name, status, body, args, argument, message) => {
    const error = await refusedBy(status, body, args);
    expect(error).toMatchObject({
      message,
      path: ['runs'],
      extensions: { code: REJECTED, argument, retryable: false },
    });
  });

  it('a status among several, each of which is asked for alone', async () => {
    await using upstream = await startRawUpstream((socket, request) => {
      const isBad = request.head.includes('statuses=created');
      const body = isBad ? JSON.stringify({ detail: "'created' is not a valid RunStatus" }) : '[]';
      answerWith(isBad ? 400 : 200, body)(socket, request);
    });
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    const { errors } = await execute(gateway, '{ runs(statuses: [FAILED, CREATED]) { nodes { id } } }');
    expect(errors).toMatchObject([
      {
        message: 'statuses: the runs API does not accept CREATED.',
        extensions: { code: REJECTED, argument: 'statuses' },
      },
    ]);
  });

  it.each([
    ['names a parameter that is no argument', { loc: ['query', 'limit'], ctx: { le: 5 } }],
    ['names a filter that was not given', { loc: ['query', 'stop_reason'] }],
    ['names none', { loc: ['body'] }],
  ])('but not where the answer %s', async (_name, problem) => {
    const error = await refusedBy(422, refusal(problem), 'first: 3, background: true');
    expect(error).toMatchObject({
      message: 'The runs API rejected the request.',
      extensions: { code: REJECTED },
    });
    expect(error?.extensions).not.toHaveProperty('argument');
  });
});

describe('A cursor that the upstream refuses for its format', () => {
  const cursor = encodeCursor({ key: '2026-01-01T00:00:00.000000Z', id: 'job-1' });
  it.each([
    ['after', 'first'],
    ['before', 'last'],
  ])('is named: %s', async (argument, size) => {
    await using upstream = await startRawUpstream((socket, request) => {
      const [, parameter] = /[?&](before|after)=/.exec(request.head) ?? [];
      const isRefused = parameter !== undefined;
      const body = isRefused ? refusal({ loc: ['query', parameter], input: 'job-1' }) : '[]';
      answerWith(isRefused ? 422 : 200, body)(socket, request);
    });
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    const { errors } = await execute(
      gateway,
      `{ runs(${size}: 2, ${argument}: "${cursor}") { nodes { id } } }`,
    );
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_CURSOR', argument, retryable: false } }]);
    expect(JSON.stringify(errors)).not.toContain(SECRET);
  });
});
