import { Pool } from 'undici';
import { describe, expect, it } from 'vitest';
import { exchange } from '../../../src/upstream/http/exchange.ts';
import { answerWith, type RawAnswer, startRawUpstream } from '../../support/raw-upstream.ts';

const NEVER = new AbortController().signal;

/** A server and the connections to it. */
async function serve(answer: RawAnswer) {
  await using starting = new AsyncDisposableStack();
  const upstream = starting.use(await startRawUpstream(answer));
  const pool = new Pool(upstream.baseUrl, { connections: 1 });
  starting.defer(() => pool.destroy());
  const parts = starting.move();
  return {
    upstream,
    get: (path: string, signal = NEVER, headers: Record<string, string> = {}) =>
      exchange(pool, path, headers, signal),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

describe('An exchange', () => {
  it('sends a GET with its headers, and answers with status, headers and body', async () => {
    await using server = await serve(answerWith(200, '[1]', { 'x-one': '1' }));
    const { status, headers, body } = await server.get('/v1/runs/?limit=1', NEVER, { 'x-mine': 'a' });
    expect([status, headers['x-one'], body.text()]).toEqual([200, '1', '[1]']);
    expect(server.upstream.heads[0]).toMatch(/^GET \/v1\/runs\/\?limit=1 HTTP\/1\.1\r\n/);
    expect(server.upstream.heads[0]).toMatch(/^x-mine: a$/m);
  });

  it.each([204, 302, 404, 500, 503])('answers with the status %i as with any other', async (status) => {
    await using server = await serve(answerWith(status, status === 204 ? '' : 'why'));
    const answer = await server.get('/');
    expect([answer.status, answer.body.text()]).toEqual([status, status === 204 ? '' : 'why']);
    expect(server.upstream.heads).toHaveLength(1);
  });

  it('passes over a status that only announces another one', async () => {
    await using server = await serve((socket, request) => {
      socket.write('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n');
      answerWith(200, '[]', { 'x-last': 'yes' })(socket, request);
    });
    const { status, headers, body } = await server.get('/');
    expect([status, headers['x-last'], headers['link'], body.text()]).toEqual([200, 'yes', undefined, '[]']);
  });

  it('joins a body that comes in pieces', async () => {
    await using server = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      for (const piece of ['2\r\n[1\r\n', '3\r\n,22\r\n', '1\r\n]\r\n', '0\r\n\r\n']) socket.write(piece);
    });
    expect((await server.get('/')).body.text()).toBe('[1,22]');
  });

  it('rejects with the error of a connection that is reset, before the answer or within it', async () => {
    await using server = await serve((socket) => void socket.resetAndDestroy());
    await expect(server.get('/')).rejects.toMatchObject({ code: expect.any(String) });
    server.upstream.answer = (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n[1', () => socket.resetAndDestroy());
    };
    await expect(server.get('/')).rejects.toMatchObject({ code: expect.any(String) });
  });

  it('rejects where nobody listens', async () => {
    const server = await serve(answerWith(200, '[]'));
    await server.upstream[Symbol.asyncDispose]();
    await expect(server.get('/')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await server[Symbol.asyncDispose]();
  });
});

describe('An exchange whose client disconnects', () => {
  it('before it begins, sends nothing and rejects with the reason', async () => {
    const held: (() => void)[] = [];
    await using server = await serve((...request) => void held.push(() => answerWith(200, '[]')(...request)));
    const first = server.get('/first');
    await expect.poll(() => held.length).toBe(1);
    const reason = new Error('too late');
    await expect(server.get('/', AbortSignal.abort(reason))).rejects.toBe(reason);
    held[0]?.();
    await first;
    server.upstream.answer = answerWith(200, '[]');
    expect((await server.get('/next')).status).toBe(200);
    expect(server.upstream.heads.map((head) => head.split(' ')[1])).toEqual(['/first', '/next']);
  });

  it('while it is connecting or queued, rejects with the reason at once and sends nothing', async () => {
    await using server = await serve(() => undefined);
    const first = new AbortController();
    const inFlight = server.get('/first', first.signal).catch((error: unknown) => error);
    await expect.poll(() => server.upstream.heads.length).toBe(1);
    // There is one connection, and it is taken.
    const leaving = new AbortController();
    const queued = server.get('/queued', leaving.signal);
    const reason = new Error('disconnected');
    leaving.abort(reason);
    await expect(queued).rejects.toBe(reason);
    server.upstream.answer = answerWith(200, '[]');
    first.abort();
    await inFlight;
    expect((await server.get('/next')).status).toBe(200);
    expect(server.upstream.heads.map((head) => head.split(' ')[1])).toEqual(['/first', '/next']);
  });

  it('while it waits for the answer, rejects with the reason and closes the connection', async () => {
    await using server = await serve(() => undefined);
    const leaving = new AbortController();
    const asked = server.get('/', leaving.signal);
    await expect.poll(() => server.upstream.heads.length).toBe(1);
    const reason = new Error('disconnected');
    leaving.abort(reason);
    await expect(asked).rejects.toBe(reason);
    await expect.poll(() => server.upstream.abandoned()).toBe(1);
  });

  it('within the body, rejects with the reason and closes the connection', async () => {
    const closed = Promise.withResolvers<void>();
    const leaving = new AbortController();
    await using server = await serve((socket) => {
      socket.once('close', () => closed.resolve());
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n[1', () => leaving.abort(new Error('left')));
    });
    await expect(server.get('/', leaving.signal)).rejects.toThrow('left');
    await closed.promise;
  });

  it('after the answer, keeps the answer and the connection', async () => {
    await using server = await serve(answerWith(200, '[]'));
    const caller = new AbortController();
    const { body } = await server.get('/', caller.signal);
    caller.abort();
    expect(body.text()).toBe('[]');
    expect((await server.get('/')).status).toBe(200);
  });
});
