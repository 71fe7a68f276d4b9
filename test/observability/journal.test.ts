import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { UpstreamError } from '../../src/errors/upstream-error.ts';
import { createGateway } from '../../src/gateway.ts';
import { createJournal } from '../../src/observability/journal.ts';
import { OperationRecord } from '../../src/observability/operation-record.ts';
import { execute } from '../support/execute.ts';
import { startFixedUpstream } from '../support/fixed-upstream.ts';
import { recordedLog } from '../support/recorded-log.ts';

const metrics = { operation: () => undefined, polled: () => undefined, requestRefused: () => undefined };
const WRONG = { authorization: 'Bearer wrong-token' };

afterEach(() => vi.useRealTimers());

describe('The log', () => {
  it('has one short line for each of 500 failures, at most, and no stack traces', async () => {
    const texts: string[] = [];
    const target = new Writable({
      write(chunk: Buffer, _encoding, done) {
        texts.push(...chunk.toString().split('\n').slice(0, -1));
        done();
      },
    });
    const detail = 'The key is not valid. '.repeat(200);
    await using upstream = await startFixedUpstream(JSON.stringify({ detail }), { status: 401 });
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, log: pino(target) });
    for (let i = 0; i < 10; i++) {
      await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          execute(gateway, `{ runs(first: ${index + 1}) { nodes { id } } }`, undefined, WRONG),
        ),
      );
    }
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.length).toBeLessThanOrEqual(500);
    expect(Math.max(...texts.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(400);
    expect(texts.join('')).not.toMatch(/ {4}at |wrong-token/);
  });

  it('names the code, the reason and the caller of a refusal, by a digest', async () => {
    const { log, lines } = recordedLog();
    await using gateway = await createGateway({ accessTokens: ['right-token'], rateLimit: 3, log });
    const right = { authorization: 'Bearer right-token', 'x-request-id': 'mine' };
    await execute(gateway, '{ __typename }', undefined, { ...WRONG, 'x-request-id': 'theirs' });
    for (let i = 0; i < 4; i++) await execute(gateway, '{ __typename }', undefined, right);
    const refused = lines.filter(({ message }) => message === 'Refused');
    const caller = expect.stringMatching(/^[\da-f]{10}$/);
    expect(refused.map(({ fields }) => fields)).toEqual([
      { code: 'UNAUTHENTICATED', reason: expect.stringMatching(/^An access token/), requestId: 'theirs' },
      { code: 'RATE_LIMITED', reason: expect.stringMatching(/^The limit of 3/), requestId: 'mine', caller },
    ]);
    expect(lines).toHaveLength(5);
    expect(JSON.stringify(lines)).not.toContain('-token');
  });

  it('has a line for each stream that ended, and why', async () => {
    const { log, lines } = recordedLog();
    await using gateway = await createGateway({ live: true, log });
    const open = async (requestId: string) => {
      const client = new AbortController();
      const response = await gateway.fetch(
        new Request('http://gateway/graphql?query=subscription{runEvents{kind}}', {
          headers: { accept: 'text/event-stream', 'x-request-id': requestId, authorization: 'Bearer a' },
          signal: client.signal,
        }),
      );
      return { client, text: response.text().catch(() => 'left') };
    };
    const [left, drained] = [await open('left'), await open('drained')];
    left.client.abort();
    gateway.startDraining();
    await drained.text;
    const caller = expect.stringMatching(/^[\da-f]{10}$/);
    expect(lines.filter(({ message }) => message === 'Stream ended').map(({ fields }) => fields)).toEqual([
      {
        requestId: 'left',
        code: 'OK',
        caller,
        reason: expect.stringContaining('disconnected'),
        events: 0,
        durationMs: expect.any(Number),
      },
      {
        requestId: 'drained',
        code: 'SUBSCRIPTION_DRAINED',
        caller,
        reason: expect.any(String),
        events: expect.any(Number),
        durationMs: expect.any(Number),
      },
    ]);
  });

  it('leaves out lines below a level, and a share of those about what succeeds', async () => {
    for (const settings of [{ logLevel: 'warn' as const }, { logSamplePercent: 0 }]) {
      const { log, lines } = recordedLog();
      await using gateway = await createGateway({ ...settings, log });
      await execute(gateway, '{ __typename }');
      await execute(gateway, '{');
      expect(lines).toHaveLength('logLevel' in settings ? 0 : 1);
    }
  });
});

