import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { execute } from '../support/execute.ts';
import { answerWith, startRawUpstream } from '../support/raw-upstream.ts';
import { FAULTS, huge, SECRET } from './faults.ts';

const OPERATION = '{ runs(first: 3, statuses: [COMPLETED]) { nodes { id } } __typename }';

describe('An upstream that fails', () => {
  it.each(FAULTS)(
    'by $name is reported as $code after $attempts attempts',
    async ({ answer, code, attempts, retryable, retryAfterSeconds }) => {
      await using upstream = await startRawUpstream(answer);
      // No answer is waited for long, where there is none.
      const upstreamTimeoutMs = code === 'UPSTREAM_TIMEOUT' ? 700 : 20_000;
      await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, upstreamTimeoutMs });
      const { data, errors } = await execute(gateway, OPERATION);
      expect(data).toEqual({ runs: null, __typename: 'Query' });
      expect(errors).toEqual([
        {
          message: expect.any(String),
          path: ['runs'],
          locations: expect.anything(),
          extensions: {
            code,
            retryable,
            requestId: expect.any(String),
            ...(retryAfterSeconds !== undefined && {
              retryAfterSeconds,
              retryAfterMs: retryAfterSeconds * 1000,
            }),
            ...(errors?.[0]?.message.includes('UPSTREAM_MAX_BYTES') && { maxBytes: 33_554_432 }),
            ...(errors?.[0]?.message.includes('ignored') && { ignoredArguments: ['statuses'] }),
          },
        },
      ]);
      const told = JSON.stringify(errors);
      expect(told).not.toContain(SECRET);
      expect(told).not.toContain(new URL(upstream.baseUrl).port);
      expect(upstream.heads).toHaveLength(attempts);

      // The next query is served.
      upstream.answer = answerWith(200, '[]');
      expect(await execute(gateway, OPERATION)).toEqual({
        data: { runs: { nodes: [] }, __typename: 'Query' },
      });
    },
  );
});

describe('An upstream that', () => {
  it('refuses connections is unavailable', async () => {
    const upstream = await startRawUpstream(answerWith(200, '[]'));
    await upstream[Symbol.asyncDispose]();
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    const { errors } = await execute(gateway, OPERATION);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true });
  });

  it('sends 300 MB is broken off at the limit, not read to the end', async () => {
    let sent = 0;
    await using upstream = await startRawUpstream((socket, request) => {
      huge(socket, request);
      socket.on('close', () => {
        sent = socket.bytesWritten;
      });
    });
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    const { errors } = await execute(gateway, OPERATION);
    expect(errors?.[0]?.extensions?.['code']).toBe('UPSTREAM_INVALID_RESPONSE');
    await expect.poll(() => sent).toBeGreaterThan(0);
    // 32 MiB, and what fits into the buffers of the sockets.
    expect(sent).toBeLessThan(64_000_000);
  });

  it.each([1, 2])('fails %i times is asked again, and its answer is used', async (failures) => {
    await using upstream = await startRawUpstream((socket, request) =>
      (request.number <= failures ? answerWith(503, '{}') : answerWith(200, '[]'))(socket, request),
    );
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    expect(await execute(gateway, OPERATION)).toMatchObject({ data: { runs: { nodes: [] } } });
    expect(upstream.heads).toHaveLength(failures + 1);
  });

  it('is too old for a filter is reported with the name of the filter', async () => {
    const run = { id: 'run-1', agent_id: 'agent-1', created_at: '2025-01-01T00:00:00Z' };
    await using upstream = await startRawUpstream(answerWith(200, JSON.stringify([run])));
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    const { errors } = await execute(gateway, '{ runs(conversationId: "conv-1") { nodes { id } } }');
    expect(errors).toMatchObject([
      {
        message:
          'The runs API ignored conversationId: it sent runs that do not match. It may be too old to support it.',
        extensions: {
          code: 'UPSTREAM_INVALID_RESPONSE',
          ignoredArguments: ['conversationId'],
          retryable: false,
        },
      },
    ]);
  });

  it('is down for long is left alone, and then asked again by a single request', async () => {
    await using upstream = await startRawUpstream(answerWith(503, '{}'));
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    for (let i = 0; i < 20; i++) await execute(gateway, OPERATION);
    const asked = upstream.heads.length;
    const { errors } = await execute(gateway, OPERATION);
    expect(upstream.heads).toHaveLength(asked);
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      retryAfterSeconds: expect.any(Number),
      retryable: true,
    });
    const retried = asked - 20;
    // Without a budget there would be two retries for each.
    expect(retried).toBeLessThan(20);
    upstream.answer = answerWith(200, '[]');
    await expect
      .poll(() => execute(gateway, OPERATION), { interval: 250 })
      .toMatchObject({ data: { runs: { nodes: [] } } });
    expect(upstream.heads.length).toBeLessThan(asked + 3);
  }, 30_000);
});
