import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import type { RateLimitState } from '../../src/loaders/context.ts';
import { createRateLimit } from '../../src/operations/rate-limit.ts';
import { type CallerKey, GATEWAY_ITSELF } from '../../src/upstream/credentials.ts';
import { execute } from '../support/execute.ts';
import { answerWith, startRawUpstream } from '../support/raw-upstream.ts';
import { postJson, TRANSPORTS } from '../support/transports.ts';

const TYPES = ['application/json', 'application/graphql-response+json'];
const QUERY = JSON.stringify({ query: '{ __typename }' });

describe.each(['listener', 'fetch'] as const)('By %s', (way) => {
  it.each(TYPES)('a caller beyond its rate limit gets 429 and when to come back, as %s', async (accept) => {
    await using upstream = await startRawUpstream(answerWith(200, '[]'));
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, rateLimit: 3 });
    await using transport = await TRANSPORTS[way](gateway);
    const send = (headers: Record<string, string>) => postJson(transport, QUERY, { accept, ...headers });
    const mine = { authorization: 'Bearer mine', 'x-request-id': 'request-1' };
    for (let number = 0; number < 3; number++) {
      expect(await (await send(mine)).json()).toEqual({ data: { __typename: 'Query' } });
    }
    const refused = await send(mine);
    expect(refused.status).toBe(429);
    const retryAfterSeconds = Number(refused.headers.get('retry-after'));
    expect(retryAfterSeconds).toBeGreaterThan(0);
    expect(retryAfterSeconds).toBeLessThanOrEqual(60);
    expect(refused.headers.get('content-type')).toContain(accept);
    expect(await refused.json()).toEqual({
      errors: [
        {
          message: `The limit of 3 units of cost a minute is exceeded. Try again in ${retryAfterSeconds} s.`,
          extensions: {
            code: 'RATE_LIMITED',
            requestId: 'request-1',
            retryable: true,
            retryAfterSeconds,
            retryAfterMs: expect.any(Number),
          },
        },
      ],
    });
    // Others are not affected, nor are those without credentials, who are one caller together.
    expect((await send({ authorization: 'Bearer yours' })).status).toBe(200);
    expect((await send({})).status).toBe(200);
    const metrics = await (await transport.send('/metrics')).text();
    expect(metrics).toContain('runs_gateway_rate_limited_operations_total 1\n');
    expect(metrics).toContain('runs_gateway_operations_total{code="RATE_LIMITED"} 1\n');
    expect(metrics).not.toContain('mine');
  });

  it('callers with access tokens have an allowance each, though they share the credentials upstream', async () => {
    await using upstream = await startRawUpstream(answerWith(200, '[]'));
    await using gateway = await createGateway({
      upstreamUrl: upstream.baseUrl,
      accessTokens: ['one', 'two'],
      apiKey: 'key',
      rateLimit: 1,
    });
    await using transport = await TRANSPORTS[way](gateway);
    const statusFor = async (token: string) =>
      (await postJson(transport, QUERY, { authorization: `Bearer ${token}` })).status;
    expect(await statusFor('one')).toBe(200);
    expect(await statusFor('one')).toBe(429);
    expect(await statusFor('two')).toBe(200);
    // Whoever is denied spends nothing.
    expect(await statusFor('three')).toBe(401);
  });

  it('nobody gains an allowance by naming another project', async () => {
    await using upstream = await startRawUpstream(answerWith(200, '[]'));
    const config = { rateLimit: 2, forwardHeaders: ['x-tenant'] };
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, ...config });
    await using transport = await TRANSPORTS[way](gateway);
    const statusFor = async (headers: Record<string, string>) =>
      (await postJson(transport, QUERY, { authorization: 'Bearer one', ...headers })).status;
    expect(await statusFor({})).toBe(200);
    expect(await statusFor({ 'x-project': 'a' })).toBe(200);
    for (const headers of [{ 'x-project': 'b' }, { 'x-project-id': 'a' }, { 'x-tenant': 'a' }]) {
      expect(await statusFor(headers)).toBe(429);
    }
    expect(await statusFor({ authorization: 'Bearer two', 'x-project': 'a' })).toBe(200);
  });

  it('introspection is charged for its work, and whoever has spent all of it has nothing parsed', async () => {
    await using upstream = await startRawUpstream(answerWith(200, '[]'));
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, rateLimit: 600 });
    await using transport = await TRANSPORTS[way](gateway);
    const send = async (query: string) => {
      const response = await postJson(transport, JSON.stringify({ query }));
      return [
        response.status,
        ((await response.json()) as { errors?: { extensions: { code: string } }[] }).errors?.[0]?.extensions
          .code,
      ];
    };
    expect(await send(getIntrospectionQuery())).toEqual([200, undefined]);
    expect(await send(getIntrospectionQuery())).toEqual([429, 'RATE_LIMITED']);
    expect(await send('{ wrong')).toEqual([429, 'RATE_LIMITED']);
  });

  it('an operation is charged what it costs, and one that is wrong costs 1', async () => {
    await using upstream = await startRawUpstream(answerWith(200, '[]'));
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, rateLimit: 300 });
    await using transport = await TRANSPORTS[way](gateway);
    const send = async (query: string, first?: number) =>
      (await postJson(transport, JSON.stringify({ query, variables: { first } }))).status;
    const page = 'query ($first: Int) { runs(first: $first) { nodes { id } } }';
    expect(await send('{ wrong }')).toBe(200);
    expect(await send(page, 200)).toBe(200);
    expect(await send(page, 200)).toBe(429);
  });
});

