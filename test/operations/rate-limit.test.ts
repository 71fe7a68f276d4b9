import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { createRateLimit } from '../../src/operations/rate-limit.ts';
import { type CallerKey, GATEWAY_ITSELF } from '../../src/upstream/credentials.ts';
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
