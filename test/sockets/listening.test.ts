import { subscribe } from 'node:diagnostics_channel';
import { type EventEmitter, once } from 'node:events';
import { existsSync, linkSync, readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { GatewayOptions } from '../../src/gateway-options.ts';
import { createGateway } from '../../src/gateway.ts';
import { listen } from '../../src/http/listen.ts';
import { newFolder } from '../support/new-folder.ts';
import { openListening } from '../support/open-listening.ts';
import { sendRaw } from '../support/raw-request.ts';
import { recordedLog } from '../support/recorded-log.ts';

const gatewayWith = (options: GatewayOptions) =>
  createGateway({ upstreamUrl: 'http://127.0.0.1:1', port: 0, ...options });

describe('listen(gateway) goes by what createGateway was given, and by its own options before that:', () => {
  it('port, which may be in use', async () => {
    await using gateway = await gatewayWith({});
    await using first = await listen(gateway);
    await using second = await gatewayWith({ port: Number(new URL(first.url).port) });
    await expect(listen(second)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await using other = await listen(second, { port: 0 });
    expect(other.url).not.toBe(first.url);
  });

  it.each([
    [undefined, /^http:\/\/127\.0\.0\.1:\d+$/],
    ['localhost', /^http:\/\/localhost:\d+$/],
  ])('adminHost, for what belongs there: %s', async (adminHost, url) => {
    await using gateway = await gatewayWith({ adminPort: 0, ...(adminHost !== undefined && { adminHost }) });
    await using admin = await listen(gateway.admin);
    expect(admin.url).toMatch(url);
    expect(await (await fetch(`${admin.url}/metrics`)).text()).toContain('runs_gateway_');
    expect((await fetch(`${admin.url}/graphql?query={__typename}`)).status).toBe(404);
    await using outside = await listen(gateway);
    expect((await fetch(`${outside.url}/metrics`)).status).toBe(404);
  });
});

describe('SOCKET_PATH', () => {
  const ask = async (socketPath: string, host: string): Promise<number | undefined> => {
    const sent = request({ socketPath, path: '/health', headers: { host } }).end();
    const [response] = await once(sent, 'response');
    response.resume();
    return response.statusCode;
  };

  it('serves any host to its user and group, until it is disposed of', async () => {
    using folder = newFolder();
    const socketPath = folder.file('served.sock');
    await using gateway = await createGateway({ socketPath });
    const listener = await listen(gateway);
    expect(listener.url).toBe(`http://unix:${socketPath}:`);
    expect(statSync(socketPath).mode.toString(8)).toBe('140660');
    expect(await ask(socketPath, 'runs.example.com')).toBe(200);
    await expect(listen(gateway)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(await ask(socketPath, 'localhost')).toBe(200);
    await listener[Symbol.asyncDispose]();
    expect(existsSync(socketPath)).toBe(false);
  });

  it('takes the place of a socket of a gateway that was killed, and of nothing else', async () => {
    using folder = newFolder();
    const [killed = '', kept = ''] = ['killed', 'kept'].map((name) => folder.file(name));
    const file = folder.file('file', 'precious');
    const server = createServer().listen(killed);
    await once(server, 'listening');
    // What is left after a SIGKILL: the file, and no process that listens.
    linkSync(killed, kept);
    server.close();
    await once(server, 'close');
    await using gateway = await createGateway({ socketPath: kept });
    await using _listener = await listen(gateway);
    expect(await ask(kept, 'localhost')).toBe(200);
    await expect(listen(gateway, { socketPath: file })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(readFileSync(file, 'utf8')).toBe('precious');
  });
});

it.each(['x/graphql?query={__typename}&', '127.999.999.999', '1.2.3.4.5', '[1:2]', 'localhost:65536'])(
  'A request with an invalid host is refused: %s',
  async (host) => {
    await using server = await openListening();
    const answer = await sendRaw(server.url, ['GET /health HTTP/1.1', `host: ${host}`]);
    expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*"message":"Invalid Host header: [^]*"code":"BAD_REQUEST"/);
  },
);

it.each([
  'GET http://localhost/metrics HTTP/1.1',
  'GET /graphql/../metrics HTTP/1.1',
  'GET /x\\..\\metrics HTTP/1.1',
  'GET /graphql/%2E%2e/metrics HTTP/1.1',
  'GET //localhost/metrics HTTP/1.1',
])('A target is a path as it stands, which nothing resolves: %s', async (line) => {
  await using server = await openListening();
  expect(await sendRaw(server.url, [line, 'host: localhost'])).toMatch(/^HTTP\/1\.1 404 /);
});

it('A request by HTTP/1.0 needs no host, as health checks of HAProxy have none', async () => {
  await using server = await openListening();
  expect(await sendRaw(server.url, ['GET /health HTTP/1.0'])).toMatch(/^HTTP\/1\.1 200 /);
});

it.each<[status: number, lines: readonly string[]]>([
  [400, ['nonsense']],
  [400, ['GET /health HTTP/1.1']],
  [400, ['POST /graphql HTTP/1.1', 'host: x', 'content-length: 1', 'transfer-encoding: chunked']],
  [417, ['POST /graphql HTTP/1.1', 'host: localhost', 'expect: magic']],
  [431, ['GET /health HTTP/1.1', 'host: localhost', `x: ${'x'.repeat(17_000)}`]],
  [431, [`GET /health?${'x'.repeat(17_000)} HTTP/1.1`, 'host: localhost']],
])('A request that is not read is answered with %d', async (status, lines) => {
  await using server = await openListening();
  expect(await sendRaw(server.url, lines)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
});

it('CONNECT, which is for proxies, ends its connection alone', async () => {
  await using server = await openListening();
  expect(await sendRaw(server.url, ['CONNECT localhost:443 HTTP/1.1', 'host: localhost'])).toBe('');
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
});

it('A request for a host that is not served on loopback is logged and counted', async () => {
  const { log, lines } = recordedLog();
  await using server = await openListening({ config: { log } });
  const sent = ['GET /health HTTP/1.1', 'host: a.test', 'x-request-id: mine'];
  expect(await sendRaw(server.url, sent)).toMatch(/^HTTP\/1\.1 421 /);
  const code = 'MISDIRECTED_REQUEST';
  expect(lines).toMatchObject([{ message: 'Refused', fields: { code, requestId: 'mine' } }]);
  expect(await server.metrics()).toContain(`runs_gateway_requests_refused_total{code="${code}"} 1`);
});

it('Connections that the system does not let the server accept are logged, and it serves on', async () => {
  const { log, lines } = recordedLog();
  await using server = await openListening({ config: { log } });
  const started = Promise.withResolvers<EventEmitter>();
  subscribe('http.server.request.start', (message) => started.resolve(Object(message).server));
  await fetch(`${server.url}/health`);
  const serving = await started.promise;
  for (let count = 0; count < 3; count++) serving.emit('error', new Error('accept EMFILE'));
  expect(lines.map(({ fields }) => String(fields['err']))).toEqual(Array(3).fill('Error: accept EMFILE'));
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
});
