import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ask, headersOf } from '../../support/ask.ts';
import { stopClock } from '../../support/clock.ts';
import { graphqlRequest } from '../../support/execute.ts';
import { status } from '../../support/faults.ts';
import { forAll } from '../../support/for-all.ts';
import { openGatewayOver } from '../../support/open-gateway.ts';
import { HANGS, type UpstreamAnswer } from '../../support/scripted-upstream.ts';

const TIMEOUT_MS = 10_000;
const SERVED = { data: { runs: { nodes: [] } } };
const EMPTY: UpstreamAnswer = { body: [] };

let token = 0;
const opened = await forAll(openGatewayOver(() => EMPTY, { upstreamTimeoutMs: TIMEOUT_MS }));

const page = (first: number): string => `{ runs(first: ${first}) { nodes { id } } }`;

/** Lets the upstream answer the requests of one more caller by their numbers from 1 on. */
function answering(answer: (number: number) => UpstreamAnswer | Promise<UpstreamAnswer>) {
  const clock = stopClock();
  const start = performance.now();
  const times: number[] = [];
  const caller = `caller-${token++}`;
  opened.upstream.script = (request) => {
    if (request.headers.authorization !== `Bearer ${caller}`) return EMPTY;
    times.push(performance.now() - start);
    return answer(times.length);
  };
  const send = (query = page(1), signal?: AbortSignal) => ask(opened.gateway, caller, query, signal);
  return {
    caller,
    clock,
    /** When requests came, in milliseconds from now on. */
    times,
    send,
  };
}

describe('A request to the upstream that fails for a moment', () => {
  it('is sent again after a random time of up to 100 ms, and then of up to 200 ms', async () => {
    const waits: [number, number][] = [];
    for (let query = 0; query < 40; query++) {
      const { clock, times, send } = answering(() => status(503));
      await clock.until(send());
      const [first = 0, second = 0, third = 0] = times;
      waits.push([second - first, third - second]);
      vi.useRealTimers();
    }
    for (const [index, ms] of [100, 200].entries()) {
      const some = waits.map((each) => each[index] ?? 0);
      expect(Math.max(...some)).toBeLessThanOrEqual(ms);
      expect(Math.max(...some)).toBeGreaterThan(ms / 2);
      expect(new Set(some).size).toBeGreaterThan(10);
    }
  });

  it('ends at UPSTREAM_TIMEOUT_MS, with all attempts', async () => {
    const { clock, times, send } = answering((number) => (number === 1 ? status(503) : HANGS));
    const start = Date.now();
    const answer = await clock.until(send());
    expect(answer).toMatchObject({ errors: [{ extensions: { code: 'UPSTREAM_TIMEOUT' } }] });
    expect(Date.now() - start).toBe(TIMEOUT_MS);
    expect(times).toHaveLength(2);
  });

  it.each([
    ['during an attempt', HANGS, 1],
    ['between two attempts', status(503, { 'retry-after': '5' }), 1],
  ])('is not sent again after its client has left: %s', async (_name, answer, attempts) => {
    const { clock, times, send } = answering(() => answer);
    const client = new AbortController();
    const left = send(page(1), client.signal).catch(() => undefined);
    await clock.pass(100);
    client.abort();
    await left;
    await clock.pass(TIMEOUT_MS);
    expect(times).toHaveLength(attempts);
    expect(opened.upstream.requests.at(-1)?.signal.aborted).toBe(answer === HANGS);
  });

  it('is sent again for a fifth of the calls of its caller and ten times more, and no oftener', async () => {
    let isFailing = false;
    const { clock, times, send } = answering(() => (isFailing ? status(503) : EMPTY));
    const calls = 300;
    for (let call = 0; call < calls; call++) {
      // More are served than fail, for which the breaker would open.
      isFailing = call % 4 === 0;
      await clock.until(send());
    }
    const retries = times.length - calls;
    expect(retries).toBeGreaterThan(calls / 5);
    expect(retries).toBeLessThanOrEqual(10 + calls / 5);
    const { registry } = opened.gateway.metrics;
    const withheld = registry.getSingleMetricAsString('runs_gateway_upstream_retries_withheld_total');
    expect(await withheld).toMatch(/ [1-9]\d*$/);
    // What one has used up, another one still has.
    const other = answering(() => status(503));
    await other.clock.until(other.send());
    expect(other.times).toHaveLength(3);
  });
});

const MAX_MS = 7_200_000;

