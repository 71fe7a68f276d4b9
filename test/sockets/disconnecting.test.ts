import { setTimeout as later } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { openListening } from '../support/open-listening.ts';
import { connectTo } from '../support/raw-request.ts';
import { openSocket } from '../support/raw-socket.ts';
import { HANGS } from '../support/scripted-upstream.ts';

const QUERY = '{runs(first:3){nodes{id}}}';
const WATCH = 'subscription { runEvents { kind } }';
const JSON_TYPE = { 'content-type': 'application/json' };
const body = (query: string) => JSON.stringify({ query });

/** What a client may send, with what it asks. */
const WAYS: Readonly<Record<string, (url: string, signal: AbortSignal) => Promise<Response>>> = {
  GET: (url, signal) => fetch(`${url}?query=${QUERY}`, { signal }),
  POST: (url, signal) => fetch(url, { method: 'POST', headers: JSON_TYPE, body: body(QUERY), signal }),
  'POST for events': (url, signal) => {
    const headers = { ...JSON_TYPE, accept: 'text/event-stream' };
    return fetch(url, { method: 'POST', headers, body: body(QUERY), signal }).then(async (response) => {
      await response.text();
      return response;
    });
  },
};

describe.each(Object.entries(WAYS))('A client that disconnects (%s)', (_name, ask) => {
  it('ends the upstream request that was made for it, and the next client asks anew', async () => {
    await using server = await openListening({ script: () => HANGS });
    const { upstream } = server;
    const client = new AbortController();
    const asked = ask(`${server.url}/graphql`, client.signal).catch(() => 'left');
    await expect.poll(() => upstream.requests.length).toBe(1);
    client.abort();
    expect(await asked).toBe('left');
    await expect.poll(() => upstream.requests[0]?.signal.aborted).toBe(true);
    upstream.script = (_request, next) => next();
    expect((await ask(`${server.url}/graphql`, AbortSignal.timeout(60_000))).status).toBe(200);
    expect(upstream.requests).toHaveLength(2);
  });

  it('leaves the request to the clients that share it, and the last one ends it', async () => {
    await using server = await openListening({ script: () => HANGS });
    const { upstream } = server;
    const clients = [new AbortController(), new AbortController(), new AbortController()];
    const asked = clients.map(({ signal }) => ask(`${server.url}/graphql`, signal).catch(() => 'left'));
    const joined = async () =>
      /upstream_calls_total\{kind="joined"\} (\d+)/.exec(
        await server.gateway.metrics.registry.metrics(),
      )?.[1];
    await expect.poll(joined).toBe('2');
    for (const client of clients.slice(1)) client.abort();
    await Promise.all(asked.slice(1));
    expect(upstream.requests.map(({ signal }) => signal.aborted)).toEqual([false]);
    clients[0]?.abort();
    await expect.poll(() => upstream.requests[0]?.signal.aborted).toBe(true);
  });
});

describe('A client that disconnects while its subscription is being opened leaves nothing open', () => {
  it('by events', async () => {
    await using server = await openListening();
    for (let round = 0; round < 40; round++) {
      const socket = await connectTo(server.url);
      // Each is a type that the gateway has to find out about first.
      socket.write(
        `POST /graphql HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream;q=0.${round + 10}\r\n` +
          `content-type: application/json\r\ncontent-length: ${body(WATCH).length}\r\n\r\n${body(WATCH)}`,
      );
      await later(round % 2 === 0 ? 0 : round / 8);
      socket.resetAndDestroy();
    }
    // The last one of all is still seen.
    const watching = new AbortController();
    const headers = { ...JSON_TYPE, accept: 'text/event-stream' };
    await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers,
      body: body(WATCH),
      signal: watching.signal,
    });
    await expect.poll(() => server.metric('subscriptions')).toBe(1);
    watching.abort();
    await expect.poll(() => server.metric('subscriptions')).toBe(0);
    expect(await server.metric('pollers')).toBe(0);
  });

  it('by a WebSocket that stays, and by those that are closed', async () => {
    const printed = vi.spyOn(console, 'error');
    await using server = await openListening();
    const url = `${server.url}/graphql`;
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
