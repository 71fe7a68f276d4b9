import { describe, expect, it } from 'vitest';
import { type Log, silentLog } from '../../../src/observability/log.ts';
import { runId, running, sendJson } from '../../support/cancelling-upstream.ts';
import { execute } from '../../support/execute.ts';
import { serve } from '../../support/serve.ts';
import { CANCEL, cancel, cancelNumbers, posts, startCancelTest } from './cancel.ts';

describe('A mutation', () => {
  it('is never shared: two identical ones at once are two requests each', async () => {
    await using test = await startCancelTest({ 1: running() });
    const held: (() => void)[] = [];
    test.upstream.onCancel = ({ response, cancel: act }) => {
      held.push(() => sendJson(response, act()));
      if (held.length === 2) for (const release of held) release();
    };
    const answers = await Promise.all([cancelNumbers(test, 1), cancelNumbers(test, 1)]);
    expect(answers).toEqual([
      [['CANCELLED'], []],
      [['CANCELLED'], []],
    ]);
    expect(posts(test)).toHaveLength(2);
    expect(test.upstream.requests).toHaveLength(6);
  });

  it('reads on its own, not what a query that began before it is waiting for', async () => {
    await using test = await startCancelTest({ 1: running() });
    let release: (() => void) | undefined;
    test.upstream.onRead = (response, id) => {
      if (release !== undefined) return false;
      const stale = { id, agent_id: 'agent-1', status: 'running', created_at: '2026-01-01T00:00:00Z' };
      release = () => sendJson(response, stale);
      return true;
    };
    const query = execute(test.gateway, `{ run(id: "${runId(1)}") { status } }`);
    await expect.poll(() => release).toBeDefined();
    expect(await cancelNumbers(test, 1)).toEqual([['CANCELLED'], []]);
    release?.();
    expect(await query).toEqual({ data: { run: { status: 'RUNNING' } } });
  });

  it('has the credentials of its caller, or those of the gateway for a token', async () => {
    for (const [options, expected] of [
      [{}, 'Bearer mine'],
      [{ accessTokens: ['mine'], apiKey: 'key' }, 'Bearer key'],
    ] as const) {
      await using test = await startCancelTest({ 1: running() }, options);
      const seen: unknown[] = [];
      test.upstream.onCancel = ({ response, headers, cancel: act }) => {
        seen.push([headers.authorization, headers['x-request-id']]);
        sendJson(response, act());
      };
      await cancel(test, [runId(1)], { authorization: 'Bearer mine', 'x-request-id': 'request-1' });
      expect(seen).toEqual([[expected, 'request-1']]);
    }
  });

  it('leaves its failures in the log, without credentials, and its requests in the record', async () => {
    const lines: unknown[] = [];
    const write = (fields: object, message: string) => {
      lines.push(message, JSON.stringify(fields), 'err' in fields ? String(fields.err) : '');
    };
    const log: Log = { ...silentLog, info: write, warn: write, error: write };
    await using test = await startCancelTest({ 1: running() }, { log });
    test.upstream.onCancel = ({ response }) =>
      sendJson(response, { detail: 'no Bearer token-4711-4711' }, 422);
    await cancel(test, [runId(1)], { authorization: 'Bearer token-4711-4711' });
    const text = lines.join('\n');
    expect(text).toContain('messages/cancel answered 422: {"detail":"no Bearer [redacted]"}');
    expect(text).toContain('"upstreamRequests":3');
    expect(text).not.toContain('4711');
  });
});

describe('A client that disconnects', () => {
  async function startListening() {
    await using starting = new AsyncDisposableStack();
    let isDone = false;
    const log: Log = {
      ...silentLog,
      debug(_fields, message) {
        isDone ||= message === 'Client disconnected';
      },
    };
    const test = starting.use(await startCancelTest({ 1: running() }, { log }));
    const hasLeft = Promise.withResolvers<void>();
    const { baseUrl, server } = starting.use(await serve(test.gateway.listener));
    server.on('request', (_request, response) => response.once('close', () => hasLeft.resolve()));
    const client = new AbortController();
    const parts = starting.move();
    const ask = () =>
      fetch(`${baseUrl}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: CANCEL, variables: { ids: [runId(1)] } }),
        signal: client.signal,
      }).catch(() => 'left');
    return {
      test,
      client,
      ask,
      hasLeft: hasLeft.promise,
      isDone: () => isDone,
      [Symbol.asyncDispose]: () => parts.disposeAsync(),
    };
  }

  it('after the request was sent does not break it off', async () => {
    await using listening = await startListening();
    const { test, client, ask, hasLeft, isDone } = listening;
    const received = Promise.withResolvers<() => void>();
    let wasBrokenOff: boolean | undefined;
    test.upstream.onCancel = ({ response, cancel: act }) => {
      response.once('close', () => {
        wasBrokenOff = !response.writableFinished;
      });
      received.resolve(() => sendJson(response, act()));
    };
    const asked = ask();
    const release = await received.promise;
    client.abort();
    expect(await asked).toBe('left');
    await hasLeft;
    // By the time that another request has been answered, the end of this one would have been noticed.
    await execute(test.gateway, `{ run(id: "${runId(9)}") { id } }`);
    expect(wasBrokenOff).toBeUndefined();
    release();
    await expect.poll(() => wasBrokenOff).toBe(false);
    expect(test.upstream.runs.get(runId(1))?.status).toBe('cancelled');
    await expect.poll(isDone).toBe(true);
    expect(await test.gateway.metrics.registry.metrics()).not.toContain('INTERNAL_SERVER_ERROR');
    // Nobody is there to be told what is true now.
    expect(test.upstream.requests.filter((request) => request.includes(runId(1)))).toHaveLength(2);
  });

  it('while the run is read cancels nothing', async () => {
    await using listening = await startListening();
    const { test, client, ask } = listening;
    const received = Promise.withResolvers<void>();
    let isClosed = false;
    test.upstream.onRead = (response) => {
      response.once('close', () => {
        isClosed = true;
      });
      received.resolve();
      return true;
    };
    const asked = ask();
    await received.promise;
    client.abort();
    expect(await asked).toBe('left');
    await expect.poll(() => isClosed).toBe(true);
    expect(posts(test)).toEqual([]);
    expect(test.upstream.runs.get(runId(1))?.status).toBe('running');
  });
});
