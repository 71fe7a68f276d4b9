import { describe, expect, it } from 'vitest';
import { openListening } from '../support/open-listening.ts';
import { closing, connectTo } from '../support/raw-request.ts';
import { NO_INIT, openSocket } from '../support/raw-socket.ts';
import { HANGS } from '../support/scripted-upstream.ts';
import { serve } from '../support/serve.ts';

/** As many connections of each kind, and as many requests as a caller may have under way. */
const COUNT = 20;

const get = (query: string, headers = '') =>
  `GET /graphql?query=${encodeURIComponent(query)} HTTP/1.1\r\nhost: localhost\r\n${headers}\r\n`;
const WATCH = 'subscription{runEvents{kind}}';
const LIST = '{runs{nodes{id}}}';
const STREAM = get(WATCH, 'accept: text/event-stream\r\n');
const QUERY = get('{__typename}');
const SLOW = get(LIST);
const UPGRADE =
  'GET /graphql HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\nupgrade: websocket\r\n' +
  'sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';

/** What is sent on each connection. */
const SENT: Readonly<Record<string, string>> = {
  'a stream': STREAM,
  'streams, one behind the other': STREAM.repeat(10),
  'streams behind a query': QUERY + STREAM.repeat(9),
  'streams behind a slow query': SLOW + STREAM.repeat(9),
  'streams ahead of an upgrade': `${STREAM.repeat(9)}${UPGRADE}sec-websocket-protocol: graphql-transport-ws\r\n\r\n`,
  'streams ahead of an upgrade to another protocol': `${STREAM.repeat(9)}${UPGRADE}\r\n`,
  'streams ahead of CONNECT': `${STREAM.repeat(9)}CONNECT localhost:443 HTTP/1.1\r\nhost: localhost\r\n\r\n`,
  'streams ahead of what is not HTTP': `${STREAM.repeat(9)}nonsense\r\n\r\n`,
  'streams ahead of half a body': `${STREAM.repeat(9)}POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{`,
  'a slow query': SLOW,
};

const INIT = { type: 'connection_init' };
const subscribe = (id: string, query: string) => ({ type: 'subscribe', id, payload: { query } });

/** A gateway whose upstream answers the list of a slow query never, behind its own server or that of an app. */
async function openServer(isOwn: boolean) {
  await using opening = new AsyncDisposableStack();
  const gateway = opening.use(
    await openListening({
      script: ({ query }, next) => (query.get('limit') === '51' ? HANGS : next()),
      config: { maxRequestsPerCaller: COUNT },
    }),
  );
  const app = opening.use(await serve(gateway.gateway.listener));
  app.server.on('upgrade', gateway.gateway.upgrade);
  const parts = opening.move();
  return {
    url: isOwn ? gateway.url : app.baseUrl,
    metric: (name: string) => gateway.metric(name),
    requests: gateway.upstream.requests,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

type Served = Awaited<ReturnType<typeof openServer>>;

/** Opens connections, which end after their requests have arrived, and may have been answered. */
async function sendAndCut({ url, metric, requests }: Served, sent: string): Promise<void> {
  const sockets = await Promise.all(Array.from({ length: COUNT }, () => connectTo(url)));
  const ended = sockets.map((socket) => closing(socket.resume()));
  for (const socket of sockets) socket.write(sent);
  const arrived = async () => (await metric('subscriptions')) + requests.length;
  await Promise.race([Promise.all(ended), expect.poll(arrived).toBeGreaterThan(0)]);
  for (const socket of sockets) socket.resetAndDestroy();
}

async function expectNothingHeld({ url, metric }: Served): Promise<void> {
  for (const name of ['subscriptions', 'pollers', 'upstream_in_flight', 'upstream_waiting'])
    await expect.poll(() => metric(name), { message: name }).toBe(0);
  const ask = () => fetch(`${url}/graphql?query={__typename}`).then(({ status }) => status);
  const statuses = () => Promise.all(Array.from({ length: COUNT }, ask));
  await expect.poll(statuses).toEqual(Array(COUNT).fill(200));
}

const SERVERS = [
  ['the gateway', true],
  ['an app', false],
] as const;

describe.each(SERVERS)('In the server of %s, nothing is held', (_name, isOwn) => {
  it.each(Object.entries(SENT))('for %s whose connection is gone', async (_what, sent) => {
    await using server = await openServer(isOwn);
    await sendAndCut(server, sent);
    await expectNothingHeld(server);
  });

  it.each<[when: string, messages: readonly object[], subscriptions: number]>([
    ['before connection_init', [], 0],
    ['when they are accepted', [INIT], 0],
    ['when they subscribe', [INIT, subscribe('1', WATCH)], 0],
    ['with subscriptions and operations', [INIT, subscribe('2', LIST), subscribe('1', WATCH)], COUNT],
  ])('for WebSockets that are cut %s', async (_when, messages, subscriptions) => {
    await using server = await openServer(isOwn);
    const opening = Array.from({ length: COUNT }, () => openSocket(`${server.url}/graphql`, NO_INIT));
    const sockets = await Promise.all(opening);
    for (const { send } of sockets) for (const message of messages) send(message);
    if (subscriptions > 0) await expect.poll(() => server.metric('subscriptions')).toBe(subscriptions);
    for (const { client } of sockets) client.terminate();
    await expectNothingHeld(server);
  });
});
