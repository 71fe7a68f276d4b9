import { describe, expect, it } from 'vitest';
import {
  type CancelPost,
  type CancellableRun,
  runId,
  running,
  sendJson,
} from '../../support/cancelling-upstream.ts';
import { cancel, cancelNumbers, posts, startCancelTest } from './cancel.ts';

const SECRET = 'actor-secret-4711';
const status =
  (code: number, headers: Record<string, string> = {}) =>
  ({ response }: CancelPost): void => {
    response.writeHead(code, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ detail: SECRET }));
  };
const text =
  (body: string) =>
  ({ response }: CancelPost): void =>
    void response.end(body);

const NOT_ENDED = 'The run had not ended when it was read again';

/** Ways in which a request to cancel fails after it was received, and their codes. */
const FAULTS: readonly (readonly [string, (post: CancelPost) => void, code: string, mayFollow: boolean])[] = [
  ['a reset', ({ response }) => void response.socket?.resetAndDestroy(), 'UPSTREAM_UNAVAILABLE', true],
  ['an end', ({ response }) => void response.socket?.end(), 'UPSTREAM_UNAVAILABLE', true],
  [
    'a reset within the answer',
    ({ response }) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"run');
      setImmediate(() => response.socket?.resetAndDestroy());
    },
    'UPSTREAM_UNAVAILABLE',
    true,
  ],
  ['silence', () => undefined, 'UPSTREAM_TIMEOUT', true],
  ['401', status(401), 'UNAUTHENTICATED', false],
  ['403', status(403), 'FORBIDDEN', false],
  ['404', status(404), 'UPSTREAM_REJECTED', false],
  ['408', status(408), 'UPSTREAM_REJECTED', false],
  ['409', status(409), 'UPSTREAM_REJECTED', false],
  ['409 that says when', status(409, { 'retry-after': '0' }), 'UPSTREAM_REJECTED', false],
  ['422', status(422), 'UPSTREAM_REJECTED', false],
  ['429 that says when', status(429, { 'retry-after': '0' }), 'RATE_LIMITED', false],
  ['500', status(500), 'UPSTREAM_ERROR', true],
  ['502', status(502), 'UPSTREAM_UNAVAILABLE', true],
  ['503 that says when', status(503, { 'retry-after': '0' }), 'UPSTREAM_UNAVAILABLE', true],
  ['a redirect', status(307, { location: '/' }), 'UPSTREAM_INVALID_RESPONSE', true],
  ['201', status(201), 'UPSTREAM_INVALID_RESPONSE', true],
  ['a page', text(`<!doctype html>${SECRET}`), 'UPSTREAM_INVALID_RESPONSE', true],
  ['half a JSON', text('{"run'), 'UPSTREAM_INVALID_RESPONSE', true],
  ['nothing', text(''), 'UPSTREAM_INVALID_RESPONSE', true],
  ['JSON that tells nothing', text('[]'), 'NOT_CANCELLED', false],
  ['"cancelled", although it was not', text(`{"${runId(1)}":"cancelled"}`), 'NOT_CANCELLED', false],
];
/** Only who waits for a time-out has a short one, or a busy machine would have others. */
const optionsFor = (code: string) => ({ upstreamTimeoutMs: code === 'UPSTREAM_TIMEOUT' ? 500 : 20_000 });

describe('A request to cancel that was answered by', () => {
  it.each(FAULTS)('%s is not sent again, and the run is as it was', async (_name, fault, code, mayFollow) => {
    await using test = await startCancelTest({ 1: running() }, optionsFor(code));
    test.upstream.onCancel = fault;
    const { data, errors } = await cancel(test, [runId(1)]);
    expect(errors).toBeUndefined();
    expect(data?.cancelRuns?.runs).toEqual([{ id: runId(1), status: 'RUNNING' }]);
    expect(data?.cancelRuns?.failures).toEqual([
      { runId: runId(1), code, message: expect.stringContaining(NOT_ENDED), status: 'RUNNING' },
    ]);
    expect(data?.cancelRuns?.failures[0]?.message.endsWith('but may still be cancelled.')).toBe(mayFollow);
    expect(JSON.stringify(data)).not.toContain(SECRET);
    expect(posts(test)).toHaveLength(1);
    expect(test.upstream.requests).toHaveLength(3);
  });

  it.each(FAULTS)('%s has cancelled the run if the run says so', async (_name, fault, code) => {
    await using test = await startCancelTest({ 1: running() }, optionsFor(code));
    test.upstream.onCancel = (post) => {
      post.cancel();
      fault(post);
    };
    expect(await cancelNumbers(test, 1)).toEqual([['CANCELLED'], []]);
    expect(posts(test)).toHaveLength(1);
  });
});

