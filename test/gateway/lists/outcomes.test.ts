import { beforeEach, describe, expect, it } from 'vitest';
import { settle } from '../../support/clock.ts';
import { forAll } from '../../support/for-all.ts';
import { agentId, runId } from '../../support/ids.ts';
import { openGateway } from '../../support/open-gateway.ts';

const FAILING =
  'error llm_api_error invalid_llm_response invalid_tool_call max_tokens_exceeded no_tool_call insufficient_credits context_window_overflow_in_system_prompt';
const completed = (reason: string): string => `statuses=completed&stop_reason=${reason}`;
const FAILED = ['statuses=failed', ...FAILING.split(' ').map(completed)];

/** Far more than the budget, newest first. Three of them failed. */
const FAILURES = [
  [100, 'completed', 'llm_api_error'],
  [500, 'failed', null],
  [999, 'completed', 'max_tokens_exceeded'],
] as const;
const RUNS = Array.from({ length: 1000 }, (_, index) => {
  const [, status, stop_reason] = FAILURES.find(([at]) => at === index) ?? [0, 'completed', 'end_turn'];
  const created_at = new Date(1e12 - 1000 * index).toISOString();
  return { id: runId(index), agent_id: agentId(1), created_at, status, stop_reason };
});

const open = await forAll(openGateway({ runs: RUNS, config: { scanBudget: 10 } }));
beforeEach(() => {
  open.upstream.requests.length = 0;
});

/** What the lists were filtered by. */
const filtersAsked = (): readonly string[] =>
  open.upstream.urls.map((url) => url.replace('/v1/runs/?', '').replace(/&?limit=.*/, '')).toSorted();
const ALL = 'nodes { id outcome } pageInfo { hasNextPage hasPreviousPage startCursor }';

describe('runs(outcomes: FAILED)', () => {
  it.each([
    ['first: 2', [0, 1], true, false],
    ['last: 2', [1, 2], false, true],
    [`first: 2, after: "${runId(500)}"`, [2], false, true],
    [`first: 3, order: ASC, before: "${runId(100)}"`, [2, 1], true, false],
    ['first: 3, createdBefore: "2001-09-09T01:40:00Z"', [1, 2], false, false],
  ])(
    'finds three failures among a thousand runs without reading the others: %s',
    async (args, places, hasNextPage, hasPreviousPage) => {
      const { data } = await open.execute(`{ runs(outcomes: FAILED, ${args}) { ${ALL} } }`);
      const nodes = places.map((place) => ({ id: runId(FAILURES[place]![0]), outcome: 'FAILED' }));
      expect(data).toMatchObject({ runs: { nodes, pageInfo: { hasNextPage, hasPreviousPage } } });
    },
  );

  it('counts three failures among a thousand runs without reading the others', async () => {
    const count = '{ value precision }';
    const query = `{ runs(outcomes: FAILED, first: 1) { totalCount ${count} } runStats(outcomes: FAILED) { count ${count} } }`;
    const exact = { value: 3, precision: 'EXACT' };
    expect(await open.execute(query)).toEqual({
      data: { runs: { totalCount: exact }, runStats: { count: exact } },
    });
  });
});

