import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createGateway } from '../../src/gateway.ts';
import { listen } from '../../src/http/server/listen.ts';
import { startListening } from '../support/listening-gateway.ts';
import { connectTo } from '../support/raw-request.ts';
import { serve } from '../support/serve.ts';

const UPSTREAM = { upstreamUrl: 'http://127.0.0.1:1' };

/** The head of an upgrade to GraphQL over WebSockets. */
const UPGRADE: Readonly<Record<string, string>> = {
  host: 'localhost',
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  'sec-websocket-version': '13',
  'sec-websocket-protocol': 'graphql-transport-ws',
};

function headOf(target: string, headers: Readonly<Record<string, string | undefined>>, method = 'GET') {
  const lines = Object.entries({ ...UPGRADE, ...headers })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${target} HTTP/1.1`, ...lines, '', ''].join('\r\n');
}

/** The head of the response to an upgrade, and its body if the gateway closes the connection. */
async function upgrade(
  url: string,
  headers: Readonly<Record<string, string | undefined>> = {},
  { target = '/graphql', method = 'GET' } = {},
): Promise<string> {
  const socket = await connectTo(url);
  socket.write(headOf(target, headers, method));
  let answer = '';
  for await (const chunk of socket) {
    answer += chunk;
    if (answer.startsWith('HTTP/1.1 101')) break;
  }
  socket.destroy();
  return answer;
}

const refusal = (status: number, code: string) =>
  new RegExp(`^HTTP/1\\.1 ${status} [^]*"code":"${code}"[^]*"requestId":"[^"]+"`);

const CROSS_SITE: readonly (readonly [
  name: string,
  corsOrigins: readonly string[],
  origin: string | undefined,
  isAllowed: boolean,
])[] = [
  ['of programs, which have none', [], undefined, true],
  ['of the gateway itself', [], 'http://localhost', true],
  ['of the gateway itself behind TLS', [], 'https://localhost', true],
  ['of another port of the same host', [], 'http://localhost:3000', false],
  ['of another site', [], 'https://evil.example', false],
  ['of a sandboxed page', [], 'null', false],
  ['that is empty', [], '', false],
  ['with the host as user', [], 'http://localhost@evil.example', false],
  ['with the host in front', [], 'http://localhost.evil.example', false],
  ['that is listed', ['https://app.example'], 'https://app.example', true],
  ['that is listed with another port', ['https://app.example'], 'https://app.example:8443', false],
  ['that is listed with another scheme', ['https://app.example'], 'http://app.example', false],
  ['that is not the listed one', ['https://app.example'], 'https://evil.example', false],
  ['of any page, where any is allowed', ['*'], 'https://evil.example', true],
  ['of sandboxed pages, where any is allowed', ['*'], 'null', true],
];

describe('An upgrade', () => {
  it.each(CROSS_SITE)(
    'with an origin %s (CORS_ORIGINS: %j)',
    async (_name, corsOrigins, origin, isAllowed) => {
      await using server = await startListening({ ...UPSTREAM, corsOrigins });
      const answer = await upgrade(server.url, { origin });
      if (isAllowed) expect(answer).toMatch(/^HTTP\/1\.1 101 /);
      else expect(answer).toMatch(refusal(403, 'FORBIDDEN'));
    },
  );

  it.each([
    ['a name that resolves to this machine', { host: 'rebound.example' }, 421, 'MISDIRECTED_REQUEST'],
    [
      'such a name with its own origin',
      { host: 'rebound.example:80', origin: 'http://rebound.example' },
      421,
      'MISDIRECTED_REQUEST',
    ],
    ['no host', { host: undefined }, 400, 'BAD_REQUEST'],
    ['a host with a path', { host: 'localhost/evil.example' }, 400, 'BAD_REQUEST'],
  ] as const)('for %s is refused on loopback', async (_name, headers, status, code) => {
    await using server = await startListening(UPSTREAM);
    expect(await upgrade(server.url, headers)).toMatch(refusal(status, code));
  });

  it('for a host that is not allowed is refused', async () => {
    await using server = await startListening({ ...UPSTREAM, allowedHosts: ['runs.example'] });
    expect(await upgrade(server.url, { host: 'evil.example' })).toMatch(refusal(421, 'MISDIRECTED_REQUEST'));
    expect(await upgrade(server.url, { host: 'runs.example' })).toMatch(/^HTTP\/1\.1 101 /);
  });

  it.each([
    ['another path', {}, { target: '/health' }, 404, 'NOT_FOUND'],
    ['a path with dots', {}, { target: '/x/../graphql' }, 400, 'BAD_REQUEST'],
    ['no key', { 'sec-websocket-key': undefined }, {}, 400, 'BAD_REQUEST'],
    ['a bad key', { 'sec-websocket-key': 'x' }, {}, 400, 'BAD_REQUEST'],
    ['another version', { 'sec-websocket-version': '7' }, {}, 400, 'BAD_REQUEST'],
    ['a bad protocol', { 'sec-websocket-protocol': 'a,,b' }, {}, 400, 'BAD_REQUEST'],
    ['another method', { 'content-length': '0' }, { method: 'POST' }, 400, 'BAD_REQUEST'],
  ] as const)(
    'with %s is refused, and its connection closed',
    async (_name, headers, request, status, code) => {
      await using server = await startListening(UPSTREAM);
      expect(await upgrade(server.url, headers, request)).toMatch(refusal(status, code));
    },
  );

  it('is closed with its code if the client speaks another protocol', async () => {
    await using server = await startListening(UPSTREAM);
    for (const protocols of [[], ['graphql-ws'], ['chat']]) {
      const client = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, protocols);
      // The client itself doesn't go on without the protocol that it asked for.
      client.on('error', () => undefined);
      const code = await new Promise((resolve) => client.once('close', resolve));
      expect(code).toBe(protocols.length === 0 ? 4406 : 1006);
    }
  });

  it('on the admin port is not one', async () => {
    await using gateway = await createGateway({ ...UPSTREAM, adminPort: 0 });
    await using admin = await listen(gateway.admin, { host: '127.0.0.1', port: 0 });
    expect(await upgrade(admin.url, { connection: 'Upgrade, close' })).toMatch(refusal(404, 'NOT_FOUND'));
  });
});

