import { describe, expect, it } from 'vitest';
import { heldTooMuch } from '../../../src/errors/gateway-error.ts';
import { UpstreamError } from '../../../src/errors/upstream-error.ts';
import { VanishedPositionError } from '../../../src/lists/list-errors.ts';
import { Backoff } from '../../../src/live/streams/poll-interval.ts';
import { type Polled, sharePoller } from '../../../src/live/streams/shared-poller.ts';
import { type Clock, stopClock } from '../../support/clock.ts';
import { agentId, mixedRunId } from '../../support/ids.ts';
import { runAt } from '../../support/live-runs.ts';
import { HANGS, type Script } from '../../support/scripted-upstream.ts';
import { watch, watchRuns } from '../../support/watch.ts';
import { cancel } from '../cancelling/cancel.ts';
import { as, openLive, RUNNING } from './open-live.ts';

/** How many requests go upstream in so many milliseconds. */
async function requestsIn(
  { clock, upstream }: { clock: Clock; upstream: { readonly urls: readonly string[] } },
  ms: number,
): Promise<number> {
  const before = upstream.urls.length;
  await clock.pass(ms);
  return upstream.urls.length - before;
}

/** The events of a reader of whatever waits, which polls add. */
const readPolled = (
  waiting: { readonly event: string }[],
  poll: Polled<object, string>['poll'] = async () => ({ isBusy: true }),
) =>
  sharePoller<object, string>(
    1000,
    new Backoff(),
    () => undefined,
    () => ({ hasEnded: false, next: () => waiting.shift(), poll }),
  )({}, () => undefined);

