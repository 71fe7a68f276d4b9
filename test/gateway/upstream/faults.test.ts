import { describe, expect, it } from 'vitest';
import { stopClock } from '../../support/clock.ts';
import { execute } from '../../support/execute.ts';
import { FAULTS, SECRET } from '../../support/faults.ts';
import { forAll } from '../../support/for-all.ts';
import { openGatewayOver } from '../../support/open-gateway.ts';
import type { UpstreamAnswer } from '../../support/scripted-upstream.ts';

const opened = await forAll(openGatewayOver(() => ({ body: [] })));

const OPERATION = '{ runs(first: 3, statuses: [COMPLETED]) { nodes { id } } __typename }';

it.each(FAULTS)(
  'Of an upstream that fails by $name clients see $code after $attempts attempts, and none of its words',
  async ({ name, answer, code, attempts, retryable, retryAfterSeconds, more }) => {
    const clock = stopClock();
    const { gateway, upstream } = opened;
    const ask = () => clock.until(execute(gateway, OPERATION, {}, { authorization: `Bearer ${name}` }));
    upstream.requests.length = 0;
    upstream.script = () => answer;
    const { data, errors } = await ask();
    expect(data).toEqual({ runs: null, __typename: 'Query' });
    expect(errors).toEqual([
      {
        message: expect.any(String),
        path: ['runs'],
        locations: expect.anything(),
        extensions: {
          code,
          retryable,
          requestId: expect.any(String),
          ...(retryAfterSeconds !== undefined && {
            retryAfterSeconds,
            retryAfterMs: retryAfterSeconds * 1000,
          }),
          ...more,
        },
      },
    ]);
    expect(JSON.stringify(errors)).not.toMatch(new RegExp(`${SECRET}|upstream\\.test`));
    expect(upstream.requests).toHaveLength(attempts);

    upstream.script = () => ({ body: [] });
    expect(await ask()).toEqual({ data: { runs: { nodes: [] }, __typename: 'Query' } });
  },
);

/** The error of one query whose requests are all answered so. */
async function errorOf(field: string, answer: (query: URLSearchParams) => UpstreamAnswer) {
  opened.upstream.script = ({ query }) => answer(query);
  const { data, errors } = await opened.execute<unknown>(`{ ${field} { nodes { id } } }`);
  expect(data).toEqual({ runs: null });
  expect(errors).toHaveLength(1);
  expect(JSON.stringify(errors)).not.toContain(SECRET);
  return errors?.[0];
}

const AGENT = 'agent-aaaaaaaa-0000-4000-8000-000000000000';
const REASONS = "'end_turn', 'error', 'actor-secret-4711' or 'no_tool_call'";

const refusal = (problem: object): UpstreamAnswer => ({
  status: 422,
  body: { detail: [{ msg: SECRET, ...problem }] },
});
/** As Letta's own server answers. */
const REPR = `[{'type': 'enum', 'loc': ('query', 'stop_reason'), 'msg': "${SECRET}", 'ctx': {'expected': "${REASONS}"}}]`;
const STATUS_REFUSED: UpstreamAnswer = {
  status: 400,
  body: { detail: "'cancelled' is not a valid RunStatus" },
};

describe('UPSTREAM_REJECTED', () => {
  const reasons = { loc: ['query', 'stop_reason'], input: 'tool_rule', ctx: { expected: REASONS } };
  const agents = { loc: ['query', 'agent_ids', 0], input: AGENT };
  it.each<[UpstreamAnswer, argument: string, value: string]>([
    [{ status: 422, body: { detail: REPR } }, 'stopReason', 'MAX_TOKENS_EXCEEDED'],
    [refusal(reasons), 'stopReason', 'TOOL_RULE'],
    [STATUS_REFUSED, 'statuses', '[CANCELLED]'],
    [refusal({ loc: ['query', 'agent_id'], input: AGENT }), 'agentId', `"${AGENT}"`],
    [refusal(agents), 'agentIds', `["${AGENT}"]`],
    [refusal({ loc: ['query', 'background'], input: 'false' }), 'background', 'false'],
  ])('names the argument that %j refuses: %s', async (answer, argument, value) => {
    expect(await errorOf(`runs(${argument}: ${value})`, () => answer)).toMatchObject({
      message: `${argument}: the runs API does not accept this value. It may be too old for it.`,
      path: ['runs'],
      extensions: { code: 'UPSTREAM_REJECTED', argument, retryable: false },
    });
  });

  it.each([
    { loc: ['query', 'limit'], ctx: { le: 5 } },
    { loc: ['query', 'stop_reason'] },
    { loc: ['body'] },
  ])('names no argument where the answer names none that was given: %j', async (problem) => {
    const error = await errorOf('runs(first: 3, background: true)', () => refusal(problem));
    expect(error?.message).toBe('The runs API rejected the request.');
    expect(error?.extensions).not.toHaveProperty('argument');
  });

  it.each([
    ['after', 'first'],
    ['before', 'last'],
  ])('is INVALID_CURSOR for a cursor: %s', async (argument, size) => {
    const answer = (query: URLSearchParams): UpstreamAnswer => {
      const cursor = ['before', 'after'].find((name) => query.has(name));
      return cursor === undefined ? { body: [] } : refusal({ loc: ['query', cursor], input: 'run-1' });
    };
    expect(await errorOf(`runs(${size}: 2, ${argument}: "run-1")`, answer)).toMatchObject({
      extensions: { code: 'INVALID_CURSOR', argument, retryable: false },
    });
  });
});
