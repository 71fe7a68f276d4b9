import { setImmediate as turn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { UpstreamError } from '../../../src/errors/upstream-error.ts';
import { type Breaker, createBreaker } from '../../../src/upstream/http/breaker.ts';

const PATIENCE_MS = 1_000;
const HALF_OPEN_AFTER_MS = 5_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'Date', 'setTimeout', 'clearTimeout'] });
  // An entry of lru-cache that was made at the instant 0 never ends.
  vi.advanceTimersByTime(1);
  return () => vi.useRealTimers();
});

const ENDS = ['answer', 'down', 'timeout', 'refused', 'aborted'] as const;
type End = (typeof ENDS)[number];

function endOf(end: End): Error | null {
  if (end === 'down') return new UpstreamError('UPSTREAM_UNAVAILABLE', 'down');
  if (end === 'timeout') return new UpstreamError('UPSTREAM_TIMEOUT', 'timeout');
  if (end === 'refused') return new UpstreamError('UPSTREAM_REJECTED', 'refused', { status: 414 });
  return end === 'aborted' ? new DOMException('aborted', 'AbortError') : null;
}

/** What happens next: a caller sends a request, one of its requests ends, or time passes. */
type Step =
  | { readonly kind: 'send'; readonly caller: number; readonly isUnusual: boolean }
  | { readonly kind: 'end'; readonly caller: number; readonly end: End }
  | { readonly kind: 'wait'; readonly ms: number };

function start(): { breaker: Breaker; openNow: () => number } {
  let openNow = 0;
  const onChange = (_change: string, open: number): void => void (openNow = open);
  return { breaker: createBreaker({ patienceMs: PATIENCE_MS, onChange }), openNow: () => openNow };
}

/** The steps of these callers as they went: for each request `sent`, or the seconds after which to come again. */
async function walk(breaker: Breaker, steps: readonly Step[], callers: readonly number[]): Promise<string[]> {
  const answers: string[] = [];
  const inFlight = new Map(callers.map((caller) => [caller, [] as PromiseWithResolvers<string>[]]));
  for (const step of steps) {
    if (step.kind === 'wait') {
      vi.advanceTimersByTime(step.ms);
      continue;
    }
    const own = inFlight.get(step.caller);
    if (own === undefined) continue;
    if (step.kind === 'end') {
      const error = endOf(step.end);
      if (error === null) own.shift()?.resolve('answer');
      else own.shift()?.reject(error);
      await turn();
      continue;
    }
    const request = { caller: `caller ${step.caller}`, isUnusual: step.isUnusual };
    const task = Promise.withResolvers<string>();
    let isSent = false;
    const run = breaker.run(() => {
      isSent = true;
      own.push(task);
      return task.promise;
    }, request);
    const refusal = run.catch((error: unknown) => error);
    const answer = isSent ? 'sent' : ((await refusal) as UpstreamError).retryAfterSeconds;
    answers.push(`${step.caller}: ${answer}`);
  }
  return answers;
}

const CALLERS = 4;
const caller = fc.nat({ max: CALLERS - 1 });
const repeated = (step: fc.Arbitrary<Step>): fc.Arbitrary<Step[]> =>
  fc
    .tuple(step, fc.integer({ min: 1, max: 12 }))
    .map(([one, times]) => Array.from({ length: times }, () => one));
const sends = fc.record({
  kind: fc.constant('send' as const),
  caller,
  isUnusual: fc.nat({ max: 9 }).map((n) => n === 0),
});
const ends = fc.record({
  kind: fc.constant('end' as const),
  caller,
  end: fc.oneof({ weight: 2, arbitrary: fc.constant('down' as const) }, fc.constantFrom(...ENDS)),
});
const waits = fc.record({
  kind: fc.constant('wait' as const),
  ms: fc.constantFrom(1, 100, 999, 1_000, 2_500, HALF_OPEN_AFTER_MS - 1, HALF_OPEN_AFTER_MS, 61_000),
});
const walks = fc
  .array(
    fc.oneof(
      repeated(sends),
      repeated(ends),
      waits.map((wait) => [wait]),
    ),
    { minLength: 80, maxLength: 200 },
  )
  .map((parts) => parts.flat());

