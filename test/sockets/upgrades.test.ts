import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { GatewayOptions } from '../../src/gateway-options.ts';
import { forAll } from '../support/for-all.ts';
import { openListening } from '../support/open-listening.ts';
import { closing, connectTo } from '../support/raw-request.ts';
import { serve } from '../support/serve.ts';

type Headers = Readonly<Record<string, string | undefined>>;

/** The head of an upgrade to GraphQL over WebSockets. */
const UPGRADE: Headers = {
  host: 'localhost',
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  'sec-websocket-version': '13',
  'sec-websocket-protocol': 'graphql-transport-ws',
};

function headOf(target: string, headers: Headers, method = 'GET'): string {
  const lines = Object.entries({ ...UPGRADE, ...headers })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${target} HTTP/1.1`, ...lines, '', ''].join('\r\n');
}

/** The head of the answer, and its body if the gateway closes the connection. */
async function upgrade(url: string, headers: Headers = {}, target = '/graphql', method = 'GET') {
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

const SWITCHED = /^HTTP\/1\.1 101 /;
const refusal = (status: number, code: string) =>
  new RegExp(`^HTTP/1\\.1 ${status} [^]*"code":"${code}"[^]*"requestId":"[^"]+"`);
const FORBIDDEN = refusal(403, 'FORBIDDEN');
const BAD_REQUEST = refusal(400, 'BAD_REQUEST');
const MISDIRECTED = refusal(421, 'MISDIRECTED_REQUEST');

const server = await forAll(openListening());

describe('An upgrade to a WebSocket', () => {
  it.each<[string, GatewayOptions, string | undefined, RegExp]>([
    ['of programs, which have none', {}, undefined, SWITCHED],
    ['of the gateway itself behind TLS', {}, 'https://localhost', SWITCHED],
    ['of another port of the same host', {}, 'http://localhost:3000', FORBIDDEN],
    ['of a sandboxed page', {}, 'null', FORBIDDEN],
    ['with the host in front', {}, 'http://localhost.evil.example', FORBIDDEN],
    ['that is listed', { corsOrigins: ['https://app.example'] }, 'https://app.example', SWITCHED],
    ['that is not listed', { corsOrigins: ['https://app.example'] }, 'https://evil.example', FORBIDDEN],
    ['of any page, where any is allowed', { corsOrigins: ['*'] }, 'https://evil.example', SWITCHED],
  ])('with an origin %s', async (_name, config, origin, answer) => {
    await using own = await openListening({ config });
    expect(await upgrade(own.url, { origin })).toMatch(answer);
  });

  it.each<[string, Headers, RegExp]>([
    ['a name that resolves to this machine', { host: 'rebound.example' }, MISDIRECTED],
    ['a host with a path', { host: 'localhost/evil.example' }, BAD_REQUEST],
  ])('for %s is refused on loopback', async (_name, headers, answer) => {
    expect(await upgrade(server.url, headers)).toMatch(answer);
  });

  it('for a host that is not allowed is refused', async () => {
    await using own = await openListening({ config: { allowedHosts: ['runs.example'] } });
    expect(await upgrade(own.url, { host: 'evil.example' })).toMatch(MISDIRECTED);
    expect(await upgrade(own.url, { host: 'runs.example' })).toMatch(SWITCHED);
  });

  it.each<[string, Headers, string, string, RegExp]>([
    ['another path', {}, '/health', 'GET', refusal(404, 'NOT_FOUND')],
    ['a path with dots', {}, '/x/../graphql', 'GET', refusal(404, 'NOT_FOUND')],
    ['no key', { 'sec-websocket-key': undefined }, '/graphql', 'GET', BAD_REQUEST],
    ['another method', { 'content-length': '0' }, '/graphql', 'POST', BAD_REQUEST],
  ])('with %s is refused, and its connection closed', async (_name, headers, target, method, answer) => {
    expect(await upgrade(server.url, headers, target, method)).toMatch(answer);
  });

  it.each(['/graphql', '/elsewhere'])(
    'to %s behind a request closes its connection alone',
    async (target) => {
      const socket = await connectTo(server.url);
      const closed = closing(socket.resume());
      socket.write(
        `GET /graphql?query={__typename} HTTP/1.1\r\nhost: localhost\r\n\r\n${headOf(target, {})}`,
      );
      await closed;
      expect(socket.bytesRead).toBe(0);
      expect(await upgrade(server.url)).toMatch(SWITCHED);
    },
  );

  it('that is refused does not let its client stay, also if that sends on', async () => {
    const { hostname, port } = new URL(server.url);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const closed = closing(socket.resume());
    socket.write(headOf('/elsewhere', {}));
    const sending = setInterval(() => socket.write('x'.repeat(1000)), 50);
    await closed;
    clearInterval(sending);
  });
});

it('A client that resets its connection when its upgrade is refused ends nothing else', async () => {
  const refused: [Headers, string][] = [
    [{}, '/elsewhere'],
    [{ 'sec-websocket-key': undefined }, '/graphql'],
  ];
  for (const [headers, target] of refused) {
    const socket = await connectTo(server.url);
    socket.write(headOf(target, headers));
    await once(socket, 'data');
    socket.resetAndDestroy();
    expect(await upgrade(server.url)).toMatch(SWITCHED);
  }
});

describe('A gateway in a server of another program', () => {
  it('takes its upgrades, if it is given them', async () => {
    await using served = await serve(server.gateway.listener);
    served.server.on('upgrade', server.gateway.upgrade);
    expect(await upgrade(served.baseUrl)).toMatch(SWITCHED);
    expect(await upgrade(served.baseUrl, {}, '/other')).toMatch(refusal(404, 'NOT_FOUND'));
  });

  it('answers them as requests, if it is not', async () => {
    await using served = await serve(server.gateway.listener);
    const answer = await upgrade(served.baseUrl, { connection: 'Upgrade, close' });
    expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*BAD_REQUEST/);
  });
});
