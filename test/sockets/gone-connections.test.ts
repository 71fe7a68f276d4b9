import type { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { openListening } from '../support/open-listening.ts';
import { connectTo } from '../support/raw-request.ts';
import { HANGS } from '../support/scripted-upstream.ts';
import { serve } from '../support/serve.ts';

/** As many connections of each kind, and as many requests as a caller may have under way. */
const COUNT = 20;

const get = (query: string, headers = '') =>
  `GET /graphql?query=${encodeURIComponent(query)} HTTP/1.1\r\nhost: localhost\r\n${headers}\r\n`;
const STREAM = get('subscription{runEvents{kind}}', 'accept: text/event-stream\r\n');
const QUERY = get('{__typename}');
const SLOW = get('{runs{nodes{id}}}');
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

/** Opens connections, which end after their requests have arrived, and may have been answered. */
async function sendAndCut(url: string, sent: string, open: (socket: Socket) => Promise<unknown>) {
  const sockets = await Promise.all(Array.from({ length: COUNT }, () => connectTo(url)));
  for (const socket of sockets) socket.on('error', () => undefined).resume();
  await Promise.all(sockets.map((socket) => (socket.write(sent), open(socket))));
  for (const socket of sockets) socket.resetAndDestroy();
}

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

async function expectNothingHeld({ url, metric }: Served): Promise<void> {
  for (const name of ['subscriptions', 'pollers', 'upstream_in_flight', 'upstream_waiting'])
    await expect.poll(() => metric(name), { message: name }).toBe(0);
  const ask = () => fetch(`${url}/graphql?query={__typename}`).then(({ status }) => status);
  await expect
    .poll(() => Promise.all(Array.from({ length: COUNT }, ask)))
    .toEqual(Array.from({ length: COUNT }, () => 200));
}

const byServer = [true, false].flatMap((isOwn) =>
  Object.entries(SENT).map(([name, sent]) => [isOwn ? 'the gateway' : 'an app', name, sent, isOwn] as const),
);

it.each(byServer)('In the server of %s, nothing is held for %s whose connection is gone', async (...row) => {
  const [, , sent, isOwn] = row;
  await using server = await openServer(isOwn);
  await sendAndCut(server.url, sent, (socket) => {
    const ended = new Promise((resolve) => socket.once('close', resolve));
    const arrived = expect
      .poll(async () => (await server.metric('subscriptions')) + server.requests.length)
      .toBeGreaterThan(0);
    return Promise.race([ended, arrived]);
  });
  await expectNothingHeld(server);
});
