import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createGateway } from '../../src/gateway.ts';
import { listen } from '../../src/http/server/listen.ts';
import { startFixedUpstream } from '../support/fixed-upstream.ts';
import { startListening } from '../support/listening-gateway.ts';
import { openSocket } from '../support/raw-socket.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { serve } from '../support/serve.ts';

const UPSTREAM = { upstreamUrl: 'http://127.0.0.1:1' };
const TYPENAME = { query: '{ __typename }' };

/** An upstream that answers nothing. */
async function startSilentUpstream() {
  let open = 0;
  const served = await serve((_request, response) => {
    open += 1;
    response.once('close', () => (open -= 1));
  });
  return {
    ...served,
    /** Requests that wait for an answer. */
    open: () => open,
  };
}

describe('An operation', () => {
  it('that the client completes before it is answered goes on no longer', async () => {
    await using upstream = await startSilentUpstream();
    await using server = await startListening({
      upstreamUrl: upstream.baseUrl,
      upstreamTimeoutMs: 120_000,
    });
    await using socket = await openSocket(`${server.url}/graphql`);
    await socket.next();
    socket.send({ type: 'subscribe', id: '1', payload: { query: '{ runs(first: 1) { nodes { id } } }' } });
    await expect.poll(upstream.open).toBeGreaterThan(0);
    socket.send({ type: 'complete', id: '1' });
    await expect.poll(upstream.open).toBe(0);
    expect(socket.inbox).toEqual([]);
  });

  it('may have the id of one that the client has just completed, and gets its own answer', async () => {
    await using server = await startListening({ liveIdleIntervalMs: 1000 });
    await using socket = await openSocket(`${server.url}/graphql`);
    await socket.next();
    const watch = { query: 'subscription { runEvents { kind } }' };
    for (let round = 0; round < 20; round++) {
      socket.send({ type: 'subscribe', id: '1', payload: watch });
      // At different states of its opening; at once is in the same part that the server reads.
      if (round % 4 !== 0) await new Promise((resolve) => setTimeout(resolve, round));
      socket.send({ type: 'complete', id: '1' });
      socket.send({ type: 'subscribe', id: '1', payload: TYPENAME });
      expect(await socket.next()).toMatchObject({ type: 'next', payload: { data: { __typename: 'Query' } } });
      expect(await socket.next()).toEqual({ id: '1', type: 'complete' });
    }
    expect(socket.inbox).toEqual([]);
  });

  it('has an id of at most 256 characters, which is kept as long as it is open', async () => {
    await using server = await startListening(UPSTREAM);
    await using socket = await openSocket(`${server.url}/graphql`);
    await socket.next();
    socket.send({ type: 'subscribe', id: 'ü'.repeat(256), payload: TYPENAME });
    expect(await socket.next()).toMatchObject({ id: 'ü'.repeat(256), type: 'next' });
    socket.send({ type: 'subscribe', id: 'x'.repeat(257), payload: TYPENAME });
    expect(await socket.closed).toBe(4400);
  });

  it('is answered with the bytes of a POST, however large they are', async () => {
    const runs = Array.from({ length: 3 }, (_, index) => ({
      id: `run-00000000-0000-4000-8000-00000000000${9 - index}`,
      agent_id: 'agent-00000000-0000-4000-8000-000000000001',
      status: 'running',
      created_at: `2026-01-01T00:00:0${9 - index}Z`,
      metadata: { big: 12345678901234567890n, text: `"\\\u2028${'ü'.repeat(index * 200_000)}` },
    }));
    const body = JSON.stringify(runs, (_key, value) => (typeof value === 'bigint' ? 'BIG' : value));
    await using upstream = await startFixedUpstream(body.replaceAll('"BIG"', '12345678901234567890'));
    await using server = await startListening({ upstreamUrl: upstream.baseUrl });
    const url = `${server.url}/graphql`;
    const query = '{ runs(first: 5) { nodes { id metadata } } broken: run(id: "x") { id } }';
    const headers = { 'content-type': 'application/json' };
    const posted = await (
      await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) })
    ).text();
    const client = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
    await once(client, 'open');
    client.send('{"type":"connection_init"}');
    await once(client, 'message');
    client.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query } }));
    const [sent]: Buffer[] = await once(client, 'message');
    client.terminate();
    const withoutIds = (text: string) => text.replaceAll(/"requestId":"[^"]+"/g, '');
    expect(withoutIds(String(sent))).toBe(withoutIds(`{"id":"1","type":"next","payload":${posted}}`));
    expect(posted.length).toBeGreaterThan(500_000);
  });
});