describe('A journal', () => {
  const refusalBy = (account: string) => ({ code: 'RATE_LIMITED', reason: 'too much', account });

  it('counts further lines of a caller in a second, and hides nothing of another', () => {
    vi.useFakeTimers();
    const { log, lines } = recordedLog();
    const journal = createJournal({ log, metrics });
    for (let i = 0; i < 500; i++) journal.note('Refused', refusalBy('loud'));
    journal.note('Refused', refusalBy('quiet'));
    expect(lines).toHaveLength(21);
    vi.advanceTimersByTime(1000);
    expect(lines.at(-1)).toMatchObject({ message: 'Refused', fields: { code: 'RATE_LIMITED', more: 480 } });
    journal.note('Refused', refusalBy('loud'));
    expect(lines).toHaveLength(23);
  });

  it('has a maximum for all callers as well, however many they make up', () => {
    vi.useFakeTimers();
    const { log, lines } = recordedLog();
    const journal = createJournal({ log, metrics });
    for (let i = 0; i < 5000; i++) journal.note('Refused', refusalBy(`made up ${i}`));
    vi.advanceTimersByTime(1000);
    expect(lines).toHaveLength(201);
    expect(lines.at(-1)?.fields).toEqual({ code: 'RATE_LIMITED', more: 4800 });
  });

  it('truncates what is long, whatever it has to escape', () => {
    const lines: string[] = [];
    const log = pino(
      { base: { pid: 4_000_000, hostname: 'h'.repeat(40) } },
      { write: (line: string) => void lines.push(line) },
    );
    const journal = createJournal({ log, metrics });
    const requestId = 'x'.repeat(128);
    for (const text of ['"\\\n', 'é', '🙂', '\ud83d', 'a'].map((one) => one.repeat(1000))) {
      journal.note('Stream ended', { code: 'SUBSCRIPTION_DRAINED', reason: text, requestId, account: 'a' });
      for (const cause of [undefined, new SyntaxError(text.repeat(2))]) {
        const failure = new UpstreamError('UPSTREAM_INVALID_RESPONSE', text, { cause });
        journal.failed(failure, { requestId, account: 'a' });
      }
    }
    expect(lines).toHaveLength(15);
    for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(400);
  });

  it('logs a share of what succeeds by chance, and all that fails', () => {
    const { log, lines } = recordedLog();
    const chances = [0.1, 0.3, 0.2];
    const journal = createJournal({ log, metrics, sample: 0.25, random: () => chances.shift() ?? 1 });
    for (let i = 0; i < 3; i++) journal.operation(new OperationRecord(String(i)), { account: 'a' }, 1);
    const failed = Object.assign(new OperationRecord('failed'), { code: 'BAD_USER_INPUT' });
    journal.operation(failed, { account: 'a' }, 1);
    expect(lines.map(({ fields }) => fields['requestId'])).toEqual(['0', '2', 'failed']);
  });

  it('says why the upstream failed once, and where that was noticed never', () => {
    const { log, lines } = recordedLog();
    const journal = createJournal({ log, metrics });
    const reset = Object.assign(new Error('read ECONNRESET'), { name: 'SocketError' });
    for (const message of ['GET /v1/runs/ failed: read ECONNRESET', 'GET /v1/runs/ failed']) {
      journal.failed(new UpstreamError('UPSTREAM_UNAVAILABLE', message, { cause: reset }), {});
    }
    for (const { fields } of lines) {
      expect(fields['err']).toMatchObject({
        message: 'GET /v1/runs/ failed: read ECONNRESET',
        stack: undefined,
      });
    }
  });

  it('keeps the stack of an unexpected error, and takes a disconnected client for none', () => {
    const { log, lines } = recordedLog();
    const journal = createJournal({ log, metrics });
    const bug = new TypeError('a bug');
    journal.failed(bug, { requestId: 'mine' });
    journal.failed(new DOMException('left', 'AbortError'), { requestId: 'mine' });
    expect(lines).toEqual([
      { level: 'error', message: 'Unexpected error', fields: { requestId: 'mine', err: bug } },
      { level: 'debug', message: 'Client disconnected', fields: { requestId: 'mine' } },
    ]);
  });
});
