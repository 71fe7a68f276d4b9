import { setTimeout as later } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { jsonPost } from '../support/execute.ts';
import { openListening } from '../support/open-listening.ts';
import { connectTo } from '../support/raw-request.ts';
import { openSocket } from '../support/raw-socket.ts';
import { HANGS } from '../support/scripted-upstream.ts';

const QUERY = '{runs(first:3){nodes{id}}}';
const WATCH = 'subscription { runEvents { kind } }';
const BODY = JSON.stringify({ query: WATCH });
/** @param accept the types that the client takes */
const streamRequest = (accept: string, body = BODY) =>
  `POST /graphql HTTP/1.1\r\nhost: localhost\r\naccept: ${accept}\r\n` +
  `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;

it.each<[string, string, RequestInit]>([
  ['GET', `?query=${QUERY}`, {}],
  ['POST', '', jsonPost({ query: QUERY })],
  ['GET for events', `?query=${QUERY}`, { headers: { accept: 'text/event-stream' } }],
])(
  'A client that disconnects (%s) ends its upstream request, and the next client asks anew',
  async (_name, search, init) => {
    const ask = async (signal: AbortSignal) => {
      const response = await fetch(`${server.graphql}${search}`, { ...init, signal });
      return (await response.text()) && response.status;
    };
    await using server = await openListening({ script: () => HANGS });
    const { upstream } = server;
    const client = new AbortController();
    const asked = ask(client.signal).catch(() => 'left');
    await expect.poll(() => upstream.requests.length).toBe(1);
    client.abort();
    expect(await asked).toBe('left');
    await expect.poll(() => upstream.requests[0]?.signal.aborted).toBe(true);
    upstream.script = (_request, next) => next();
    expect(await ask(AbortSignal.timeout(60_000))).toBe(200);
    expect(upstream.requests).toHaveLength(2);
  },
);

describe('A client that disconnects while its subscription is being opened leaves nothing open', () => {
  it('by events', async () => {
    await using server = await openListening();
    for (let round = 0; round < 40; round++) {
      const socket = await connectTo(server.url);
      // Each is a type that the gateway has to find out about first.
      socket.write(streamRequest(`text/event-stream;q=0.${round + 10}`));
      await later(round % 2 === 0 ? 0 : round / 8);
      socket.resetAndDestroy();
    }
    // The last one of all is still seen.
    const watching = new AbortController();
    const init = jsonPost({ query: WATCH }, { accept: 'text/event-stream' });
    await fetch(server.graphql, { ...init, signal: watching.signal });
    await expect.poll(() => server.metric('subscriptions')).toBe(1);
    watching.abort();
    await expect.poll(() => server.metric('subscriptions')).toBe(0);
    expect(await server.metric('pollers')).toBe(0);
  });

  it('by a WebSocket that stays, and by those that are closed', async () => {
    const printed = vi.spyOn(console, 'error');
    await using server = await openListening();
    const url = server.graphql;
    await using staying = await openSocket(url);
    await staying.next();
    for (let round = 0; round < 40; round++) {
      staying.send({ type: 'subscribe', id: `${round}`, payload: { query: WATCH } });
      await later(round % 2 === 0 ? 0 : round / 8);
      staying.send({ type: 'complete', id: `${round}` });
      const { client } = await openSocket(url);
      for (const query of [WATCH, QUERY])
        client.send(JSON.stringify({ type: 'subscribe', id: query, payload: { query } }));
      await later(round / 8);
      if (round % 3 === 0) client.close();
      else client.terminate();
    }
    staying.send({ type: 'subscribe', id: 'last', payload: { query: WATCH } });
    await expect.poll(() => server.metric('subscriptions')).toBe(1);
    staying.send({ type: 'complete', id: 'last' });
    await expect.poll(() => server.metric('subscriptions')).toBe(0);
    expect(staying.client.readyState).toBe(staying.client.OPEN);
    // Where the log goes may be a pipe that nobody reads.
    expect(printed.mock.calls).toEqual([]);
  });
});
