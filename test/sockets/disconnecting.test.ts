import { setTimeout as later } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { jsonPost } from '../support/execute.ts';
import { openListening } from '../support/open-listening.ts';
import { HANGS } from '../support/scripted-upstream.ts';

const QUERY = '{runs(first:3){nodes{id}}}';
const WATCH = { query: 'subscription { runEvents { kind } }' };

it.each<[string, string, RequestInit]>([
  ['GET', `?query=${QUERY}`, {}],
  ['POST', '', jsonPost({ query: QUERY })],
  ['GET for events', `?query=${QUERY}`, { headers: { accept: 'text/event-stream' } }],
])('A client that disconnects (%s) ends its upstream request', async (_name, search, init) => {
  await using server = await openListening({ script: () => HANGS });
  const { requests } = server.upstream;
  const client = new AbortController();
  const asked = fetch(`${server.graphql}${search}`, { ...init, signal: client.signal });
  await expect.poll(() => requests.length).toBe(1);
  client.abort();
  await expect(asked).rejects.toThrow('aborted');
  await expect.poll(() => requests[0]?.signal.aborted).toBe(true);
});

it('A client of WebSockets that completes an operation before its answer, or disconnects, ends its upstream request', async () => {
  await using server = await openListening({ script: () => HANGS });
  const { upstream } = server;
  const socket = await server.connect();
  for (const [index, leave] of [
    () => socket.send({ type: 'complete', id: '0' }),
    () => socket.client.terminate(),
  ].entries()) {
    const query = `{ runs(first: ${index + 1}) { nodes { id } } }`;
    socket.send({ type: 'subscribe', id: `${index}`, payload: { query } });
    await expect.poll(() => upstream.requests.length).toBe(index + 1);
    leave();
    await expect.poll(() => upstream.requests[index]?.signal.aborted).toBe(true);
  }
  expect(socket.inbox).toEqual([]);
  // That is no failure of the gateway.
  const counts = server.gateway.metrics.registry.getSingleMetricAsString('runs_gateway_operations_total');
  expect(await counts).not.toContain('code=');
});

it('A client of WebSockets that completes subscriptions while they are being opened leaves nothing open', async () => {
  const printed = vi.spyOn(console, 'error');
  await using server = await openListening();
  const socket = await server.connect();
  for (let round = 0; round < 40; round++) {
    socket.send({ type: 'subscribe', id: `${round}`, payload: WATCH });
    await later(round % 2 === 0 ? 0 : round / 8);
    socket.send({ type: 'complete', id: `${round}` });
  }
  socket.send({ type: 'subscribe', id: 'last', payload: WATCH });
  await expect.poll(() => server.metric('subscriptions')).toBe(1);
  socket.send({ type: 'complete', id: 'last' });
  await expect.poll(() => server.metric('subscriptions')).toBe(0);
  expect(socket.client.readyState).toBe(socket.client.OPEN);
  // Where the log goes may be a pipe that nobody reads.
  expect(printed.mock.calls).toEqual([]);
});
