import { once } from 'node:events';
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

describe('A gateway on a Unix socket', () => {
  const ask = async (socketPath: string, host: string): Promise<number | undefined> => {
    const sent = request({ socketPath, path: '/health', headers: { host } }).end();
    const [response] = await once(sent, 'response');
    response.resume();
    return response.statusCode;
  };

  it('serves any host, as its user and group may, until it is disposed of', async () => {
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

  it('serves the allowed hosts where they are set', async () => {
    using folder = newFolder();
    const socketPath = folder.file('hosts.sock');
    await using gateway = await createGateway({ socketPath, allowedHosts: ['runs.example.com'] });
    await using _listener = await listen(gateway);
    expect(await ask(socketPath, 'runs.example.com')).toBe(200);
    expect(await ask(socketPath, 'other.example.com')).toBe(421);
  });

  it('takes the place of one that was killed, and of nothing else', async () => {
    using folder = newFolder();
    const [killed, kept, file] = [
      folder.file('killed'),
      folder.file('kept'),
      folder.file('file', 'precious'),
    ];
    const server = createServer().listen(killed);
    await once(server, 'listening');
    // What is left after a SIGKILL: the file, and no process that listens.
    linkSync(killed, kept);
    server.close();
    await once(server, 'close');
    await using gateway = await createGateway({ socketPath: kept });
    // Of two that find it at once, one gets it.
    const both = await Promise.allSettled([listen(gateway), listen(gateway)]);
    await using _listener = both.find((each) => each.status === 'fulfilled')?.value;
    expect(both.filter((each) => each.status === 'rejected')).toMatchObject([
      { reason: { code: 'EADDRINUSE' } },
    ]);
    expect(await ask(kept, 'localhost')).toBe(200);
    await expect(listen(gateway, { socketPath: file })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(readFileSync(file, 'utf8')).toBe('precious');
  });
});

const CHUNKED = ['POST /graphql HTTP/1.1', 'transfer-encoding: chunked'];
const INVALID_HOST = 'Invalid Host header: expected one name or address, and perhaps a port.';
const INVALID_TARGET = 'Invalid request target: expected a path, without the segments . and ..';

it.each([
  ['GET /health HTTP/1.1', 'host: x/graphql?query={__typename}&', INVALID_HOST],
  ['GET /health HTTP/1.1', 'host: 127.999.999.999', INVALID_HOST],
  ['GET /health HTTP/1.1', 'host: 1.2.3.4.5', INVALID_HOST],
  ['GET /health HTTP/1.1', 'host: [1:2]', INVALID_HOST],
  ['GET /health HTTP/1.1', 'host: localhost:65536', INVALID_HOST],
  ['GET /health HTTP/1.1', 'host: localhost\r\nHOST: localhost', INVALID_HOST],
  ['GET /health HTTP/1.1', 'x: no host', INVALID_HOST],
  ['GET /health HTTP/1.0', 'host: localhost\r\nHOST: localhost', INVALID_HOST],
  ['GET http://localhost/health HTTP/1.1', 'host: localhost', INVALID_TARGET],
  ['GET /x\\..\\health HTTP/1.1', 'host: localhost', INVALID_TARGET],
  ['GET /graphql/%2E%2e/metrics HTTP/1.1', 'host: localhost', INVALID_TARGET],
  ['CONNECT localhost:443 HTTP/1.1', 'host: localhost', INVALID_TARGET],
])('A request with an invalid target or host is refused: %s, %s', async (line, header, message) => {
  await using server = await openListening();
  expect(await sendRaw(server.url, [line, header])).toMatch(
    new RegExp(`^HTTP/1\\.1 400 [^]*"message":"${RegExp.escape(message)}"[^]*"code":"BAD_REQUEST"`),
  );
});

it('A request by HTTP/1.0 needs no host, as health checks of HAProxy have none', async () => {
  await using server = await openListening();
  expect(await sendRaw(server.url, ['GET /health HTTP/1.0'])).toMatch(/^HTTP\/1\.1 200 /);
});

it.each<[status: number, code: string, lines: readonly string[]]>([
  [400, 'BAD_REQUEST', ['nonsense']],
  [400, 'BAD_REQUEST', ['POST /graphql HTTP/1.1', 'content-length: 1', 'transfer-encoding: chunked']],
  [408, 'BAD_REQUEST', ['POST /graphql HTTP/1.1', 'content-type: application/json', 'content-length: 9']],
  [413, 'PAYLOAD_TOO_LARGE', [...CHUNKED, '', `1;${'x'.repeat(20_000)}`, '{', '0']],
  [417, 'BAD_REQUEST', ['POST /graphql HTTP/1.1', 'expect: magic']],
  [431, 'BAD_REQUEST', ['GET /health HTTP/1.1', `x: ${'x'.repeat(20_000)}`]],
])(
  'A request that is not read is answered with %d and the error %s',
  async (status, code, [line = '', ...lines]) => {
    await using server = await openListening({}, { headersTimeoutMs: 100, requestTimeoutMs: 100 });
    const [head = '', body = ''] = (await sendRaw(server.url, [line, 'host: localhost', ...lines])).split(
      '\r\n\r\n',
    );
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*\r\ncontent-type: application/json`));
    const [, requestId] = /x-request-id: (.+)/.exec(head) ?? [];
    expect(/\{.*\}/.exec(body)?.[0]).toMatch(new RegExp(`"code":"${code}","requestId":"${requestId}"`));
  },
);