describe('The polling of runEvents and runUpdates', () => {
  it('takes as many requests for 300 watchers of one list as for one, and ends with the last of them', async () => {
    await using test = await openLive();
    const first = watchRuns(test.gateway);
    await test.clock.pass(3000);
    const ofOne = await requestsIn(test, 10_000);
    const others = Array.from({ length: 300 }, () => watchRuns(test.gateway));
    await test.clock.pass(3000);
    expect(await requestsIn(test, 10_000)).toBeLessThanOrEqual(ofOne + 2);
    test.store.insert([runAt(2, 930)]);
    // They are told in several turns of the event loop.
    for (let step = 0; step < 20; step++) await test.clock.pass(150);
    expect(others.filter(({ events }) => events.length !== 1)).toEqual([]);
    await Promise.all([first, ...others].map((client) => client.close()));
    await test.clock.pass(2000);
    expect(await requestsIn(test, 60_000)).toBe(0);
  });

  it('tells all watchers of a change of an old run, also one who came while nothing changed', async () => {
    await using test = await openLive({ runs: [runAt(1, -7200, { status: 'running' }), runAt(2, -7000)] });
    const clients = [watchRuns(test.gateway)];
    await test.clock.pass(20_000);
    clients.push(watchRuns(test.gateway));
    await test.clock.pass(1000);
    test.store.update(mixedRunId(1), { status: 'failed', stop_reason: 'error' });
    await test.clock.pass(20_000);
    const told = clients.map(({ events }) => events.map((event) => `${event.kind} ${event.runId}`));
    expect(told).toEqual([1, 2].map(() => [`UPDATED ${mixedRunId(1)}`]));
  });

  it('asks together for idle lists of one caller, and a new run is told within a few seconds', async () => {
    await using test = await openLive({ runs: [runAt(1, -3600)] });
    const clients = Array.from({ length: 50 }, (_, number) =>
      watchRuns(test.gateway, number === 0 ? '' : `agentId: "agent-${number}"`),
    );
    await test.clock.pass(45_000);
    expect(await requestsIn(test, 60_000)).toBeLessThanOrEqual(50 * 3 * 5 + 150);
    test.store.insert([runAt(2, 1005, { agent_id: 'agent-1' })]);
    await test.clock.pass(4000);
    expect(clients.map(({ events }) => events.length)).toEqual([
      1,
      1,
      ...Array.from({ length: 48 }, () => 0),
    ]);
  });

  it('pauses after a 429 for all lists of its caller, and for no other caller', async () => {
    let isRefused = false;
    const script: Script = ({ headers }, next) =>
      isRefused && headers.authorization === 'Bearer one'
        ? { status: 429, headers: { 'retry-after': '20' }, body: {} }
        : next();
    await using test = await openLive({ script });
    const clients = ['', 'active: true', `agentId: "${agentId(1)}"`].map((args) =>
      watchRuns(test.gateway, args, { headers: as('one') }),
    );
    await test.clock.pass(5000);
    const usual = await requestsIn(test, 10_000);
    isRefused = true;
    await test.clock.pass(2000);
    expect(await requestsIn(test, 15_000)).toBe(0);
    // Whoever comes meanwhile is told at once, without a request.
    const late = watchRuns(test.gateway, 'background: true', { headers: as('one') });
    expect(await requestsIn(test, 10)).toBe(0);
    expect(late.error).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) });
    const other = watchRuns(test.gateway, '', { headers: as('two') });
    expect(await requestsIn(test, 10)).toBeGreaterThan(0);
    isRefused = false;
    await test.clock.pass(20_000);
    test.store.insert([runAt(2, 960)]);
    await test.clock.pass(5000);
    expect(clients.map(({ events, error }) => [events.length, error])).toEqual([
      [1, undefined],
      [0, undefined],
      [1, undefined],
    ]);
    await other.close();
    await test.clock.pass(300_000);
    expect(await requestsIn(test, 10_000)).toBeGreaterThan(usual * 0.8);
    // However many have come before, each slows polling down no more than the first.
    for (const ms of [300_000, 300_000, 30_000]) {
      isRefused = true;
      await test.clock.pass(5000);
      isRefused = false;
      await test.clock.pass(ms);
    }
    expect(await requestsIn(test, 10_000)).toBeGreaterThan(usual * 0.3);
  });

  it.each([
    ['a position that is gone', new VanishedPositionError('run-1'), 'told'],
    ['too much memory', heldTooMuch(), 'told'],
    ['an upstream that fails', new UpstreamError('UPSTREAM_ERROR', 'no'), 'told'],
    ['a refusal', new UpstreamError('FORBIDDEN', 'no'), 'ended'],
    ['an error of its own', new TypeError('no'), 'ended'],
  ])('goes on, or ends the stream, after %s: %#', async (_what, error, outcome) => {
    const clock = stopClock();
    let polls = 0;
    const waiting: { readonly event: string }[] = [];
    const events = readPolled(waiting, async () => {
      polls++;
      if (polls === 2) throw error;
      if (polls === 3) waiting.push({ event: 'told' });
      return { isBusy: true };
    });
    const next = events.next().then(
      ({ value }) => value,
      () => 'ended',
    );
    expect(await clock.until(next)).toBe(outcome);
    await events.return?.();
  });

  it('gives a client whose token is removed none of the events that wait', async () => {
    stopClock();
    const events = readPolled([{ event: 'read' }, { event: 'waits' }]);
    expect(await events.next()).toEqual({ done: false, value: 'read' });
    const reason = new Error('Revoked');
    events.end(reason);
    await expect(events.next()).rejects.toMatchObject({ cause: reason });
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  it('asks no more for a client whose stream was ended, although it never reads the end', async () => {
    const clock = stopClock();
    let polls = 0;
    const events = readPolled([], async () => {
      polls++;
      return { isBusy: true };
    });
    await clock.pass(3000);
    events.end(new Error('Revoked'));
    const before = polls;
    await clock.pass(60_000);
    expect([before > 0, polls]).toEqual([true, before]);
  });

  it('slows down after a 429 for many lists at once no more than after one for a single list', () => {
    stopClock();
    const refused = new UpstreamError('RATE_LIMITED', 'Too many', { retryAfterMs: 5000 });
    const [one, many] = [new Backoff(), new Backoff()];
    one.failed(refused);
    for (let count = 0; count < 10; count++) many.failed(refused);
    expect([many.factor, many.pauseMs]).toEqual([one.factor, one.pauseMs]);
  });

  it('refuses while it pauses after a 429, and says for how many whole milliseconds', () => {
    stopClock();
    const backoff = new Backoff();
    backoff.failed(new UpstreamError('RATE_LIMITED', 'Too many', { retryAfterMs: 5000.25 }));
    const extensions = { retryAfterMs: 5001 };
    expect(() => backoff.check()).toThrow(
      expect.objectContaining({ extensions: expect.objectContaining(extensions) }),
    );
  });

  it('goes on in one project after a 429 in another project of the account', async () => {
    const script: Script = ({ headers }, next) =>
      headers['x-project'] === 'a' ? { status: 429, headers: { 'retry-after': '20' }, body: {} } : next();
    await using test = await openLive({ script });
    const [refused, other] = ['a', 'b'].map((project) =>
      watchRuns(test.gateway, '', { headers: { ...as('one'), 'x-project': project } }),
    );
    await test.clock.pass(3000);
    const late = watchRuns(test.gateway, 'background: true', { headers: { ...as('one'), 'x-project': 'b' } });
    await test.clock.pass(1000);
    test.store.insert([runAt(2, 910, { background: true })]);
    await test.clock.pass(3000);
    expect(refused?.error).toMatchObject({ code: 'RATE_LIMITED' });
    for (const client of [other, late]) {
      expect([client?.error, client?.events.map(({ runId: id }) => id)]).toEqual([
        undefined,
        [mixedRunId(2)],
      ]);
    }
  });

  it('of a run ends with a 429 for its metrics', async () => {
    await using test = await openLive({
      runs: [runAt(1, 899)],
      script: ({ path }, next) => (path.endsWith('/metrics') ? { status: 429, body: {} } : next()),
    });
    const client = watch(test.gateway, `subscription { runUpdates(id: "${RUNNING.id}") { status } }`);
    await test.clock.pass(1000);
    expect(client.error).toMatchObject({ code: 'RATE_LIMITED' });
  });

  it.each<[string, Script, object]>([
    ['refuses the caller', () => ({ status: 403, body: {} }), { code: 'FORBIDDEN' }],
    [
      'ignores a filter',
      (_request, next) => next({ query: new URLSearchParams('limit=1') }),
      { code: 'UPSTREAM_INVALID_RESPONSE', ignoredArguments: ['agentId'] },
    ],
  ])('ends at once when the upstream %s', async (_what, script, error) => {
    await using test = await openLive();
    const client = watchRuns(test.gateway, `agentId: "${agentId(2)}"`);
    await test.clock.pass(3000);
    test.upstream.script = script;
    await test.clock.pass(3000);
    expect(client.error).toMatchObject(error);
  });

  it('goes on for a minute while the upstream fails; then the stream ends with a cursor to go on from', async () => {
    let isDown = false;
    await using test = await openLive({
      script: (_request, next) => (isDown ? { status: 500, body: {} } : next()),
    });
    const client = watchRuns(test.gateway);
    await test.clock.pass(3000);
    isDown = true;
    await test.clock.pass(45_000);
    expect(client.error).toBeUndefined();
    const newcomer = watchRuns(test.gateway);
    await test.clock.pass(16_000);
    expect(newcomer.error).toMatchObject({ retryable: true });
    await test.clock.pass(60_000);
    expect(client.error).toMatchObject({ retryable: true, cursor: expect.any(String) });
    isDown = false;
    test.store.insert([runAt(2, 1000)]);
    await test.clock.pass(60_000);
    const again = watchRuns(test.gateway, '', { after: String(client.error?.['cursor']) });
    await test.clock.pass(2000);
    expect(again.events.map((event) => event.runId)).toEqual([mixedRunId(2)]);
  });

  it('goes on after failures that are short, however many, and tells what came meanwhile at once', async () => {
    let isDown = false;
    const script: Script = ({ query }, next) =>
      isDown && query.get('limit') !== '1' ? { status: 503, body: {} } : next();
    await using test = await openLive({ runs: [runAt(1, -3600)], script });
    const client = watchRuns(test.gateway);
    for (const number of [2, 3, 4, 5]) {
      // Each at another time of the full polls, of which there are four a minute.
      await test.clock.pass(61_000 + 2000 * number);
      isDown = true;
      test.store.insert([runAt(number, 900 + 70 * number)]);
      await test.clock.pass(2500);
      isDown = false;
      await test.clock.pass(4000);
      expect(client.events.at(-1)?.runId).toBe(mixedRunId(number));
    }
    expect(client.error).toBeUndefined();
  });

  it('tells a client that came during a poll if the next poll fails', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    let answer: Script = (_request, next) => next();
    await using test = await openLive({ script: (request, next) => answer(request, next) });
    const first = watchRuns(test.gateway);
    await test.clock.pass(2000);
    answer = async (_request, next) => {
      await held;
      return next();
    };
    await test.clock.pass(2000);
    const late = watchRuns(test.gateway);
    await test.clock.pass(100);
    answer = (_request, next) => next();
    release();
    await test.clock.pass(100);
    answer = () => ({ status: 503, body: {} });
    await test.clock.pass(5000);
    expect([first.error, late.error?.['code']]).toEqual([undefined, 'UPSTREAM_UNAVAILABLE']);
  });

  it('brings the events of others with the same key although the upstream never sends a list', async () => {
    const script: Script = ({ url }, next) => (url.includes('dead') ? HANGS : next());
    const config = { apiKey: 'key', accessTokens: ['honest:h', 'hostile:x'] };
    await using test = await openLive({ script, config });
    const client = watchRuns(test.gateway, '', { headers: as('h') });
    const leaving = watchRuns(test.gateway, 'agentId: "agent-dead"', { headers: as('x') });
    await test.clock.pass(2000);
    await leaving.close();
    await test.clock.pass(100);
    const abandoned = test.upstream.requests.filter(({ url }) => url.includes('dead'));
    expect(abandoned.map(({ signal }) => signal.aborted)).toEqual([true, true]);
    for (let round = 0; round < 30; round++) {
      const agent = `agent-dead0000-0000-4000-8000-${String(round).padStart(12, '0')}`;
      watchRuns(test.gateway, `agentId: "${agent}"`, { headers: as('x') });
      await test.clock.pass(100);
    }
    test.store.insert([runAt(2, 905)]);
    await test.clock.pass(4000);
    expect(client.events.map((event) => event.runId)).toEqual([mixedRunId(2)]);
    test.gateway.startDraining(0);
    await test.clock.pass(1000);
  });
});

