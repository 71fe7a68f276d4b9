import { once } from 'node:events';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { RevocationSource } from '../../src/access/revocation.ts';
import { stopClock } from '../support/clock.ts';
import { jsonPost } from '../support/execute.ts';
import { openListening } from '../support/open-listening.ts';
import { NO_INIT, openSocket } from '../support/raw-socket.ts';

const RUN = {
  id: 'run-00000000-0000-4000-8000-000000000001',
  agent_id: 'agent-00000000-0000-4000-8000-000000000001',
  status: 'completed' as const,
  created_at: '2026-01-01T00:00:00Z',
};
const TYPENAME = { query: '{ __typename }' };

it.each([
  ['in the message that opens the connection', { Authorization: 'Bearer right' }, {}, undefined],
  ['in the header', {}, { authorization: 'Bearer right' }, undefined],
  [
    'in the header, and a wrong one in the message',
    { authorization: 'no' },
    { authorization: 'Bearer right' },
    4403,
  ],
  ['that is wrong', { authorization: 'Bearer wrong' }, {}, 4403],
  ['that is no text', { authorization: ['Bearer right'] }, {}, 4403],
])('ACCESS_TOKENS by WebSocket: one %s', async (_name, init, headers, code) => {
  await using server = await openListening({ config: { accessTokens: ['right'], apiKey: 'key' } });
  await using socket = await openSocket(server.graphql, init, headers);
  if (code === undefined) expect(await socket.next()).toEqual({ type: 'connection_ack' });
  else expect(await socket.closed).toBe(code);
});

it('A WebSocket that is closed waits no longer for its access token to be removed', async () => {
  const stopWaiting = vi.fn();
  const waiting = vi.spyOn(RevocationSource.prototype, 'onRevoked').mockReturnValue(stopWaiting);
  onTestFinished(() => waiting.mockRestore());
  const config = { accessTokens: ['right'], apiKey: 'key' };
  await using server = await openListening({ config });
  const socket = await server.connect({ Authorization: 'Bearer right' });
  expect([waiting, stopWaiting].map(({ mock }) => mock.calls.length)).toEqual([1, 0]);
  socket.client.terminate();
  await expect.poll(() => stopWaiting.mock.calls.length).toBe(1);
});

it('A WebSocket without connection_init is closed after five seconds', async () => {
  await using server = await openListening();
  using clock = stopClock();
  await using late = await openSocket(server.graphql, NO_INIT);
  await using other = await openSocket(server.graphql);
  await other.next();
  await clock.pass(5_000);
  expect([await late.closed, await late.reason]).toEqual([4408, 'Connection initialisation timeout']);
  other.send({ type: 'ping' });
  expect(await other.next()).toEqual({ type: 'pong' });
});

it('A WebSocket that has not answered a ping before the next one is disconnected', async () => {
  await using server = await openListening();
  using clock = stopClock();
  await using silent = await openSocket(server.graphql, {}, {}, { autoPong: false });
  await using other = await openSocket(server.graphql);
  await Promise.all([silent.next(), other.next()]);
  const pinged = [silent, other].map(({ client }) => once(client, 'ping'));
  await clock.pass(12_000);
  await Promise.all(pinged);
  // Its pong has arrived before this ping.
  other.send({ type: 'ping' });
  await other.next();
  await clock.pass(12_000);
  expect(await silent.closed).toBe(1006);
  expect(other.client.readyState).toBe(other.client.OPEN);
});

describe('A client of WebSockets', () => {
  it('gets an error with a code for what is no operation, and its others go on', async () => {
    await using server = await openListening();
    const socket = await server.connect();
    const payloads = [
      { query: '' },
      { query: '{__typename}', surplus: 1 },
      { query: '', documentId: 'sha256:1' },
    ];
    for (const [id, payload] of payloads.entries()) socket.send({ type: 'subscribe', id: `${id}`, payload });
    for (const _payload of payloads) {
      expect(await socket.next()).toMatchObject({
        type: 'error',
        payload: [
          {
            extensions: {
              code: expect.stringMatching(/^(?:BAD_REQUEST|PERSISTED_QUERY_NOT_SUPPORTED)$/),
              requestId: expect.stringMatching(/./),
            },
          },
        ],
      });
    }
    socket.send({ type: 'subscribe', id: 'good', payload: TYPENAME });
    expect(await socket.next()).toMatchObject({ id: 'good', payload: { data: { __typename: 'Query' } } });
  });

  it.each([
    ['GRAPHQL_VALIDATION_FAILED', 'subscription { runEvents { nothing } }', 'error'],
    ['BAD_USER_INPUT', 'subscription { runEvents(agentId: "x") { kind } }', 'next'],
    ['COST_LIMIT_EXCEEDED', '{ runs(first: 1000) { nodes { steps(first: 100) { nodes { id } } } } }', 'next'],
  ])('gets %s of %s as `%s`, and its request id with it', async (code, query, type) => {
    await using server = await openListening();
    const socket = await server.connect({ 'X-Request-Id': 'mine' });
    socket.send({ type: 'subscribe', id: '1', payload: { query } });
    const errors = [{ message: expect.any(String), extensions: { code, requestId: 'mine/1' } }];
    expect(await socket.next()).toMatchObject({
      id: '1',
      type,
      payload: type === 'next' ? { errors } : errors,
    });
    if (type === 'next') expect(await socket.next()).toEqual({ id: '1', type: 'complete' });
  });
});

it('A key that one client spells with an escape is not read as a key that another one has sent', async () => {
  await using server = await openListening();
  const [one, other] = [await server.connect(), await server.connect()];
  const query = 'query($int: Int) { runs(first: $int) { nodes { id } } }';
  const ask = async (socket: typeof other, value: string) => {
    socket.send(`{"type":"subscribe","id":"1","payload":{"query":"${query}","variables":{"int":${value}}}}`);
    const { payload } = await socket.next();
    expect((await socket.next()).type).toBe('complete');
    return payload.errors[0].message;
  };
  // After this, V8's own parser looks for the key `gr\\u0` wherever a text has `gr\u0`.
  for (const _again of [1, 2]) await ask(other, String.raw`{"v":1,"gr\\u0":2}`);
  const message = await ask(one, String.raw`{"v":1,"gr\u00f6\u00dfe":2}`);
  expect(message).toContain('value: { v: 1, größe: 2 }');
});

it('An answer by WebSocket is that of a POST, byte by byte, however large it is', async () => {
  const rows = [1, 2, 3].map(
    (n) =>
      `{"id":"${RUN.id.replace(/1$/, `${9 - n}`)}","agent_id":"${RUN.agent_id}","status":"running","created_at":"2026-01-01T00:00:0${9 - n}Z",` +
      `"metadata":{"big":12345678901234567890,"text":"\\"\\\\\u2028${'ü'.repeat(n * 100_000)}"}}`,
  );
  await using server = await openListening({ script: () => ({ body: `[${rows.join()}]` }) });
  const query = '{ runs(first: 5) { nodes { id metadata } } broken: run(id: "x") { id } }';
  const posted = await (await fetch(server.graphql, jsonPost({ query }))).text();
  const socket = await server.connect();
  socket.send({ type: 'subscribe', id: '1', payload: { query } });
  const [sent] = await once(socket.client, 'message');
  const withoutIds = (text: string) => text.replaceAll(/"requestId":"[^"]+"/g, '');
  expect(withoutIds(String(sent))).toBe(withoutIds(`{"id":"1","type":"next","payload":${posted}}`));
  expect(posted.length).toBeGreaterThan(600_000);
});
