import { once } from 'node:events';
import type { Plugin } from 'graphql-yoga';
import { describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { type ConnectionHandlers, serveClient } from '../../src/http/websockets/protocol.ts';
import { settle } from '../support/clock.ts';
import { openListening } from '../support/open-listening.ts';
import { openSocket } from '../support/raw-socket.ts';

const WATCH = { query: 'subscription { runEvents { kind runId } }' };
const TYPENAME = { query: '{ __typename }' };
const TYPENAME_DATA = { __typename: 'Query' };

describe('A client of WebSockets is cut off', () => {
  it('that sends more than 64 KiB', async () => {
    await using server = await openListening();
    const socket = await server.connect();
    socket.send({ type: 'ping', payload: { a: 'x'.repeat(64 * 1024) } });
    expect(await socket.closed).toBe(1009);
  });

  it('that sends a message in very many pieces', async () => {
    await using server = await openListening();
    const { client, closed } = await server.connect();
    for (let count = 0; count < 1_000; count++) client.send(' ', { fin: false });
    expect(await closed).toBe(1008);
  });
});

describe('A client of WebSockets', () => {
  it('has at most a hundred operations open', async () => {
    await using server = await openListening();
    const socket = await server.connect();
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

  it('may use the id of an operation again that it has completed, also before it has ended, but no other id', async () => {
    const { promise, resolve: endWait } = Promise.withResolvers<void>();
    const onParams: Plugin['onParams'] = ({ params }) => (params.query === WATCH.query ? undefined : promise);
    await using server = await openListening({ config: { plugins: [{ onParams }] } });
    const socket = await server.connect();
    const messageOf = (type: string, payload?: object, id = '1') => ({ type, id, payload });
    for (const message of [
      messageOf('subscribe', TYPENAME),
      messageOf('complete'),
      messageOf('subscribe', WATCH),
    ])
      socket.send(message);
    await expect.poll(() => server.metric('subscriptions')).toBe(1);
    endWait();
    socket.send(messageOf('subscribe', TYPENAME, '2'));
    for (const type of ['next', 'complete']) expect(await socket.next()).toMatchObject({ id: '2', type });
    socket.send(messageOf('complete'));
    await expect.poll(() => server.metric('subscriptions')).toBe(0);
    for (const _again of [1, 2]) socket.send(messageOf('subscribe', WATCH));
    expect([await socket.closed, await socket.reason]).toEqual([4409, 'Subscriber for 1 already exists']);
    await expect.poll(() => server.metric('subscriptions')).toBe(0);
  });

  it('is closed by a code that clients know, also if the reason would be cut within a character', async () => {
    await using server = await openListening();
    const socket = await server.connect();
    const id = `a${'é'.repeat(80)}`;
    for (const _again of [1, 2]) socket.send({ type: 'subscribe', id, payload: WATCH });
    expect(await socket.closed).toBe(4409);
    expect(await socket.reason).toMatch(/^Subscriber for aé+$/);
  });

  it('holds neither memory nor ids for operations that were refused, but may send as much as before', async () => {
    await using server = await openListening();
    const socket = await server.connect();
    // Together they count nearly twice as much as a caller may hold.
    const variables = { junk: 'x'.repeat(60_000) };
    const send = async (id: number, query: string) => {
      socket.send({ type: 'subscribe', id: `${id}`, payload: { query, variables } });
      return (await socket.next()).payload;
    };
    for (let id = 0; id < 200; id++)
      expect(await send(id, '{ nothing }')).toMatchObject([
        { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
      ]);
    for (let id = 0; id < 99; id++) {
      socket.send({ type: 'subscribe', id: `${id}`, payload: { ...WATCH, variables } });
    }
    await expect.poll(() => server.metric('subscriptions')).toBe(99);
    expect(await send(100, TYPENAME.query)).toEqual({ data: TYPENAME_DATA });
  });

  it('has at most MAX_REQUESTS_PER_CALLER WebSockets, and another one as many', async () => {
    await using server = await openListening({ config: { maxRequestsPerCaller: 3 } });
    const open = (name: string) => openSocket(server.graphql, { authorization: `Bearer ${name}` });
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

describe('A client of WebSockets that reads nothing', () => {
  it('has few of its pings answered, and goes on when it reads', async () => {
    await using server = await openListening();
    const socket = await server.connect();
    const ping = { type: 'ping', payload: { filler: 'x'.repeat(60_000) } };
    socket.client.pause();
    for (let count = 0; count < 500; count++) socket.send(ping);
    await expect.poll(() => socket.client.bufferedAmount, { timeout: 20_000 }).toBe(0);
    socket.client.resume();
    socket.send({ type: 'subscribe', id: '1', payload: TYPENAME });
    let pongs = 0;
    while ((await socket.next()).type === 'pong') pongs++;
    // As many as the buffers of the system hold, and 64 KiB.
    expect(pongs).toBeLessThan(200);
  });

  it.each([
    ['errors of 190 operations', 190, '{', Infinity],
    ['results of 500 operations, of which it has completed most', 500, TYPENAME.query, 50],
  ])('is cut off by the %s', async (_what, operations, query, open) => {
    await using server = await openListening();
    const { client, closed } = await server.connect();
    client.pause();
    const idOf = (count: number) => `${count}${'x'.repeat(60_000)}`;
    const send = (message: object) => client.send(JSON.stringify(message), () => undefined);
    for (let count = 0; count < operations; count++) {
      send({ type: 'subscribe', id: idOf(count), payload: { query } });
      if (count >= open) send({ type: 'complete', id: idOf(count - open) });
    }
    await expect.poll(() => client.bufferedAmount, { timeout: 20_000 }).toBe(0);
    client.resume();
    expect(await closed).toBe(1006);
  });
});

it('An operation by WebSocket that is completed lasts until its latest result was read, since it holds the memory', async () => {
  const { promise: signalled, resolve } = Promise.withResolvers<AbortSignal>();
  const handlers: ConnectionHandlers = {
    connect: () => true,
    async subscribe({ controller: { signal }, send }) {
      resolve(signal);
      await send(Buffer.from('{}'.padEnd(64 * 1024 * 1024)));
      return undefined;
    },
    operationEnded: () => undefined,
    closed: () => undefined,
    failed: (error) => expect.unreachable(String(error)),
  };
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (client) => serveClient(client, handlers));
  await once(server, 'listening');
  await using socket = await openSocket(`http://127.0.0.1:${Object(server.address()).port}`);
  await socket.next();
  socket.client.pause();
  socket.send({ type: 'subscribe', id: '1', payload: TYPENAME });
  socket.send({ type: 'complete', id: '1' });
  const signal = await signalled;
  await settle();
  expect(signal.aborted).toBe(false);
  socket.client.resume();
  await expect.poll(() => signal.aborted).toBe(true);
  server.close();
});

it('Headers of connection_init are not those of the upgrade', async () => {
  const init = { host: 'not a host', 'content-encoding': 'other', 'Content-Length': '9999999' };
  await using server = await openListening();
  const socket = await server.connect(init);
  socket.send({ type: 'subscribe', id: '1', payload: TYPENAME });
  expect(await socket.next()).toMatchObject({ type: 'next', payload: { data: TYPENAME_DATA } });
});