const request = (name: string) => ({ caller: name, isUnusual: false });

async function fail(breaker: Breaker, name: string, times: number): Promise<void> {
  for (let call = 0; call < times; call++) {
    await breaker
      .run(() => Promise.reject(endOf('down') ?? new Error('x')), request(name))
      .catch(() => undefined);
  }
}

describe('The breakers of callers', () => {
  it('answer each of them as if it were alone, whatever the others meet', async () => {
    const seen = { sent: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(walks, async (steps) => {
        const everybody = Array.from({ length: CALLERS }, (_, number) => number);
        const together = await walk(start().breaker, steps, everybody);
        for (const number of everybody) {
          const alone = await walk(start().breaker, steps, [number]);
          expect(together.filter((answer) => answer.startsWith(`${number}:`))).toEqual(alone);
        }
        for (const answer of together) seen[answer.endsWith('sent') ? 'sent' : 'refused']++;
      }),
      { numRuns: 100 },
    );
    expect(seen.sent).toBeGreaterThan(1_000);
    expect(seen.refused).toBeGreaterThan(1_000);
  });

  it('let one be served while another fails for longer than anybody else has been served', async () => {
    const { breaker } = start();
    expect(await breaker.run(async () => 'answer', request('victim'))).toBe('answer');
    for (let second = 0; second < 60; second++) {
      vi.advanceTimersByTime(1_000);
      // From the sixth second on also as probes, which fail.
      await fail(breaker, 'failing', 20);
      if (second >= 6) expect(await breaker.run(async () => 'answer', request('victim'))).toBe('answer');
    }
  });

  it('let one be served while two others fail in turn', async () => {
    const { breaker } = start();
    for (let round = 0; round < 200; round++) {
      await fail(breaker, 'failing', 1);
      await fail(breaker, 'failing as well', 1);
      expect(await breaker.run(async () => 'answer', request('victim'))).toBe('answer');
      vi.advanceTimersByTime(100);
    }
  });

  it('are counted while they are open, and forgotten after a minute without requests', async () => {
    const { breaker, openNow } = start();
    for (const name of ['one', 'two', 'three']) await fail(breaker, name, 10);
    expect(openNow()).toBe(3);
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS);
    await breaker.run(async () => 'back', request('one'));
    expect(openNow()).toBe(2);
    vi.advanceTimersByTime(50_000);
    await fail(breaker, 'two', 1);
    vi.advanceTimersByTime(10_000);
    expect(openNow()).toBe(1);
    vi.advanceTimersByTime(51_000);
    expect(openNow()).toBe(0);
    // A forgotten one begins as any other.
    await fail(breaker, 'three', 9);
    expect(openNow()).toBe(0);
    vi.advanceTimersByTime(61_000);
    await fail(breaker, 'three', 9);
    expect(openNow()).toBe(0);
  });

  it('stay open whatever number of others fail a few times', async () => {
    const { breaker, openNow } = start();
    await fail(breaker, 'one', 10);
    for (let made = 0; made < 20_000; made++) await fail(breaker, `made up ${made}`, 1);
    expect(() => breaker.check(request('one'))).toThrow('The breaker is open');
    expect(openNow()).toBe(1);
  });

  it('are at most 10,000: beyond, the one that was away longest is closed', async () => {
    const { breaker, openNow } = start();
    await fail(breaker, 'away', 10);
    await fail(breaker, 'there', 10);
    for (let made = 0; made < 10_000; made++) {
      await fail(breaker, `made up ${made}`, 10);
      if (made % 1_000 === 0) expect(() => breaker.check(request('there'))).toThrow('The breaker is open');
    }
    expect(openNow()).toBe(10_000);
    expect(() => breaker.check(request('away'))).not.toThrow();
    expect(() => breaker.check(request('there'))).toThrow('The breaker is open');
  });
});
