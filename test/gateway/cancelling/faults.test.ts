import { describe, expect, it } from 'vitest';
import { settle, stopClock } from '../../support/clock.ts';
import { post } from '../../support/execute.ts';
import { broken, SECRET, status } from '../../support/faults.ts';
import { runId } from '../../support/ids.ts';
import type { OpenGateway } from '../../support/open-gateway.ts';
import { recordedLog } from '../../support/recorded-log.ts';
import { HANGS, type Script, type UpstreamAnswer } from '../../support/scripted-upstream.ts';
import { CANCEL, cancel, cancelNumbers, openRuns, posts } from './cancel.ts';

const NOW = { 'retry-after': '0' };

type Fault = [name: string, answer: UpstreamAnswer | Promise<never>, code: string, mayFollow?: 'may follow'];

/** Answers to a request to cancel that was received, and the codes of the failures. */
const FAULTS: Fault[] = [
  ['a reset', broken('UND_ERR_SOCKET'), 'UPSTREAM_UNAVAILABLE', 'may follow'],
  ['silence', HANGS, 'UPSTREAM_TIMEOUT', 'may follow'],
  ['401', status(401), 'UNAUTHENTICATED'],
  ['422', status(422), 'UPSTREAM_REJECTED'],
  ['429 that says when', status(429, NOW), 'RATE_LIMITED'],
  ['500', status(500), 'UPSTREAM_ERROR', 'may follow'],
  ['502', status(502), 'UPSTREAM_UNAVAILABLE', 'may follow'],
  ['503 that says when', status(503, NOW), 'UPSTREAM_UNAVAILABLE', 'may follow'],
  ['a redirect', status(307, { location: '/' }), 'UPSTREAM_INVALID_RESPONSE', 'may follow'],
  ['a page', { body: `<!doctype html>${SECRET}` }, 'UPSTREAM_INVALID_RESPONSE', 'may follow'],
  ['JSON that tells nothing', { body: [] }, 'NOT_CANCELLED'],
  ['"cancelled", although it was not', { body: { [runId(1)]: 'cancelled' } }, 'NOT_CANCELLED'],
];

async function openWith(script: Script): Promise<OpenGateway> {
  const test = await openRuns({ 1: {}, 2: {} });
  test.upstream.script = script;
  return test;
}
const onPost =
  (answer: (next: Parameters<Script>[1]) => ReturnType<Script>): Script =>
  ({ method }, next) =>
    method === 'POST' ? answer(next) : next();

/** Sends a mutation, and disconnects once all is done that can be. */
async function leaveDuringCancel({ gateway }: OpenGateway): Promise<void> {
  const client = new AbortController();
  const body = JSON.stringify({ query: CANCEL, variables: { ids: [runId(1)] } });
  const asked = post(gateway, body, {}, client.signal).catch(() => 'left');
  await settle();
  client.abort();
  await asked;
}

describe('The request of cancelRuns that was answered by', () => {
  it.each<Fault>(FAULTS)(
    '%s is not sent again, and the run is as it was',
    async (_name, fault, code, mayFollow) => {
      const clock = stopClock();
      await using test = await openWith(onPost(() => fault));
      const { data, errors } = await clock.until(cancel(test, [runId(1)]));
      expect(errors).toBeUndefined();
      expect(data?.cancelRuns).toEqual({
        runs: [{ id: runId(1), status: 'RUNNING' }],
        failures: [
          {
            runId: runId(1),
            code,
            message: expect.stringContaining('The run had not ended when it was read again'),
            status: 'RUNNING',
          },
        ],
      });
      const isOpen = data?.cancelRuns?.failures[0]?.message.endsWith('but may still be cancelled.');
      expect(isOpen).toBe(mayFollow !== undefined);
      expect(JSON.stringify(data)).not.toContain(SECRET);
      expect(test.upstream.requests.map(({ method }) => method)).toEqual(['GET', 'GET', 'POST', 'GET']);
    },
  );

  it.each<Fault>(FAULTS)('%s has cancelled the run if the run says so', async (_name, fault) => {
    const clock = stopClock();
    await using test = await openWith(onPost(async (next) => (await next()) && fault));
    expect(await clock.until(cancelNumbers(test, 1))).toEqual([['CANCELLED'], []]);
    expect(posts(test)).toHaveLength(1);
  });
});

