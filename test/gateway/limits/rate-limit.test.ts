import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createRateLimiter } from '../../../src/access/rate-limiter.ts';
import { retryAfter } from '../../../src/errors/gateway-error.ts';
import type { GatewayOptions } from '../../../src/gateway-options.ts';
import { stopClock } from '../../support/clock.ts';
import { type Answer, graphqlRequest, type Headers } from '../../support/execute.ts';
import { openGateway } from '../../support/open-gateway.ts';

const NOTHING = '{ __typename }';
const page = (first: number): string => `{ runs(first: ${first}) { nodes { id } } }`;

/** A gateway with a clock that stands still, so that a minute lasts until the test lets it pass. */
async function open(config: GatewayOptions) {
  const clock = stopClock('2026-01-01T00:00:00Z');
  const opened = await openGateway({ config });
  const ask = async (
    query: string,
    headers: Headers = {},
  ): Promise<readonly [number, Answer<Record<string, unknown>>, Response]> => {
    const request = graphqlRequest({ query }, { authorization: 'Bearer one', ...headers });
    const response = await opened.gateway.fetch(request);
    return [response.status, await response.json(), response];
  };
  const statusOf = async (query: string, headers: Headers = {}): Promise<number> =>
    (await ask(query, headers))[0];
  return { ...opened, clock, ask, statusOf };
}

describe('RATE_LIMIT', () => {
  it.each(['application/json', 'application/graphql-response+json'])(
    'refuses a caller beyond it with 429, and says when to come back, as %s',
    async (accept) => {
      await using test = await open({ rateLimit: 3 });
      const mine = { accept, 'x-request-id': 'request-1' };
      for (let count = 0; count < 3; count++) {
        expect((await test.ask(NOTHING, mine)).slice(0, 2)).toEqual([200, { data: { __typename: 'Query' } }]);
      }
      await test.clock.pass(12_500);
      const [status, answer, response] = await test.ask(NOTHING, mine);
      expect([status, response.headers.get('retry-after')]).toEqual([429, '48']);
      expect(response.headers.get('content-type')).toContain(accept);
      expect(answer).toEqual({
        errors: [
          {
            message: 'The limit of 3 units of cost a minute is exceeded for the next 48 s.',
            extensions: {
              code: 'RATE_LIMITED',
              requestId: 'request-1',
              retryable: true,
              retryAfterSeconds: 48,
              retryAfterMs: 47_500,
            },
          },
        ],
      });
      const metrics = await test.gateway.metrics.registry.metrics();
      expect(metrics).toContain('runs_gateway_rate_limited_operations_total 1\n');
      expect(metrics).toContain('runs_gateway_operations_total{code="RATE_LIMITED"} 1\n');
      await test.clock.pass(47_500);
      expect(await test.statusOf(NOTHING, mine)).toBe(200);
    },
  );

  it('is one for each credentials, and for all callers without, whatever project they name', async () => {
    await using test = await open({ rateLimit: 2, forwardHeaders: ['x-tenant'] });
    expect(await test.statusOf(NOTHING)).toBe(200);
    expect(await test.statusOf(NOTHING, { 'x-project': 'a' })).toBe(200);
    for (const headers of [{ 'x-project': 'b' }, { 'x-project-id': 'a' }, { 'x-tenant': 'a' }]) {
      expect(await test.statusOf(NOTHING, headers)).toBe(429);
    }
    for (const authorization of ['Bearer two', 'null', '']) {
      for (const status of [200, 200, 429])
        expect(await test.statusOf(NOTHING, { authorization })).toBe(status);
    }
  });

  it('is one for each access token, though they share the credentials upstream', async () => {
    await using test = await open({ accessTokens: ['one', 'two'], apiKey: 'key', rateLimit: 1 });
    expect(await test.statusOf(NOTHING)).toBe(200);
    expect(await test.statusOf(NOTHING)).toBe(429);
    expect(await test.statusOf(NOTHING, { authorization: 'Bearer two' })).toBe(200);
    // Whoever is denied spends nothing.
    expect(await test.statusOf(NOTHING, { authorization: 'Bearer three' })).toBe(401);
  });

  it.each<[string, rateLimit: number, asked: readonly string[], statuses: readonly number[]]>([
    ['what an operation costs', 300, [page(195), page(96), page(94), NOTHING], [200, 429, 200, 429]],
    ['1 for what is wrong, or costs nothing', 3, ['{ wrong }', '{', NOTHING, NOTHING], [200, 200, 200, 429]],
    ['1 for what is refused', 8, [page(1), page(4), NOTHING, NOTHING], [200, 429, 200, 429]],
    ['at most all of it', 10, [page(1000), NOTHING], [200, 429]],
    ['the work of introspection', 600, [getIntrospectionQuery(), getIntrospectionQuery()], [200, 429]],
    ['nothing in vain: what is beyond it is not parsed', 1, [NOTHING, '{ wrong'], [200, 429]],
  ])('charges %s', async (_name, rateLimit, asked, expected) => {
    await using test = await open({ rateLimit });
    const statuses: number[] = [];
    for (const query of asked) statuses.push(await test.statusOf(query));
    expect(statuses).toEqual(expected);
  });
});

it('RATE_LIMIT charges requests of streams at most a quarter of it, and sends them if as much remains', async () => {
  const limiter = createRateLimiter({ points: 100, duration: 60 }, () => undefined);
  const remaining: number[] = [];
  for (const isSent of [true, true, true, false]) {
    expect(await limiter.chargeRequests('one', 10)).toBe(isSent);
    remaining.push((await limiter.read('one', 1)).remaining);
  }
  expect(remaining).toEqual([75, 50, 25, 25]);
});

describe('Query.rateLimit', () => {
  const LIMIT = 'rateLimit { limit remaining resetAt cost }';

  it('tells each caller what is left after the operation itself, and until when', async () => {
    await using test = await open({ rateLimit: 1000 });
    const rateLimitOf = async (query: string, headers: Headers = {}): Promise<unknown> =>
      (await test.ask(query, headers))[1].data?.['rateLimit'];
    const left = { limit: 1000, remaining: 999, resetAt: '2026-01-01T00:01:00.000Z', cost: 1 };
    expect(await rateLimitOf(`{ ${LIMIT} }`)).toEqual(left);
    // 5 for the list, 10 for its rows, 1 for each of the two.
    const query = `{ runs(first: 10) { nodes { id } } again: ${LIMIT} ${LIMIT} }`;
    expect(await rateLimitOf(query)).toEqual({ ...left, remaining: 999 - 17, cost: 17 });
    expect(await rateLimitOf(`{ ${LIMIT} }`, { authorization: 'Bearer two' })).toEqual(left);
  });

  it('is null without a limit', async () => {
    await using test = await open({});
    expect((await test.ask(`{ ${LIMIT} }`))[1]).toEqual({ data: { rateLimit: null } });
  });
});

it.each([1, 999, 1000, 1001, 59_400])('retryAfterSeconds of %d ms is rounded up', (ms) => {
  const { retryAfterSeconds } = retryAfter(ms) ?? {};
  expect(Number(retryAfterSeconds) * 1000).toBeGreaterThanOrEqual(ms);
  expect(Number(retryAfterSeconds) * 1000).toBeLessThan(ms + 1000);
});