describe('What comes in between', () => {
  const meanwhile: readonly (readonly [string, Partial<CancellableRun>, string])[] = [
    ['it completes', { status: 'completed', stopReason: 'end_turn' }, '1 ALREADY_ENDED COMPLETED'],
    ['it fails', { status: 'failed', stopReason: 'error' }, '1 ALREADY_ENDED FAILED'],
  ];
  it.each(meanwhile)('%s', async (_name, change, failure) => {
    await using test = await startCancelTest({ 1: running() });
    test.upstream.onCancel = ({ response, cancel: act }) => {
      Object.assign(test.upstream.runs.get(runId(1)) ?? {}, change);
      sendJson(response, act());
    };
    expect((await cancelNumbers(test, 1))[1]).toEqual([failure]);
  });

  it('it is deleted', async () => {
    await using test = await startCancelTest({ 1: running() });
    test.upstream.onCancel = ({ response, cancel: act }) => {
      sendJson(response, act());
      test.upstream.runs.delete(runId(1));
    };
    expect(await cancelNumbers(test, 1)).toEqual([[null], ['1 NOT_FOUND null']]);
  });
});

describe('A run that can not be read', () => {
  it.each([
    [401, 'UNAUTHENTICATED'],
    [403, 'FORBIDDEN'],
    [429, 'RATE_LIMITED'],
    [500, 'UPSTREAM_ERROR'],
    [503, 'UPSTREAM_UNAVAILABLE'],
  ])('because of %i is not cancelled, and the others are', async (code, expected) => {
    await using test = await startCancelTest({ 1: running(), 2: running() });
    test.upstream.onRead = (response, id) => {
      if (id === runId(1)) sendJson(response, { detail: SECRET }, code);
      return id === runId(1);
    };
    const { data } = await cancel(test, [runId(1), runId(2)]);
    expect(data?.cancelRuns?.runs).toEqual([null, { id: runId(2), status: 'CANCELLED' }]);
    expect(data?.cancelRuns?.failures).toEqual([
      {
        runId: runId(1),
        code: expected,
        message: expect.stringMatching(/ Nothing was sent to cancel the run\.$/),
        status: null,
      },
    ]);
    expect(posts(test).join()).not.toContain(runId(1));
    expect(test.upstream.runs.get(runId(1))?.status).toBe('running');
  });

  it('afterwards is neither said to be cancelled nor not to be', async () => {
    await using test = await startCancelTest({ 1: running() });
    test.upstream.onRead = (response) => {
      if (posts(test).length > 0) sendJson(response, {}, 500);
      return posts(test).length > 0;
    };
    expect(await cancelNumbers(test, 1)).toEqual([[null], ['1 OUTCOME_UNKNOWN null']]);
    expect(posts(test)).toHaveLength(1);
  });
});

it('A refused connection sends nothing, and says so', async () => {
  await using test = await startCancelTest({ 1: running() });
  test.upstream.onRead = () => {
    // The connection of the reads stays, and would be of use for nothing else.
    test.upstream.refuseConnections();
    return false;
  };
  const { data } = await cancel(test, [runId(1)]);
  expect(data?.cancelRuns?.runs).toEqual([{ id: runId(1), status: 'RUNNING' }]);
  expect(data?.cancelRuns?.failures).toEqual([
    {
      runId: runId(1),
      code: 'UPSTREAM_UNAVAILABLE',
      message: 'The runs API is unavailable. Nothing was sent to cancel the run.',
      status: 'RUNNING',
    },
  ]);
  expect(test.upstream.requests).toEqual([`GET /v1/runs/${runId(1)}`]);
});