describe('runEvents and cancelRuns while a proxy answers 404 by a page', () => {
  const PAGE = { status: 404, headers: { 'content-type': 'text/plain' }, body: '404 page not found' };

  it('a stream goes on, and no run is said to be gone', async () => {
    let isDown = false;
    await using test = await openLive({ script: (_request, next) => (isDown ? PAGE : next()) });
    const list = watchRuns(test.gateway);
    const run = watch(test.gateway, `subscription { runUpdates(id: "${RUNNING.id}") { status } }`);
    await test.clock.pass(3_000);
    isDown = true;
    await test.clock.pass(10_000);
    const asked = await test.execute(`{ run(id: "${RUNNING.id}") { id } }`);
    expect(asked.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_REJECTED' } }]);
    isDown = false;
    test.store.update(RUNNING.id, {
      status: 'failed',
      stop_reason: 'error',
      total_duration_ns: 5,
      run_ns: 5,
    });
    await test.clock.pass(20_000);
    expect(list.events.map(({ run: now }) => now?.['status'])).toEqual(['FAILED']);
    expect(run.values.at(-1)).toEqual({ status: 'FAILED' });
  });

  it('a run that was sent a request to cancel is not said to be none', async () => {
    await using test = await openLive();
    let isDown = false;
    test.upstream.script = (request, next) => {
      const answer = isDown ? PAGE : next();
      isDown ||= request.method === 'POST';
      return answer;
    };
    const { data } = await test.clock.until(cancel(test, [RUNNING.id]));
    expect(data?.cancelRuns?.failures).toMatchObject([{ code: 'OUTCOME_UNKNOWN' }]);
  });
});

it('runEvents ends where the upstream asks to wait for a day', async () => {
  let isRefused = false;
  const refused = { status: 429, headers: { 'retry-after': '86400' }, body: {} };
  await using test = await openLive({ script: (_request, next) => (isRefused ? refused : next()) });
  const client = watchRuns(test.gateway);
  await test.clock.pass(3_000);
  isRefused = true;
  await test.clock.pass(3_000);
  isRefused = false;
  const late = watchRuns(test.gateway, 'active: true');
  await test.clock.pass(1_000);
  for (const { error } of [client, late]) expect(error).toMatchObject({ code: 'RATE_LIMITED' });
  // It may be a mistake: after two hours, streams begin again.
  await test.clock.pass(7_200_000);
  const again = watchRuns(test.gateway);
  await test.clock.pass(3_000);
  expect(again.error).toBeUndefined();
});