it.each(['h2c', 'TLS/1.0', 'h2c, websocket/0'])(
  'A client that offers %s is answered as if it had not',
  async (protocol) => {
    await using server = await startListening(UPSTREAM);
    const body = '{"query":"{__typename}"}';
    const socket = await connectTo(server.url);
    socket.end(
      `POST /graphql HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade, HTTP2-Settings\r\nupgrade: ${protocol}\r\n` +
        `http2-settings: AAMAAABkAAQAAP__\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 [^]*\{"data":\{"__typename":"Query"\}\}/);
  },
);

it('WebSockets count as connections, and those that are closed do no longer', async () => {
  await using server = await startListening({ ...UPSTREAM, maxConnections: 5 });
  const open = () => new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const outcomeOf = (client: WebSocket): Promise<string> =>
    new Promise((resolve) => {
      client.once('open', () => resolve('open'));
      client.once('error', () => resolve('refused'));
    });
  for (let round = 0; round < 3; round++) {
    const clients = Array.from({ length: 20 }, open);
    const outcomes = await Promise.all(clients.map(outcomeOf));
    expect(outcomes.filter((outcome) => outcome === 'open')).toHaveLength(5);
    for (const client of clients) client.terminate();
    await expect
      .poll(() =>
        fetch(`${server.url}/health`, { headers: { connection: 'close' } }).then(
          ({ status }) => status,
          String,
        ),
      )
      .toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
});

it('Garbage instead of frames, or behind a request that is not answered yet, harms nobody else', async () => {
  await using server = await startListening();
  const garbage = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 256));
  for (let first = 0; first < 256; first += 5) {
    const socket = await connectTo(server.url);
    socket.on('error', () => undefined);
    if (first % 2 === 0) {
      socket.write('GET /graphql?query={runs{nodes{id}}} HTTP/1.1\r\nhost: localhost\r\n\r\n');
    }
    socket.write(headOf('/graphql', {}));
    socket.write(Buffer.concat([Buffer.from([first]), garbage]));
    socket.resume();
    setTimeout(() => socket.destroy(), 50);
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await (await fetch(`${server.url}/health`)).json()).toEqual({ status: 'ok' });
});

it('A refused client that keeps its side open is cut off', async () => {
  await using server = await startListening(UPSTREAM);
  const { hostname, port } = new URL(server.url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  socket.write(headOf('/elsewhere', {}));
  socket.resume();
  const closed = new Promise((resolve) => socket.once('close', resolve));
  // It goes on sending, and never ends.
  const sending = setInterval(() => socket.write('x'.repeat(1000)), 50);
  await closed;
  clearInterval(sending);
});

it('A gateway in a server of another program leaves its other upgrades alone', async () => {
  await using gateway = await createGateway(UPSTREAM);
  await using served = await serve(gateway.listener);
  served.server.on('upgrade', gateway.upgrade);
  expect(await upgrade(served.baseUrl)).toMatch(/^HTTP\/1\.1 101 /);
  expect(await upgrade(served.baseUrl, {}, { target: '/other' })).toMatch(refusal(404, 'NOT_FOUND'));
});

it('A gateway that is served without its upgrades answers them as requests', async () => {
  await using gateway = await createGateway(UPSTREAM);
  await using served = await serve(gateway.listener);
  const answer = await upgrade(served.baseUrl, { connection: 'Upgrade, close' });
  expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*BAD_REQUEST/);
});
