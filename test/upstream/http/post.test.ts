import { describe, expect, it } from 'vitest';
import { createRestClient } from '../../../src/upstream/http/rest-client.ts';
import type { Body } from '../../../src/wire/body.ts';
import { credentialsOf } from '../../support/credentials.ts';
import { answerWith, type RawAnswer, startRawUpstream } from '../../support/raw-upstream.ts';
import { FAULTS } from '../faults.ts';

const NEVER = new AbortController().signal;
const CALLER = { ...credentialsOf('one', { authorization: 'Bearer one' }), requestId: 'request-1' };
const readJson = (body: Body): unknown => JSON.parse(body.text());

async function serve(answer: RawAnswer, more: object = {}) {
  await using starting = new AsyncDisposableStack();
  const upstream = starting.use(await startRawUpstream(answer));
  const client = starting.use(
    createRestClient({ baseUrl: upstream.baseUrl, timeoutMs: 700, maxBytes: 100_000, ...more }),
  );
  const parts = starting.move();
  return {
    upstream,
    post: (signal = NEVER) => client.post('v1/x', CALLER, '{"a":1}', readJson, signal),
    get: () => client.get('v1/y', CALLER, readJson, new AbortController()),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

describe('A POST', () => {
  it('has the headers of its caller, and is the only request on its connection', async () => {
    const ports = new Set<number | undefined>();
    await using server = await serve((socket, request) => {
      ports.add(socket.remotePort);
      answerWith(200, '{}')(socket, request);
    });
    await server.get();
    await server.post();
    await server.post();
    await server.get();
    const [, head = ''] = server.upstream.heads;
    expect(head.split('\r\n').map((line) => line.toLowerCase())).toEqual(
      expect.arrayContaining([
        'post /v1/x http/1.1',
        'authorization: bearer one',
        'x-request-id: request-1',
        'content-type: application/json',
        'content-length: 7',
        'accept: application/json',
        'connection: close',
      ]),
    );
    // The reads share one.
    expect(ports.size).toBe(3);
  });

  it.each(FAULTS)('that is answered by $name is not sent again', async ({ answer, code }) => {
    await using server = await serve(answer);
    const { wasSent, error } = await server.post();
    expect(wasSent).toBe(true);
    expect(server.upstream.heads).toHaveLength(1);
    // What is JSON is not looked at further.
    expect([code, undefined]).toContain(error?.code);
    if (error === undefined) expect(code).toBe('UPSTREAM_INVALID_RESPONSE');
  });

  it('to where nobody listens was not sent', async () => {
    await using server = await serve(answerWith(200, '{}'));
    await server.upstream[Symbol.asyncDispose]();
    expect(await server.post()).toMatchObject({ wasSent: false, error: { code: 'UPSTREAM_UNAVAILABLE' } });
  });

  it("counts for its caller's breaker, and is not sent while that is open", async () => {
    await using server = await serve(answerWith(500, '{}'));
    for (let number = 0; number < 10; number++) {
      expect(await server.post()).toMatchObject({ wasSent: true, error: { code: 'UPSTREAM_ERROR' } });
    }
    expect(await server.post()).toMatchObject({ wasSent: false, error: { code: 'UPSTREAM_UNAVAILABLE' } });
    expect(server.upstream.heads).toHaveLength(10);
  });

  it('waits for a permit; with a full queue, or without its client, it is not sent', async () => {
    await using server = await serve(() => undefined, { maxInFlight: 1, timeoutMs: 60_000 });
    const client = new AbortController();
    const first = server.post().catch(() => 'closed');
    const waiting = Array.from({ length: 8 }, () =>
      server.post(client.signal).catch((error: unknown) => error),
    );
    expect(await server.post()).toMatchObject({ wasSent: false, error: { code: 'UPSTREAM_UNAVAILABLE' } });
    const gone = new Error('gone');
    client.abort(gone);
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => gone));
    await expect.poll(() => server.upstream.heads.length).toBe(1);
    await server[Symbol.asyncDispose]();
    expect(await first).toMatchObject({ wasSent: true, error: { code: 'UPSTREAM_UNAVAILABLE' } });
  });
});
