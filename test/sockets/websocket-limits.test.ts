import { once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { openListening } from '../support/open-listening.ts';
import { NO_INIT, openSocket } from '../support/raw-socket.ts';
import { connected } from './connected.ts';

const WATCH = { query: 'subscription { runEvents { kind runId } }' };
const TYPENAME = { query: '{ __typename }' };

/** Stops the timers of the gateway; to be disposed of before the gateway is, which waits for some. */
function stopTimers(): Disposable {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  return { [Symbol.dispose]: () => void vi.useRealTimers() };
}

describe('A client is cut off', () => {
  const deep = `{"type":"ping","payload":{"\\n":${'['.repeat(490_000)}${']'.repeat(490_000)}}}`;

  it.each([
    [
      'an operation before it has said who it is',
      NO_INIT,
      { type: 'subscribe', id: '1', payload: TYPENAME },
      4401,
    ],
    ['twice who it is', {}, { type: 'connection_init' }, 4429],
    ['what is no JSON', {}, 'nonsense', 4400],
    ['a list', {}, '[]', 4400],
    ['an unknown message', {}, { type: 'start', id: '1' }, 4400],
    ['an operation without an id', {}, { type: 'subscribe', payload: TYPENAME }, 4400],
    [
      'an operation with a very long id',
      {},
      { type: 'subscribe', id: 'x'.repeat(257), payload: TYPENAME },
      4400,
    ],
    ['an operation without a payload', {}, { type: 'subscribe', id: '1' }, 4400],
    ['very deep JSON', {}, deep, 4400],
    ['more than a mebibyte', {}, { type: 'ping', payload: { a: 'x'.repeat(1024 * 1024) } }, 1009],
  ])('that sends %s', async (_what, init, message, code) => {
    await using server = await connected({}, init);
    if (init !== NO_INIT) await server.socket.next();
    server.socket.send(message);
    expect(await server.socket.closed).toBe(code);
  });

  it.each([
    ['1', 'Subscriber for 1 already exists'],
    ['\u{1F600}'.repeat(24), 'Subscriber already exists'],
  ])('that uses an id again while it is in use: %s', async (id, reason) => {
    await using server = await connected();
    for (let count = 0; count < 2; count++) server.socket.send({ type: 'subscribe', id, payload: WATCH });
    expect(await server.socket.closed).toBe(4409);
    expect(await server.socket.reason).toBe(reason);
    await expect.poll(() => server.metric('subscriptions')).toBe(0);
  });

  it('that never says who it is', async () => {
    await using server = await openListening();
    using _timers = stopTimers();
    await using socket = await openSocket(`${server.url}/graphql`, NO_INIT);
    vi.advanceTimersByTime(5_000);
    expect(await socket.closed).toBe(4408);
  });

  it('whose message never ends, although it goes on sending; one that takes half as long is read', async () => {
    await using server = await openListening();
    using _timers = stopTimers();
    await using socket = await openSocket(`${server.url}/graphql`);
    await socket.next();
    const { client } = socket;
    /** Sends a part, and waits until it has been read. */
    const send = async (part: string): Promise<void> => {
      client.send(part, { fin: false });
      client.ping();
      await once(client, 'pong');
    };
    await send('{"type":');
    vi.advanceTimersByTime(15_000);
    await send('"ping"');
    client.send('}');
    expect(await socket.next()).toEqual({ type: 'pong' });
    for (let second = 0; second < 29; second++) {
      await send(' ');
      vi.advanceTimersByTime(1_000);
    }
    await send(' ');
    // Until it is late, and then until it has had time to say so.
    for (let second = 0; second < 9; second++) vi.advanceTimersByTime(1_000);
    expect(await socket.closed).toBe(4408);
  });
});

describe('A client', () => {
  it('has at most a hundred operations open', async () => {
    await using server = await connected();
    const { socket } = server;
    await socket.next();
    for (let id = 0; id < 500; id++) socket.send({ type: 'subscribe', id: `${id}`, payload: WATCH });
    for (let count = 0; count < 400; count++) {
      const { id, payload } = await socket.next();
      expect(payload).toMatchObject({
        errors: [{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS', requestId: expect.any(String) } }],
      });
      expect(await socket.next()).toEqual({ id, type: 'complete' });
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