describe('Query.rateLimit', () => {
  const LIMIT = 'rateLimit { limit remaining resetAt cost }';
  const start = async (rateLimit: number | undefined) => {
    await using starting = new AsyncDisposableStack();
    const upstream = starting.use(await startRawUpstream(answerWith(200, '[]')));
    const gateway = starting.use(
      await createGateway({ upstreamUrl: upstream.baseUrl, ...(rateLimit !== undefined && { rateLimit }) }),
    );
    const ask = async (query: string, caller = 'one') => {
      const { data, errors } = await execute<{ rateLimit: RateLimitState | null }, object>(
        gateway,
        query,
        undefined,
        { authorization: `Bearer ${caller}` },
      );
      expect(errors).toBeUndefined();
      return data?.rateLimit;
    };
    const parts = starting.move();
    return { ask, [Symbol.asyncDispose]: () => parts.disposeAsync() };
  };

  it('tells each caller what is left after the operation itself', async () => {
    await using gateway = await start(1000);
    const before = Date.now();
    const first = await gateway.ask(`{ ${LIMIT} }`);
    expect(first).toEqual({ limit: 1000, remaining: 999, resetAt: expect.any(String), cost: 1 });
    const until = Date.parse(first?.resetAt ?? '') - before;
    expect(until).toBeGreaterThan(30_000);
    expect(until).toBeLessThan(90_000);
    const page = `{ runs(first: 10) { nodes { id } } again: ${LIMIT} ${LIMIT} }`;
    // 5 for the list, 10 for its rows, 1 for each of the two.
    expect(await gateway.ask(page)).toMatchObject({ remaining: 999 - 17, cost: 17 });
    expect(await gateway.ask(`{ ${LIMIT} }`, 'two')).toMatchObject({ remaining: 999, cost: 1 });
  });

  it('tells an operation that costs more than all of it that nothing is left', async () => {
    await using gateway = await start(10);
    const page = `{ runs(first: 50) { nodes { id } } ${LIMIT} }`;
    expect(await gateway.ask(page)).toMatchObject({ limit: 10, remaining: 0, cost: 10 });
  });

  it('is null without a limit', async () => {
    await using gateway = await start(undefined);
    expect(await gateway.ask(`{ ${LIMIT} }`)).toBeNull();
  });

  it('has no time of reset once the minute is over', async () => {
    const limit = createRateLimit({ costPerMinute: 5, onRefused: () => undefined, now: () => 0 });
    expect(await limit.read('one', 0)).toEqual({ limit: 5, remaining: 5, resetAt: null, cost: 1 });
    await limit.chargeRequest('one');
    const { resetAt, ...rest } = await limit.read('one', 3);
    expect(rest).toEqual({ limit: 5, remaining: 4, cost: 3 });
    expect(resetAt).toMatch(/^1970-01-01T00:0[01]:/);
  });
});

describe('A rate limit', () => {
  /** Charges an operation as a request does, and gives the error if it is refused. */
  const create = (costPerMinute: number) => {
    const limit = createRateLimit({ costPerMinute, onRefused: () => undefined });
    return async (caller: CallerKey, cost: number) =>
      (await limit.chargeRequest(caller)) ?? limit.chargeCost(caller, cost);
  };

  it('starts again after a minute', async () => {
    vi.useFakeTimers();
    try {
      const charge = create(10);
      expect(await charge('one', 10)).toBeUndefined();
      vi.advanceTimersByTime(59_000);
      expect((await charge('one', 1))?.extensions).toMatchObject({ retryAfterSeconds: 1 });
      vi.advanceTimersByTime(1_001);
      expect(await charge('one', 10)).toBeUndefined();
    } finally {
      vi.useRealTimers();
    }
  });

  it('is spent to the last unit, by requests without a cost as well', async () => {
    const charge = create(10);
    for (const cost of [4, 0, 1, 4]) expect(await charge('one', cost)).toBeUndefined();
    expect(await charge('one', 0)).toBeDefined();
  });

  it('is not spent by an operation that is refused, but for its request', async () => {
    const charge = create(10);
    expect(await charge('one', 4)).toBeUndefined();
    expect(await charge('one', 7)).toBeDefined();
    expect(await charge('one', 5)).toBeUndefined();
    expect(await charge('one', 1)).toBeDefined();
  });

  it('lets an operation through that costs more than all of it, with a full allowance only', async () => {
    const charge = create(10);
    expect(await charge('one', 1000)).toBeUndefined();
    expect(await charge('one', 1)).toBeDefined();
    expect(await charge('two', 1)).toBeUndefined();
    expect(await charge('two', 1000)).toBeDefined();
  });

  it('does not take callers for one another, nor the gateway for one of them', async () => {
    const charge = create(1);
    for (const caller of ['null', '', 'a']) {
      expect(await charge(caller, 1)).toBeUndefined();
      expect(await charge(caller, 1)).toBeDefined();
    }
    for (let call = 0; call < 3; call++) {
      expect(await charge(GATEWAY_ITSELF, 1)).toBeUndefined();
    }
  });

  it('forgets who has been away longest rather than remember any number of callers', async () => {
    const charge = create(1);
    await charge('first', 1);
    for (let n = 0; n < 10_000; n++) await charge(`made up ${n}`, 1);
    expect(await charge('made up 9999', 1)).toBeDefined();
    expect(await charge('first', 1)).toBeUndefined();
  });
});
