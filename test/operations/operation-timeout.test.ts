import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { type Answer, execute } from '../support/execute.ts';
import { startListening } from '../support/listening-gateway.ts';
import { answerWith, type RawAnswer, startRawUpstream } from '../support/raw-upstream.ts';
import { TRANSPORTS as STREAMS } from '../support/subscriber.ts';
import { postJson, TRANSPORTS } from '../support/transports.ts';

const TIMEOUT_MS = 300;
const RUN = 'run-00000000-0000-4000-8000-000000000001';
const QUERY = '{ runs(first: 1) { nodes { id } } }';
const NONE = { data: { runs: { nodes: [] } } };
const TIMED_OUT = {
  message: expect.stringContaining(`OPERATION_TIMEOUT_MS, ${TIMEOUT_MS} ms`),
  extensions: { code: 'OPERATION_TIMEOUT', retryable: true, requestId: expect.any(String) },
};
const settings = { operationTimeoutMs: TIMEOUT_MS, upstreamTimeoutMs: 60_000 };

const row = (status: string): string =>
  JSON.stringify({ id: RUN, agent_id: 'agent-1', created_at: '2026-01-01T00:00:00Z', status });
const silence: RawAnswer = () => undefined;

describe('An operation that takes too long', () => {
  it.each(['fetch', 'listener'] as const)('is answered 504, and its work stops (%s)', async (way) => {
    await using upstream = await startRawUpstream(silence);
    await using gateway = await createGateway({ ...settings, upstreamUrl: upstream.baseUrl });
    await using transport = await TRANSPORTS[way](gateway);
    const response = await postJson(transport, JSON.stringify({ query: QUERY }));
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({ errors: [TIMED_OUT] });
    await expect.poll(() => upstream.abandoned()).toBe(1);
    expect(upstream.heads).toHaveLength(1);
    upstream.answer = answerWith(200, '[]');
    expect(await execute(gateway, QUERY)).toEqual(NONE);
  });

  it('is ended in the same way for those who ask for a stream', async () => {
    await using upstream = await startRawUpstream(silence);
    await using listening = await startListening({ ...settings, upstreamUrl: upstream.baseUrl });
    const response = await fetch(`${listening.url}/graphql?query=${encodeURIComponent(QUERY)}`, {
      headers: { accept: 'text/event-stream' },
    });
    expect([response.status, await response.text()]).toEqual([
      504,
      expect.stringContaining('OPERATION_TIMEOUT'),
    ]);
    await expect.poll(() => upstream.abandoned()).toBe(1);
  });

  it('is ended by an error over WebSockets', async () => {
    await using upstream = await startRawUpstream(silence);
    await using listening = await startListening({ ...settings, upstreamUrl: upstream.baseUrl });
    const results = STREAMS['WebSockets']?.(`${listening.url}/graphql`, { query: QUERY });
    expect(await results?.next()).toMatchObject({ value: { errors: [TIMED_OUT] } });
    await expect.poll(() => upstream.abandoned()).toBe(1);
  });

  it('leaves what is shared to those who came later', async () => {
    const held: (() => void)[] = [];
    await using upstream = await startRawUpstream((socket, request) => {
      held.push(() => answerWith(200, '[]')(socket, request));
    });
    await using gateway = await createGateway({
      ...settings,
      operationTimeoutMs: 3_000,
      upstreamUrl: upstream.baseUrl,
    });
    const first = execute(gateway, QUERY);
    await sleep(2_000);
    const second = execute(gateway, QUERY);
    expect(await first).toMatchObject({ errors: [{ extensions: { code: 'OPERATION_TIMEOUT' } }] });
    for (const release of held) release();
    expect(await second).toEqual(NONE);
    expect(upstream.heads).toHaveLength(1);
  });

  it('starts none of its look-ups that wait', async () => {
    await using upstream = await startRawUpstream((socket, request) => {
      const isLookUp = request.head.startsWith('GET /v1/runs/run-');
      if (!isLookUp) answerWith(200, '[]')(socket, request);
    });
    await using gateway = await createGateway({ ...settings, upstreamUrl: upstream.baseUrl });
    const id = (number: number) => RUN.slice(0, -4) + String(number).padStart(4, '0');
    const ids = Array.from({ length: 400 }, (_, number) => id(number));
    const answer = await execute(gateway, 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
    expect(answer).toMatchObject({ errors: [TIMED_OUT] });
    // A list is asked for after all of them, and is answered.
    expect(await execute(gateway, QUERY)).toEqual(NONE);
    expect(upstream.heads.length).toBeLessThan(100);
    await expect.poll(() => upstream.heads.length - upstream.abandoned()).toBe(1);
  });

  it('says of a mutation that it may take effect, and sends it once', async () => {
    await using upstream = await startRawUpstream((socket, request) => {
      if (request.head.startsWith('GET')) answerWith(200, row('running'))(socket, request);
    });
    await using gateway = await createGateway({ ...settings, upstreamUrl: upstream.baseUrl });
    const mutation = `mutation { cancelRuns(ids: ["${RUN}"]) { runs { status } } }`;
    const { errors, data }: Answer<unknown> = await execute(gateway, mutation);
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([TIMED_OUT]);
    expect(errors?.[0]?.message).toContain('may take effect');
    expect(upstream.heads.filter((head) => head.startsWith('POST'))).toHaveLength(1);
  });
});

describe('A subscription', () => {
  it('goes on for longer than an operation may take, but each of its events may not', async () => {
    let status = 'running';
    await using upstream = await startRawUpstream((socket, request) => {
      if (!request.head.includes('/steps')) answerWith(200, row(status))(socket, request);
      else if (status === 'running') answerWith(200, '[]')(socket, request);
    });
    await using listening = await startListening({ ...settings, upstreamUrl: upstream.baseUrl });
    const query = `subscription { runUpdates(id: "${RUN}") { status usage { totalTokens } } }`;
    const results = STREAMS['server-sent events']?.(`${listening.url}/graphql`, { query });
    expect(await results?.next()).toMatchObject({
      value: { data: { runUpdates: { status: 'RUNNING', usage: { totalTokens: 0 } } } },
    });
    await sleep(2 * TIMEOUT_MS);
    status = 'completed';
    expect(await results?.next()).toMatchObject({ value: { errors: [TIMED_OUT] } });
    expect(await results?.next()).toMatchObject({ done: true });
  });
});
