import { describe, expect, it } from 'vitest';
import { agentId, type CancellableRun, runId, running } from '../../support/cancelling-upstream.ts';
import { execute } from '../../support/execute.ts';
import { cancel, cancelNumbers, posts, startCancelTest } from './cancel.ts';

const run = (status: string, stopReason: string | null = null, more: object = {}): CancellableRun => ({
  ...running(),
  status,
  stopReason,
  ...more,
});

/** Each state of a run in Letta 0.16.7, what becomes of it, and whether anything was sent. */
const STATES: readonly (readonly [
  string,
  CancellableRun,
  status: string | null,
  code: string | null,
  sent: boolean,
])[] = [
  ['created', run('created'), 'CANCELLED', null, true],
  ['running', run('running'), 'CANCELLED', null, true],
  [
    'running, without metrics, called "failed"',
    run('running', null, { hasMetrics: false }),
    'CANCELLED',
    null,
    true,
  ],
  ['waiting for approval', run('completed', 'requires_approval'), 'CANCELLED', null, true],
  ['of a status that is newer', run('paused'), 'CANCELLED', null, true],
  [
    'running, with a stop reason, left as it is',
    run('running', 'end_turn'),
    'RUNNING',
    'NOT_CANCELLED',
    true,
  ],
  ['completed', run('completed', 'end_turn'), 'COMPLETED', 'ALREADY_ENDED', false],
  ['completed, without a stop reason', run('completed'), 'COMPLETED', 'ALREADY_ENDED', false],
  ['failed', run('failed', 'error'), 'FAILED', 'ALREADY_ENDED', false],
  ['failed, without a stop reason', run('failed'), 'FAILED', 'ALREADY_ENDED', false],
  [
    'failed, while waiting for approval',
    run('failed', 'requires_approval'),
    'FAILED',
    'ALREADY_ENDED',
    false,
  ],
  ['cancelled', run('cancelled', 'cancelled'), 'CANCELLED', 'ALREADY_ENDED', false],
  ['of another organization', run('running', null, { isForeign: true }), null, 'NOT_FOUND', false],
];

describe('A run that is', () => {
  it.each(STATES)('%s', async (_name, state, status, code, sent) => {
    await using test = await startCancelTest({ 1: state });
    const failures = code === null ? [] : [`1 ${code} ${status}`];
    expect(await cancelNumbers(test, 1)).toEqual([[status], failures]);
    expect(posts(test)).toHaveLength(sent ? 1 : 0);
    const { status: now } = test.upstream.runs.get(runId(1)) ?? {};
    expect(now).toBe(sent && code === null ? 'cancelled' : state.status);
  });

  it('unknown, or has no id of a run, is not found', async () => {
    await using test = await startCancelTest({});
    const ids = [runId(9), 'run-nonsense', agentId(1), '', '5', 'run-00000000/../x'];
    const { data } = await cancel(test, ids);
    expect(data?.cancelRuns?.runs).toEqual(ids.map(() => null));
    expect(data?.cancelRuns?.failures).toEqual(
      ids.map((id) => ({
        runId: id,
        code: 'NOT_FOUND',
        message: 'There is no run with this id.',
        status: null,
      })),
    );
    expect(test.upstream.requests).toEqual([`GET /v1/runs/${runId(9)}`]);
  });
});

describe('Upstream requests:', () => {
  const ended = run('completed', 'end_turn');
  it.each<[string, readonly number[], reads: number, posts: number]>([
    ['none for no ids', [], 0, 0],
    ['a read for an unknown one', [99], 1, 0],
    ['a read for one that has ended', [7], 1, 0],
    ['two reads and a POST for one', [1], 2, 1],
    ['the same for the same one twice', [1, 1], 2, 1],
    ['one POST for three of an agent', [1, 2, 3], 6, 1],
    ['one POST for each agent', [1, 2, 4], 6, 2],
    ['one POST for what is left of others', [1, 7, 99], 4, 1],
  ])('%s', async (_name, numbers, reads, sent) => {
    await using test = await startCancelTest({
      1: running(1),
      2: running(1),
      3: running(1),
      4: running(2),
      7: ended,
    });
    const [statuses] = await cancelNumbers(test, ...numbers);
    expect(statuses).toEqual(
      numbers.map((number) => (number === 99 ? null : number === 7 ? 'COMPLETED' : 'CANCELLED')),
    );
    expect([test.upstream.requests.length - posts(test).length, posts(test).length]).toEqual([reads, sent]);
  });

  it('a POST names its agent and the runs of that agent, in order, and nothing else', async () => {
    await using test = await startCancelTest({ 1: running(1), 2: running(2), 3: running(1), 7: ended });
    await cancelNumbers(test, 3, 2, 7, 1, 3);
    const of = (agent: number, ...numbers: readonly number[]) =>
      `POST /v1/agents/${agentId(agent)}/messages/cancel ${JSON.stringify({ run_ids: numbers.map(runId) })}`;
    expect(posts(test).toSorted()).toEqual([of(1, 3, 1), of(2, 2)]);
  });
});

describe('The argument ids', () => {
  it('has at most 10 ids; more are refused before anything is sent', async () => {
    await using test = await startCancelTest({});
    const { data, errors } = await cancel(
      test,
      Array.from({ length: 11 }, (_, number) => runId(number)),
    );
    expect(data).toEqual({ cancelRuns: null });
    expect(errors).toMatchObject([
      {
        message: 'ids: expected at most 10 ids, but got 11',
        path: ['cancelRuns'],
        extensions: { code: 'BAD_USER_INPUT', argument: 'ids', retryable: false },
      },
    ]);
    expect(test.upstream.requests).toEqual([]);
    const { data: most } = await cancel(
      test,
      Array.from({ length: 10 }, (_, number) => runId(number)),
    );
    expect(most?.cancelRuns?.runs).toHaveLength(10);
  });

  it('keeps its order and its duplicates in runs; failures have each once', async () => {
    await using test = await startCancelTest({ 1: running(), 2: run('failed', 'error') });
    expect(await cancelNumbers(test, 2, 1, 9, 2, 1, 9)).toEqual([
      ['FAILED', 'CANCELLED', null, 'FAILED', 'CANCELLED', null],
      ['2 ALREADY_ENDED FAILED', '9 NOT_FOUND null'],
    ]);
  });
});

describe('Several mutations in one operation', () => {
  it('are executed one after the other, and each says what is true then', async () => {
    await using test = await startCancelTest({ 1: running() });
    const field = `cancelRuns(ids: ["${runId(1)}"]) { runs { status } failures { code } }`;
    const { data } = await execute(test.gateway, `mutation { one: ${field} two: ${field} }`);
    expect(data).toEqual({
      one: { runs: [{ status: 'CANCELLED' }], failures: [] },
      two: { runs: [{ status: 'CANCELLED' }], failures: [{ code: 'ALREADY_ENDED' }] },
    });
    expect(test.upstream.requests.map((request) => request.slice(0, 4))).toEqual([
      'GET ',
      'POST',
      'GET ',
      'GET ',
    ]);
  });

  it('show nothing that was loaded before the later one', async () => {
    await using test = await startCancelTest({ 1: running(), 2: running() });
    const field = (number: number) => `cancelRuns(ids: ["${runId(number)}"]) { runs { agent { name } } }`;
    const { data } = await execute(test.gateway, `mutation { one: ${field(1)} two: ${field(2)} }`);
    expect(data).toEqual({
      one: { runs: [{ agent: { name: '1 cancelled' } }] },
      two: { runs: [{ agent: { name: '2 cancelled' } }] },
    });
  });
});