describe('Retry-After of a 429', () => {
  const after = (text: string, ms?: number): [Record<string, string>, number | undefined] => [
    { 'retry-after': text },
    ms,
  ];
  it.each<[headers: Record<string, string>, ms: number | undefined]>([
    after(' 7 ', 7000),
    after('1.2', 1200),
    after('Sat, 31 Jan 2026 09:30:05 GMT', 5000),
    after('Sat, 31 Jan 2026 09:29:05 GMT', 0),
    // At most two hours, since it may be a mistake, and timers take only so much.
    after('9'.repeat(20), MAX_MS),
    after('soon'),
  ])('%j is %s ms, before which no request is sent again', async (headers, ms) => {
    const { clock, times, send } = answering((number) => (number === 1 ? status(429, headers) : EMPTY));
    vi.setSystemTime('2026-01-31T09:30:00Z');
    const answer = await clock.until(send());
    const [first = 0, second = 0] = times;
    if (ms !== undefined && ms < TIMEOUT_MS) {
      expect(answer).toEqual(SERVED);
      expect(second - first).toBeGreaterThanOrEqual(ms);
      expect(second - first).toBeLessThanOrEqual(ms + 100);
    } else {
      expect(times).toHaveLength(1);
      expect(answer.errors?.[0]?.extensions?.['retryAfterMs']).toBe(ms);
    }
  });

  it.each([
    ['20', '50'],
    ['50', '20'],
  ])('is for clients the longest one of all fields: %s and %s', async (one, other) => {
    const { caller, clock } = answering((number) =>
      status(429, { 'retry-after': number === 1 ? one : other }),
    );
    const request = graphqlRequest(
      { query: '{ one: runs(first: 1) { nodes { id } } other: runs(first: 2) { nodes { id } } }' },
      headersOf(caller),
    );
    const { headers } = await clock.until(opened.gateway.fetch(request));
    expect(headers.get('retry-after')).toBe('50');
  });

  it('holds back the other requests of the same caller, which then succeed, and of no other caller', async () => {
    const { caller, clock, times, send } = answering((number) =>
      number === 1 ? status(429, { 'retry-after': '3' }) : EMPTY,
    );
    const first = send();
    await clock.pass(100);
    // More than there are retries.
    const others = Array.from({ length: 30 }, (_, n) => send(page(n + 2)));
    await clock.pass(100);
    expect(times).toHaveLength(1);
    expect(await ask(opened.gateway, 'another', page(1))).toEqual(SERVED);
    void ask(opened.gateway, `${caller}/project`, page(1));
    await clock.pass(0);
    expect(times).toHaveLength(2);
    const answers = await clock.until(Promise.all([first, ...others]));
    expect(answers).toEqual(answers.map(() => SERVED));
    expect(times).toHaveLength(33);
    expect(times[2]).toBeGreaterThanOrEqual(3000);
  });

  it('is not cut short by the answer to another request', async () => {
    const { clock, times, send } = answering((number) =>
      number <= 2 ? status(429, { 'retry-after': number === 1 ? '5' : '1' }) : EMPTY,
    );
    const answers = await clock.until(Promise.all([send(page(1)), send(page(2))]));
    expect(answers).toEqual([SERVED, SERVED]);
    expect(times[2]).toBeGreaterThanOrEqual(5000);
  });

  it('holds no request back if it is longer than a request can wait', async () => {
    const { clock, times, send } = answering((number) =>
      number === 1 ? status(429, { 'retry-after': '3600' }) : EMPTY,
    );
    await clock.until(send());
    expect(await clock.until(send())).toEqual(SERVED);
    expect(times).toHaveLength(2);
  });
});

it('UPSTREAM_TIMEOUT_MS may end a request while it waits to be sent again', async () => {
  const { clock, times, send } = answering(async () => {
    await new Promise((resolve) => setTimeout(resolve, TIMEOUT_MS - 1_000));
    return status(503, { 'retry-after': '2' });
  });
  // In a busy process a timer may be early by the time that the loop has taken.
  vi.spyOn(performance, 'now').mockReturnValue(performance.now());
  onTestFinished(() => void vi.restoreAllMocks());
  expect(await clock.until(send())).toMatchObject({ errors: [{ extensions: { code: 'UPSTREAM_TIMEOUT' } }] });
  expect(times).toHaveLength(1);
});

it('The header retry-after is left out where a request would fail again', async () => {
  opened.upstream.script = () => status(403);
  for (const query of [page(1), '{ nope }', '{']) {
    const request = graphqlRequest({ query }, headersOf(`told-${token++}`));
    expect((await opened.gateway.fetch(request)).headers.has('retry-after')).toBe(false);
  }
});

it.each(['application/json', 'text/event-stream', 'multipart/mixed'])(
  'The header retry-after and retryAfterMs say when to try again, in an answer of %s',
  async (accept) => {
    opened.upstream.script = () => status(429, { 'retry-after': '3600.25' });
    const query = `{ __typename ${page(1).slice(1)}`;
    const request = graphqlRequest({ query }, { accept, ...headersOf(`told-${token++}`) });
    const response = await opened.gateway.fetch(request);
    expect(response.headers.get('retry-after')).toBe('3601');
    expect(await response.text()).toContain('"retryAfterSeconds":3601,"retryAfterMs":3600250');
  },
);
