import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { lacksProgram } from '../support/lacks.ts';
import { freePort, listenOn } from '../support/listen-on.ts';
import { newFolder } from '../support/new-folder.ts';

const CONFIG = readFileSync(new URL('../../deploy/nginx/runs-gateway.conf', import.meta.url), 'utf8');
const ADDRESSES = [...CONFIG.matchAll(/^ +server (gateway-\d:4000)/gm)].map(([, address = '']) => address);
const CALLERS = Array.from({ length: 20 }, (_, n) => `Bearer ${n}`);
const [authorization = ''] = CALLERS;

/** Answers with its name, or as the header of that name says: by a status, or by cutting the connection. */
function behave(name: string, { headers }: IncomingMessage, response: ServerResponse): void {
  const { [name]: behaviour } = headers;
  if (behaviour === 'cut') response.destroy();
  else response.writeHead(Number(behaviour ?? 200)).end(name);
}

/** The file in `deploy`, in front of servers that count what they get. */
async function openNginx() {
  await using opening = new AsyncDisposableStack();
  const requests: string[] = [];
  const folder = opening.use(newFolder());
  const port = await freePort();
  let config = CONFIG.replace('listen 80;', `listen 127.0.0.1:${port};`);
  const replicas = new Map<string, { readonly close: () => Promise<void> }>();
  for (const [n, address] of ADDRESSES.entries()) {
    const name = `replica-${n}`;
    const server = createServer((request, response) => {
      requests.push(`${request.method} ${name} ${request.url}`);
      request.resume().once('end', () => behave(name, request, response));
    });
    const listening = opening.use(await listenOn(server));
    replicas.set(name, { close: () => listening[Symbol.asyncDispose]() });
    config = config.replace(address, `127.0.0.1:${listening.port}`);
  }
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder.file(kind)};`,
  );
  const main = `daemon off; master_process off; pid ${folder.file('pid')}; error_log stderr; events {}
    http { access_log off; ${temporary.join(' ')} include ${folder.file('gateway.conf', config)}; }`;
  const args = ['-e', 'stderr', '-p', folder.path, '-c', folder.file('nginx.conf', main)];
  const checked = spawnSync('nginx', ['-t', ...args], { encoding: 'utf8' });
  expect([checked.status, checked.stderr]).toEqual([
    0,
    expect.not.stringMatching(/\[(?:warn|error|emerg)\]/),
  ]);
  const nginx = spawn('nginx', args, { stdio: 'ignore' });
  const ended = once(nginx, 'close');
  opening.defer(async () => void (nginx.kill(), await ended));
  const ask = async (method: string, headers: Readonly<Record<string, string>> = {}, path = '/graphql') => {
    const body = method === 'POST' ? '{"query":"mutation { __typename }"}' : null;
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers, body });
    return { status: response.status, text: await response.text() };
  };
  await expect.poll(() => ask('GET').then(({ status }) => status, String)).toBe(200);
  const replicaOf = async (caller = authorization) => (await ask('GET', { authorization: caller })).text;
  const parts = opening.move();
  return { ask, replicaOf, requests, replicas, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

describe.skipIf(lacksProgram('nginx'))('nginx in front of replicas', () => {
  it('sends all requests of a caller to the same one, whatever their method, and callers to all of them', async () => {
    await using test = await openNginx();
    const places = await Promise.all(CALLERS.map((caller) => test.replicaOf(caller)));
    expect(new Set(places)).toEqual(new Set(test.replicas.keys()));
    const again = await Promise.all(
      CALLERS.map(async (caller) => (await test.ask('POST', { authorization: caller })).text),
    );
    expect(again).toEqual(places);
  });

  it('sends no POST twice whose replica fails, since it may be a mutation, and leaves that replica out', async () => {
    await using test = await openNginx();
    const name = await test.replicaOf();
    test.requests.length = 0;
    expect((await test.ask('POST', { authorization, [name]: 'cut' })).status).toBe(502);
    expect(test.requests).toEqual([`POST ${name} /graphql`]);
    expect(await test.replicaOf()).not.toBe(name);
  });

  it('sends a GET whose replica fails to another one', async () => {
    await using test = await openNginx();
    const name = await test.replicaOf();
    test.requests.length = 0;
    const { status, text } = await test.ask('GET', { authorization, [name]: 'cut' });
    expect([status, text]).toEqual([200, expect.not.stringContaining(name)]);
    expect(test.requests).toEqual([`GET ${name} /graphql`, `GET ${text} /graphql`]);
  });

  it('sends a POST that was not sent yet to another one', async () => {
    await using test = await openNginx();
    const name = await test.replicaOf();
    await test.replicas.get(name)?.close();
    const { status, text } = await test.ask('POST', { authorization });
    expect([status, text]).toEqual([200, expect.not.stringContaining(name)]);
  });

  it.each(['429', '500', '502', '503', '504'])(
    'takes no replica from others that answers %s',
    async (status) => {
      await using test = await openNginx();
      const name = await test.replicaOf();
      expect(await test.ask('GET', { authorization, [name]: status })).toEqual({
        status: Number(status),
        text: name,
      });
      expect(await test.replicaOf()).toBe(name);
    },
  );

  it('does not pass /metrics on', async () => {
    await using test = await openNginx();
    test.requests.length = 0;
    expect((await test.ask('GET', {}, '/metrics')).status).toBe(404);
    expect(test.requests).toEqual([]);
  });
});
