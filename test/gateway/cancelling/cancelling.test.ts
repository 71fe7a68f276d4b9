import { describe, expect, it } from 'vitest';
import type { NewRun } from '../../../embedded-api/store/run-store.ts';
import { agentId, runId } from '../../support/ids.ts';
import { cancel, cancelNumbers, openRuns, posts } from './cancel.ts';

const ENDED = { status: 'completed', stop_reason: 'end_turn' };

describe('cancelRuns cancels a run, or not, by its state as Letta 0.16.7 does:', () => {
  it.each<[string, Partial<NewRun>, status: string | null, code?: string]>([
    ['created', { status: 'created' }, 'CANCELLED'],
    ['running', {}, 'CANCELLED'],
    ['of a status that is newer', { status: 'paused' }, 'CANCELLED'],
    ['running with a stop reason', { stop_reason: 'end_turn' }, 'RUNNING', 'NOT_CANCELLED'],
    ['completed', ENDED, 'COMPLETED', 'ALREADY_ENDED'],
    ['failed', { status: 'failed', stop_reason: 'error' }, 'FAILED', 'ALREADY_ENDED'],
    ['cancelled', { status: 'cancelled', stop_reason: 'cancelled' }, 'CANCELLED', 'ALREADY_ENDED'],
    ['of another organization', { organization_id: 'org-other' }, null, 'NOT_FOUND'],
  ])('%s', async (_name, run, status, code) => {
    await using test = await openRuns({ 1: run });
    expect(await cancelNumbers(test, 1)).toEqual([
      [status],
      code === undefined ? [] : [`1 ${code} ${status}`],
    ]);
    expect(posts(test)).toHaveLength(code === undefined || code === 'NOT_CANCELLED' ? 1 : 0);
  });

  it('unknown, or of no id of a run', async () => {
    await using test = await openRuns({});
    const ids = [runId(9), 'run-nonsense', agentId(1), '', '5', 'run-00000000/../x'];
    const { data } = await cancel(test, ids);
    const failure = {
      code: 'NOT_FOUND',
      message: expect.stringMatching(/^There is no run with this id/),
      status: null,
    };
    expect(data?.cancelRuns).toEqual({
      runs: ids.map(() => null),
      failures: ids.map((id) => ({ runId: id, ...failure })),
    });
    expect(test.upstream.urls).toEqual([`/v1/runs/${runId(9)}`]);
  });
});

it('cancelPreview of more than ten ids is refused, and of none is empty', async () => {
  await using test = await openRuns({});
  const query = 'query ($ids: [ID!]!) { cancelPreview(ids: $ids) { runId } }';
  const { errors } = await test.execute(query, { ids: Array.from({ length: 11 }, (_, n) => runId(n)) });
  expect(errors).toMatchObject([
    {
      message: 'ids: expected at most 10 ids, but got 11',
      extensions: { code: 'BAD_USER_INPUT', argument: 'ids' },
    },
  ]);
  expect(await test.execute(query, { ids: [] })).toEqual({ data: { cancelPreview: [] } });
  expect(test.upstream.requests).toEqual([]);
});

describe('cancelRuns takes these requests:', () => {
  it.each<[string, readonly number[], reads: number, posts: number]>([
    ['nothing for no ids', [], 0, 0],
    ['a read for one that has ended', [7], 1, 0],
    ['three reads and a POST for one', [1], 3, 1],
    ['one POST for three of an agent', [1, 2, 3], 7, 1],
    ['one POST for each agent', [1, 2, 4], 8, 2],
    ['one POST for what is left of others', [1, 7, 99], 5, 1],
  ])('%s', async (_name, numbers, reads, sent) => {
    await using test = await openRuns({ 1: {}, 2: {}, 3: {}, 4: { agent_id: agentId(2) }, 7: ENDED });
    const [statuses] = await cancelNumbers(test, ...numbers);
    const expected = numbers.map((number) =>
      number === 99 ? null : number === 7 ? 'COMPLETED' : 'CANCELLED',
    );
    expect(statuses).toEqual(expected);
    expect([test.upstream.requests.length - sent, posts(test).length]).toEqual([reads, sent]);
  });

  it('a POST that names the agent and the runs of that agent, in order, and nothing else', async () => {
    await using test = await openRuns({ 1: {}, 2: { agent_id: agentId(2) }, 3: {}, 7: ENDED });
    await cancelNumbers(test, 3, 2, 7, 1, 3);
    const of = (agent: number, ...numbers: readonly number[]) =>
      `/v1/agents/${agentId(agent)}/messages/cancel ${JSON.stringify({ run_ids: numbers.map(runId) })}`;
    expect(posts(test).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([of(1, 3, 1), of(2, 2)]);
  });
});

describe('cancelRuns(ids)', () => {
  it('has at most 10 ids; more are refused before anything is sent', async () => {
    await using test = await openRuns({});
    const ids = Array.from({ length: 11 }, (_, number) => runId(number));
    expect(await cancel(test, ids)).toMatchObject({
      data: { cancelRuns: null },
      errors: [
        {
          message: 'ids: expected at most 10 ids, but got 11',
          path: ['cancelRuns'],
          extensions: { code: 'BAD_USER_INPUT', argument: 'ids', retryable: false },
        },
      ],
    });
    expect(test.upstream.requests).toEqual([]);
    expect((await cancel(test, ids.slice(1))).data?.cancelRuns?.runs).toHaveLength(10);
  });

  it('keeps its order and its duplicates in runs; failures have each once', async () => {
    await using test = await openRuns({ 1: {}, 2: { status: 'failed' } });
    expect(await cancelNumbers(test, 2, 1, 9, 2, 1, 9)).toEqual([
      ['FAILED', 'CANCELLED', null, 'FAILED', 'CANCELLED', null],
      ['2 ALREADY_ENDED FAILED', '9 NOT_FOUND null'],
    ]);
  });
});

describe('Several mutations of one operation', () => {
  it('are executed one after the other, and each tells what is true then', async () => {
    await using test = await openRuns({ 1: {} });
    const field = `cancelRuns(ids: ["${runId(1)}"]) { runs { status } failures { code } }`;
    expect(await test.execute(`mutation { one: ${field} two: ${field} }`)).toEqual({
      data: {
        one: { runs: [{ status: 'CANCELLED' }], failures: [] },
        two: { runs: [{ status: 'CANCELLED' }], failures: [{ code: 'ALREADY_ENDED' }] },
      },
    });
    expect(test.upstream.requests.map(({ method }) => method)).toEqual(['GET', 'GET', 'POST', 'GET', 'GET']);
  });

  it('show nothing that was loaded before the later one', async () => {
    await using test = await openRuns({ 1: {}, 2: {} });
    const field = (number: number) => `cancelRuns(ids: ["${runId(number)}"]) { runs { agent { name } } }`;
    test.upstream.script = ({ url }, next) =>
      url.endsWith('include=agent.tags') && posts(test).length > 0
        ? { body: { id: agentId(1), name: `After ${posts(test).length}` } }
        : next();
    expect(await test.execute(`mutation { one: ${field(1)} two: ${field(2)} }`)).toEqual({
      data: {
        one: { runs: [{ agent: { name: 'After 1' } }] },
        two: { runs: [{ agent: { name: 'After 2' } }] },
      },
    });
  });
});
