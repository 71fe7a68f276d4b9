import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { execute } from '../support/execute.ts';
import { answerWith, type RawAnswer, type RawUpstream, startRawUpstream } from '../support/raw-upstream.ts';
import { postJson, TRANSPORTS } from '../support/transports.ts';

const PAGE = '{ runs { nodes { id } } }';
const limited = (headers: Record<string, string>): RawAnswer => answerWith(429, '{}', headers);

/** Answers the first request as given, and the others by an empty list; notes when they came. */
async function limitingOnce(first: RawAnswer): Promise<RawUpstream & { readonly times: number[] }> {
  const times: number[] = [];
  const upstream = await startRawUpstream((socket, request) => {
    times.push(performance.now());
    if (request.number === 1) first(socket, request);
    else answerWith(200, '[]')(socket, request);
  });
  return Object.assign(upstream, { times });
}

const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toUTCString();

describe('A request that is answered 429', () => {
  it.each<[string, () => Record<string, string>, number]>([
    ['seconds', () => ({ 'retry-after': '1' }), 1000],
    ['milliseconds', () => ({ 'retry-after-ms': '120' }), 120],
    [
      'a date by a clock that is off',
      () => ({ date: inSeconds(-3600), 'retry-after': inSeconds(-3599) }),
      900,
    ],
  ])(
    'is made again when the time is over that it names in %s, and not before',
    async (_name, headers, ms) => {
      await using upstream = await limitingOnce((socket, request) => limited(headers())(socket, request));
      await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
      expect(await execute(gateway, PAGE)).toEqual({ data: { runs: { nodes: [] } } });
      const [first = 0, second = 0] = upstream.times;
      expect(second - first).toBeGreaterThanOrEqual(ms);
      expect(upstream.times).toHaveLength(2);
    },
  );

  it('keeps other requests of the same caller waiting, which then succeed, and none of another', async () => {
    await using upstream = await limitingOnce(limited({ 'retry-after': '1' }));
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    const query = (first: number, authorization: string) =>
      execute(gateway, `{ runs(first: ${first}) { nodes { id } } }`, undefined, { authorization });
    const own = [query(1, 'Bearer one')];
    await expect.poll(() => upstream.heads.length).toBe(1);
    await sleep(50);
    // More than there are retries.
    for (let first = 2; first < 30; first++) own.push(query(first, 'Bearer one'));
    expect(await query(1, 'Bearer two')).toEqual({ data: { runs: { nodes: [] } } });
    expect(await Promise.all(own)).toEqual(own.map(() => ({ data: { runs: { nodes: [] } } })));
    const [told = 0, ...others] = upstream.times.filter((_time, index) =>
      upstream.heads[index]?.includes('Bearer one'),
    );
    expect(Math.min(...others) - told).toBeGreaterThanOrEqual(1000);
    expect(others).toHaveLength(29);
  });

  it('is retried at once where it names a past date, and not where it names none', async () => {
    await using past = await limitingOnce(limited({ 'retry-after': inSeconds(-60) }));
    await using gateway = await createGateway({ upstreamUrl: past.baseUrl });
    expect(await execute(gateway, PAGE)).toEqual({ data: { runs: { nodes: [] } } });
    await using silent = await limitingOnce(limited({}));
    await using other = await createGateway({ upstreamUrl: silent.baseUrl });
    expect(await execute(other, PAGE)).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
    expect(silent.times).toHaveLength(1);
  });
});

describe('What the upstream says about retries by x-should-retry', () => {
  it.each([
    [500, 'false', 1],
    [429, 'true', 3],
    [500, 'perhaps', 3],
  ])('of %s: %s makes %s attempts', async (status, header, attempts) => {
    await using upstream = await startRawUpstream(answerWith(status, '{}', { 'x-should-retry': header }));
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    await execute(gateway, PAGE);
    expect(upstream.heads).toHaveLength(attempts);
  });
});

describe.each(['listener', 'fetch'] as const)('By %s, a client is told when to try again', (way) => {
  it.each([
    'application/json',
    'application/graphql-response+json',
    'text/event-stream',
    // Yoga answers it.
    'multipart/mixed',
  ])('by the header and to the millisecond, in an answer of %s', async (accept) => {
    await using upstream = await startRawUpstream(limited({ 'retry-after-ms': '3600500' }));
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    await using transport = await TRANSPORTS[way](gateway);
    const answer = await postJson(transport, JSON.stringify({ query: `${PAGE.slice(0, -1)} __typename }` }), {
      accept,
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('retry-after')).toBe('3601');
    const text = await answer.text();
    expect(text).toContain('"retryAfterSeconds":3601,"retryAfterMs":3600500');
    expect(text).toContain('"__typename":"Query"');
  });
});

it('An answer whose errors say nothing about time has no Retry-After', async () => {
  await using upstream = await startRawUpstream(answerWith(400, '{}'));
  await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
  await using transport = await TRANSPORTS.fetch(gateway);
  const answer = await postJson(transport, JSON.stringify({ query: PAGE }));
  expect(answer.headers.has('retry-after')).toBe(false);
});

it('The header is the latest of the times in an answer', async () => {
  await using upstream = await startRawUpstream((socket, request) => {
    const seconds = request.head.includes('limit=2') ? '200' : '100';
    limited({ 'retry-after': seconds })(socket, request);
  });
  await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
  await using transport = await TRANSPORTS.fetch(gateway);
  const query =
    '{ a: runs(first: 1) { nodes { id } } b: runs(first: 2) { nodes { id } } c: runs(first: 3) { nodes { id } } }';
  const answer = await postJson(transport, JSON.stringify({ query }));
  expect(answer.headers.get('retry-after')).toBe('200');
});