// That they select what they say, random pages, statistics and events prove.
it.each<[args: string, filters: readonly string[]]>([
  ['FAILED', FAILED],
  ['UNFINISHED', ['statuses=created&statuses=running']],
  ['PAUSED', [completed('requires_approval')]],
  ['CUT_SHORT', [completed('max_steps')]],
  ['CANCELLED', ['statuses=cancelled', completed('cancelled')]],
  ['SUCCEEDED', ['statuses=completed']],
  ['[SUCCEEDED, FAILED]', ['statuses=completed&statuses=failed']],
  ['[UNFINISHED, PAUSED]', ['statuses=created&statuses=running', completed('requires_approval')]],
  ['FAILED, statuses: [FAILED, CANCELLED]', ['statuses=failed']],
  ['FAILED, stopReason: ERROR', ['statuses=failed&stop_reason=error', completed('error')]],
  ['[PAUSED, FAILED], active: true', []],
  ['CUT_SHORT, stopReason: ERROR', []],
  ['SUCCEEDED, stopReason: ERROR', []],
  ['PAUSED, notStopReasons: [REQUIRES_APPROVAL]', []],
  ['[PAUSED, SUCCEEDED], notStatuses: [COMPLETED]', []],
  [
    'FAILED, stopReasons: [LLM_API_ERROR, ERROR, END_TURN]',
    ['statuses=failed', ...['llm_api_error', 'error'].map(completed)],
  ],
  ['PAUSED, agentId: "agent-1"', [`${completed('requires_approval')}&agent_id=agent-1`]],
])('runs(outcomes: %s) reads these lists: %j', async (args, filters) => {
  await open.dataOf(`{ runs(outcomes: ${args}, first: 1) { nodes { id } } }`);
  expect(filtersAsked()).toEqual(filters.toSorted());
});

it.each([
  ['outcomes: FAILED', { data: { runs: { nodes: [{}, {}, {}] } } }],
  [
    'outcomes: FAILED, stopReason: INSUFFICIENT_CREDITS',
    { errors: [{ extensions: { argument: 'stopReason' } }] },
  ],
])(
  'Where the API is too old for a stop reason, no run has it, but an argument is refused: %s',
  async (args, answer) => {
    const detail = [{ type: 'enum', loc: ['query', 'stop_reason'], msg: 'no' }];
    await using old = await openGateway({
      runs: RUNS,
      script: ({ query }, next) =>
        query.get('stop_reason') === 'insufficient_credits' ? { status: 422, body: { detail } } : next(),
    });
    expect(await old.execute(`{ runs(${args}) { nodes { id } } }`)).toMatchObject(answer);
  },
);

it.each([
  ['PAUSED', 'completed', 'requires_approval'],
  ['FAILED', 'failed', 'error'],
])(
  'A run that becomes %s while the lists are read is in one of them',
  async (outcome, status, stop_reason) => {
    const run = { ...RUNS[0]!, status: 'running', stop_reason: null };
    await using test = await openGateway({ runs: [run] });
    test.upstream.script = async (_request, next) => {
      const answer = await next();
      test.store.update(run.id, { status, stop_reason });
      return answer;
    };
    const query = `{ runs(outcomes: [UNFINISHED, PAUSED, FAILED]) { nodes { outcome } } }`;
    expect(await test.execute(query)).toEqual({ data: { runs: { nodes: [{ outcome }] } } });
  },
);

it('A paused run that is cancelled while the lists are read is in one of them', async () => {
  const run = { ...RUNS[0]!, stop_reason: 'requires_approval' };
  await using test = await openGateway({ runs: [run] });
  test.upstream.script = async ({ query }, next) => {
    if (query.get('stop_reason') === 'requires_approval') {
      await settle();
      test.store.update(run.id, { status: 'cancelled', stop_reason: 'cancelled' });
    }
    return next();
  };
  const query = `{ runs(outcomes: [PAUSED, CANCELLED]) { nodes { outcome } } }`;
  expect(await test.execute(query)).toEqual({ data: { runs: { nodes: [{ outcome: 'CANCELLED' }] } } });
});

it('runs(outcomes: SUCCEEDED) has a run without a stop reason, also where all reasons of success are excluded', async () => {
  const runs = [null, 'end_turn'].map((stop_reason, index) => ({ ...RUNS[index]!, stop_reason }));
  await using test = await openGateway({ runs });
  const query = '{ runs(outcomes: SUCCEEDED, notStopReasons: [END_TURN, TOOL_RULE]) { nodes { id } } }';
  expect(await test.execute(query)).toEqual({ data: { runs: { nodes: [{ id: runId(0) }] } } });
});