describe('A run of cancelRuns', () => {
  it.each([
    ['completes', { status: 'completed', stop_reason: 'end_turn' }, '1 ALREADY_ENDED COMPLETED'],
    ['fails', { status: 'failed', stop_reason: 'error' }, '1 ALREADY_ENDED FAILED'],
  ])('that %s in the meantime was not cancelled', async (_name, change, failure) => {
    await using test = await openRuns({ 1: {} });
    test.upstream.script = onPost((next) => {
      test.store.update(runId(1), change);
      return next();
    });
    expect((await cancelNumbers(test, 1))[1]).toEqual([failure]);
  });

  it.each([
    [401, 'UNAUTHENTICATED'],
    [503, 'UPSTREAM_UNAVAILABLE'],
  ])('that can not be read because of %i is not cancelled, and the others are', async (code, expected) => {
    const clock = stopClock();
    await using test = await openWith(({ url }, next) => (url.endsWith(runId(1)) ? status(code) : next()));
    const { data } = await clock.until(cancel(test, [runId(1), runId(2)]));
    expect(data?.cancelRuns?.runs).toEqual([null, { id: runId(2), status: 'CANCELLED' }]);
    expect(data?.cancelRuns?.failures).toMatchObject([
      {
        runId: runId(1),
        code: expected,
        message: expect.stringMatching(/ Nothing was sent to cancel the run\.$/),
      },
    ]);
    expect(posts(test).join()).not.toContain(runId(1));
  });

  it('that can not be read afterwards is neither said to be cancelled nor not to be', async () => {
    const clock = stopClock();
    await using test = await openRuns({ 1: {} });
    test.upstream.script = ({ method }, next) =>
      method === 'GET' && posts(test).length > 0 ? status(500) : next();
    expect(await clock.until(cancelNumbers(test, 1))).toEqual([[null], ['1 OUTCOME_UNKNOWN null']]);
    expect(posts(test)).toHaveLength(1);
  });
});

describe('cancelRuns', () => {
  it('is never shared: two identical ones at once are two requests each', async () => {
    await using test = await openRuns({ 1: {} });
    const held: (() => void)[] = [];
    test.upstream.script = onPost(async (next) => {
      await new Promise<void>((resolve) => held.push(resolve));
      return next();
    });
    const both = Promise.all([cancelNumbers(test, 1), cancelNumbers(test, 1)]);
    await settle();
    expect(held).toHaveLength(2);
    for (const release of held) release();
    expect(await both).toEqual([
      [['CANCELLED'], []],
      [['CANCELLED'], []],
    ]);
    expect(test.upstream.requests).toHaveLength(8);
  });

  it('reads on its own, not what a query that began before it is waiting for', async () => {
    await using test = await openRuns({ 1: {} });
    const { promise: held, resolve } = Promise.withResolvers<void>();
    test.upstream.script = async (_request, next) => {
      const stale = next();
      if (test.upstream.requests.length === 1) await held;
      return stale;
    };
    const query = test.execute(`{ run(id: "${runId(1)}") { status } }`);
    await settle();
    expect(await cancelNumbers(test, 1)).toEqual([['CANCELLED'], []]);
    resolve();
    expect(await query).toEqual({ data: { run: { status: 'RUNNING' } } });
  });

  it.each([
    ['GET', 'cancels nothing if the run was still being read', [true], 'running'],
    ['POST', 'does not break off what was sent', [false, false, false], 'cancelled'],
  ])('whose client leaves during the %s %s', async (during, _what, aborted, expected) => {
    await using test = await openRuns({ 1: {} });
    const { promise: held, resolve } = Promise.withResolvers<void>();
    test.upstream.script = async ({ method }, next) => {
      if (method === during) await held;
      return next();
    };
    await leaveDuringCancel(test);
    await settle();
    expect(test.upstream.requests.map(({ signal }) => signal.aborted)).toEqual(aborted);
    resolve();
    await settle();
    test.upstream.script = (_request, next) => next();
    // Nobody is there to be told what is true now.
    expect(test.upstream.requests).toHaveLength(aborted.length);
    const query = `{ run(id: "${runId(1)}") { rawStatus } }`;
    expect(await test.execute(query)).toEqual({ data: { run: { rawStatus: expected } } });
    expect(await test.gateway.metrics.registry.metrics()).not.toContain('INTERNAL_SERVER_ERROR');
  });

  it('whose client leaves before there is a connection for the POST is not sent', async () => {
    await using test = await openRuns({ 1: {} });
    const { promise: connected, resolve: connect } = Promise.withResolvers<void>();
    const { upstream } = test;
    const dispatch = upstream.dispatch.bind(upstream);
    upstream.dispatch = (options, handler) => {
      if (options.method !== 'POST') return dispatch(options, handler);
      void connected.then(() => dispatch(options, handler));
      return true;
    };
    await leaveDuringCancel(test);
    connect();
    await settle();
    expect(posts(test)).toEqual([]);
  });
});

it('cancelRuns logs for the operator a request that was refused', async () => {
  const { log, lines } = recordedLog();
  await using test = await openRuns({ 1: {} }, { log });
  test.upstream.script = onPost(() => status(400));
  await cancel(test, [runId(1)]);
  expect(lines.filter(({ level }) => level === 'warn' || level === 'error')).toHaveLength(1);
});

it('cancelRuns logs once a failure that several runs and reads share', async () => {
  const clock = stopClock();
  const { log, lines } = recordedLog();
  await using test = await openRuns({ 1: {}, 2: {} }, { log });
  test.upstream.script = ({ path }, next) => (path.includes('/agents/') ? status(503) : next());
  await clock.until(cancel(test, [runId(1), runId(2)]));
  expect(lines.filter(({ message }) => message === 'Upstream error')).toHaveLength(1);
});
