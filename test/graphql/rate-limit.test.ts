import { describe, expect, it, vi } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { createRateLimit } from '../../src/graphql/rate-limit.ts';
import { GATEWAY_ITSELF } from '../../src/upstream/credentials.ts';
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
          extensions: { code: 'RATE_LIMITED', requestId: 'request-1', retryable: true, retryAfterSeconds },
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
  const create = (costPerMinute: number) => createRateLimit({ costPerMinute, onRefused: () => undefined });

  it('starts again after a minute', async () => {
    vi.useFakeTimers();
    try {
      const limit = create(10);
      expect(await limit.charge('one', 10, '')).toBeUndefined();
      vi.advanceTimersByTime(59_000);
      expect((await limit.charge('one', 1, ''))?.refusal?.headers).toEqual({ 'retry-after': '1' });
      vi.advanceTimersByTime(1_001);
      expect(await limit.charge('one', 10, '')).toBeUndefined();
    } finally {
      vi.useRealTimers();
    }
  });

  it('lets an operation through that costs more than all of it, with a full allowance only', async () => {
    const limit = create(10);
    expect(await limit.charge('one', 1000, '')).toBeUndefined();
    expect(await limit.charge('one', 1, '')).toBeDefined();
    expect(await limit.charge('two', 1, '')).toBeUndefined();
    expect(await limit.charge('two', 1000, '')).toBeDefined();
  });

  it('does not take callers for one another, nor the gateway for one of them', async () => {
    const limit = create(1);
    for (const caller of ['null', null, '', 'a']) {
      expect(await limit.charge(caller, 1, '')).toBeUndefined();
      expect(await limit.charge(caller, 1, '')).toBeDefined();
    }
    for (let call = 0; call < 3; call++) {
      expect(await limit.charge(GATEWAY_ITSELF, 1, '')).toBeUndefined();
    }
  });

  it('forgets who has been away longest rather than remember any number of callers', async () => {
    const limit = create(1);
    await limit.charge('first', 1, '');
    for (let n = 0; n < 10_000; n++) await limit.charge(`made up ${n}`, 1, '');
    expect(await limit.charge('made up 9999', 1, '')).toBeDefined();
    expect(await limit.charge('first', 1, '')).toBeUndefined();
  });
});