it('A caller has at most MAX_CONNECTIONS_PER_CALLER WebSockets, and another one as many', async () => {
  await using server = await startListening({ ...UPSTREAM, maxConnectionsPerCaller: 3 });
  const open = (name: string) => openSocket(`${server.url}/graphql`, { authorization: `Bearer ${name}` });
  const sockets = await Promise.all(['one', 'one', 'one'].map(open));
  for (const socket of sockets) expect((await socket.next()).type).toBe('connection_ack');
  await using further = await open('one');
  // Clients try that again later.
  expect(await further.closed).toBe(1013);
  await using other = await open('other');
  expect((await other.next()).type).toBe('connection_ack');
  sockets[0]?.client.terminate();
  await expect
    .poll(async () => {
      await using again = await open('one');
      return await again.next().then(({ type }) => type, String);
    })
    .toBe('connection_ack');
  for (const { client } of sockets) client.terminate();
});

it('Each refusal, and each connection that is closed for what its client sent, gives one line', async () => {
  const { log, lines } = recordedLog();
  await using gateway = await createGateway({ ...UPSTREAM, accessTokens: ['right'], apiKey: 'key', log });
  await using server = await listen(gateway, { host: '127.0.0.1', port: 0 });
  const url = `${server.url}/graphql`;
  const codes: unknown[] = [];
  for (const [init, message] of [
    [{ authorization: 'Bearer wrong' }, undefined],
    [{ authorization: 'Bearer right' }, 'nonsense'],
    [{ authorization: 'Bearer right' }, { type: 'connection_init' }],
    [{ authorization: 'Bearer right' }, { type: 'secret', id: '1' }],
  ] as const) {
    await using socket = await openSocket(url, init);
    if (message !== undefined) {
      await socket.next();
      socket.send(message);
    }
    codes.push(await socket.closed);
  }
  expect(codes).toEqual([4403, 4400, 4429, 4400]);
  const foreign = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', {
    origin: 'https://evil.example',
  });
  await once(foreign, 'error');
  expect(lines.map(({ message, fields }) => [message, fields['code'], fields['reason']])).toEqual([
    ['Refused', 'UNAUTHENTICATED', expect.stringContaining('access token')],
    ['Connection closed', 'BAD_REQUEST', 'Closed with 4400'],
    ['Connection closed', 'BAD_REQUEST', 'Closed with 4429'],
    ['Connection closed', 'BAD_REQUEST', 'Closed with 4400'],
    ['Refused', 'FORBIDDEN', expect.stringContaining('CORS_ORIGINS')],
  ]);
  expect(JSON.stringify(lines)).not.toMatch(/secret|wrong|right/);
});

describe('While draining', () => {
  it('upgrades get 503, so that proxies choose another replica', async () => {
    await using gateway = await createGateway(UPSTREAM);
    await using server = await listen(gateway, { host: '127.0.0.1', port: 0 });
    await using before = await openSocket(`${server.url}/graphql`);
    await before.next();
    gateway.startDraining();
    const client = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    client.on('error', () => undefined);
    const [, response] = await once(client, 'unexpected-response');
    expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '1']);
    client.terminate();
    // What is open is answered, and closed then.
    before.send({ type: 'subscribe', id: '1', payload: TYPENAME });
    expect(await before.next()).toMatchObject({ payload: { data: { __typename: 'Query' } } });
    expect(await before.closed).toBe(1001);
  });

  it('idle connections are closed one by one', async () => {
    await using gateway = await createGateway({ ...UPSTREAM, drainTimeoutMs: 2000 });
    const server = await listen(gateway, { host: '127.0.0.1', port: 0 });
    const sockets = await Promise.all(Array.from({ length: 40 }, () => openSocket(`${server.url}/graphql`)));
    for (const socket of sockets) await socket.next();
    const left: number[] = [];
    const codes = sockets.map(async ({ closed }) => {
      const code = await closed;
      left.push(sockets.filter(({ client }) => client.readyState === client.OPEN).length);
      return code;
    });
    await server[Symbol.asyncDispose]();
    expect(new Set(await Promise.all(codes))).toEqual(new Set([1001]));
    // Most of them were still open when the first ones were closed.
    expect(left[4]).toBeGreaterThan(20);
  });
});
