import { describe, expect, it } from 'vitest';
import { openListening } from '../support/open-listening.ts';
import { NO_INIT, openSocket } from '../support/raw-socket.ts';
import { connected } from './connected.ts';

const WATCH = { query: 'subscription { runEvents { kind runId } }' };
const MANY = Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`x-${n}`, '']));
const TYPENAME = { query: '{ __typename }' };

describe('A client is cut off', () => {
  it.each([
    [
      'an operation before it has said who it is',
      NO_INIT,
      { type: 'subscribe', id: '1', payload: TYPENAME },
      4401,
    ],
    ['what is no JSON', {}, 'nonsense', 4400],
    ['more than 100 headers', NO_INIT, { type: 'connection_init', payload: MANY }, 4400],
    ['more than 64 KiB', {}, { type: 'ping', payload: { a: 'x'.repeat(64 * 1024) } }, 1009],
  ])('that sends %s', async (_what, init, message, code) => {
    await using server = await connected({}, init);
    if (init !== NO_INIT) await server.socket.next();
    server.socket.send(message);
    expect(await server.socket.closed).toBe(code);
  });

  it('that sends a message in very many pieces', async () => {
    await using server = await connected();
    const { client, closed } = server.socket;
    for (let count = 0; count < 1_000; count++) client.send(' ', { fin: false });
    expect(await closed).toBe(1008);
  });

  it('that uses an id again while it is in use', async () => {
    await using server = await connected();
    for (let count = 0; count < 2; count++)
      server.socket.send({ type: 'subscribe', id: '1', payload: WATCH });
    expect(await server.socket.closed).toBe(4409);
    await expect.poll(() => server.metric('subscriptions')).toBe(0);
  });
});

describe('A client', () => {
  it('has at most a hundred operations open', async () => {
    await using server = await connected();
    const { socket } = server;
    await socket.next();
    for (let id = 0; id < 500; id++) socket.send({ type: 'subscribe', id: `${id}`, payload: WATCH });
    for (let count = 0; count < 400; count++) {
      const { payload } = await socket.next();
      expect(payload).toMatchObject([
        { extensions: { code: 'TOO_MANY_SUBSCRIPTIONS', requestId: expect.any(String) } },
      ]);
    }
    expect(await server.metric('subscriptions')).toBe(100);
    socket.client.terminate();
    await expect.poll(() => server.metric('subscriptions')).toBe(0);
  });

  it('has at most MAX_CONNECTIONS_PER_CALLER WebSockets, and another one as many', async () => {
    await using server = await openListening({ config: { maxConnectionsPerCaller: 3 } });
    const open = (name: string) => openSocket(`${server.url}/graphql`, { authorization: `Bearer ${name}` });
    const sockets = await Promise.all(['one', 'one', 'one'].map(open));
    for (const socket of sockets) expect((await socket.next()).type).toBe('connection_ack');
    await using further = await open('one');
    // Clients try that again later.
    expect(await further.closed).toBe(1013);
    await using other = await open('other');
    expect((await other.next()).type).toBe('connection_ack');
    for (const socket of sockets) await socket[Symbol.asyncDispose]();
    await using again = await open('one');
    expect((await again.next()).type).toBe('connection_ack');
  });
});
