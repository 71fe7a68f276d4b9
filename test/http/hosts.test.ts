import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { createHostCheck } from '../../src/config/hosts.ts';
import { createGateway } from '../../src/gateway.ts';
import { listen } from '../../src/http/server/listen.ts';
import { sendRaw } from '../support/raw-request.ts';
import { answerWith, startRawUpstream } from '../support/raw-upstream.ts';

const QUERY = '/graphql?query={runs{nodes{id}}}';
const BODY = '{"query":"{runs{nodes{id}}}"}';

/** Every path, in every way that it can be asked for. */
const REQUESTS: readonly (readonly string[])[] = [
  [`GET ${QUERY} HTTP/1.1`],
  ['GET /graphql HTTP/1.1', 'accept: text/html'],
  ['OPTIONS /graphql HTTP/1.1', 'origin: http://evil.example', 'access-control-request-method: POST'],
  ['GET /health HTTP/1.1'],
  ['GET /ready HTTP/1.1'],
  ['GET /metrics HTTP/1.1'],
  ['GET / HTTP/1.1', 'accept: text/html'],
  ['GET /nowhere HTTP/1.1'],
  ['POST /graphql HTTP/1.1', 'content-type: application/json', `content-length: ${BODY.length}`, '', BODY],
];

describe('A page of another site whose name resolves to this machine', () => {
  it.each(REQUESTS.map((lines) => [lines[0] ?? '', lines] as const))(
    'gets nothing from a gateway on loopback: %s',
    async (_name, [line = '', ...rest]) => {
      await using upstream = await startRawUpstream(answerWith(200, '[]'));
      await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, apiKey: 'own' });
      await using listener = await listen(gateway, { host: '127.0.0.1', port: 0 });
      const answer = await sendRaw(listener.url, [line, 'host: evil.example:4000', ...rest]);
      expect(answer).toMatch(/^HTTP\/1\.1 421 /);
      expect(answer).toContain(
        '{"errors":[{"message":"The host evil.example:4000 is not served. If clients may reach the gateway by this name, list it in ALLOWED_HOSTS.","extensions":{"code":"MISDIRECTED_REQUEST"',
      );
      expect(answer).not.toContain('access-control');
      expect(upstream.heads).toEqual([]);
    },
  );

  it.each(['localhost', 'LocalHost:4000', '127.0.0.1', '127.8.9.10:1', '[::1]', '[::1]:4000', 'localhost.'])(
    'is told apart from %s',
    async (host) => {
      await using gateway = await createGateway({ upstreamUrl: 'http://127.0.0.1:1' });
      await using listener = await listen(gateway, { host: 'localhost', port: 0 });
      expect(await sendRaw(listener.url, ['GET /health HTTP/1.1', `host: ${host}`])).toMatch(
        /^HTTP\/1\.1 200 /,
      );
    },
  );

  it('is no danger where a gateway can be reached by others, who have names for it', async () => {
    await using gateway = await createGateway({ upstreamUrl: 'http://127.0.0.1:1' });
    await using listener = await listen(gateway, { host: '0.0.0.0', port: 0 });
    const url = listener.url.replace('0.0.0.0', '127.0.0.1');
    expect(await sendRaw(url, ['GET /health HTTP/1.1', 'host: gateway.internal'])).toMatch(
      /^HTTP\/1\.1 200 /,
    );
  });
});

describe('ALLOWED_HOSTS', () => {
  it.each<[allowed: string, host: string, isServed: boolean]>([
    ['gateway.test', 'gateway.test', true],
    ['gateway.test', 'GATEWAY.test:8080', true],
    ['gateway.test', 'evil.test', false],
    ['gateway.test', 'x.gateway.test', false],
    ['gateway.test', 'gateway.test.evil.example', false],
    ['gateway.test', 'localhost:4000', true],
    ['Gateway.test:80', 'gateway.test:80', true],
    ['gateway.test:80', 'gateway.test:81', false],
    ['a.test, [fd00::7]', '[FD00::7]:4000', true],
    ['a.test, [fd00::7]', '[fd00::8]:4000', false],
    ['a.test', '127.0.0.1.evil.example', false],
    ['a.test', 'localhost.evil.example', false],
    ['*', 'evil.example', true],
  ])('with %s and Host: %s', (allowed, host, isServed) => {
    const { allowedHosts } = readConfig({}, { ALLOWED_HOSTS: allowed });
    expect(createHostCheck(allowedHosts ?? [])(host)).toBe(isServed);
  });

  it('holds for listeners and for fetch, and then a listener on loopback adds nothing', async () => {
    await using gateway = await createGateway({
      upstreamUrl: 'http://127.0.0.1:1',
      allowedHosts: ['gateway.test'],
    });
    await using listener = await listen(gateway, { host: '127.0.0.1', port: 0 });
    const statuses = { 'gateway.test:4000': 200, 'evil.example': 421, 'localhost:4000': 200 };
    for (const [host, status] of Object.entries(statuses)) {
      expect((await gateway.fetch(new Request(`http://${host}/health`))).status).toBe(status);
      expect(await sendRaw(listener.url, ['GET /health HTTP/1.1', `host: ${host}`])).toContain(
        `HTTP/1.1 ${status} `,
      );
    }
  });

  it('is off for apps that the gateway is part of, which know their hosts', async () => {
    await using gateway = await createGateway({ upstreamUrl: 'http://127.0.0.1:1' });
    expect((await gateway.fetch(new Request('http://any.example/health'))).status).toBe(200);
  });

  it.each(['http://gateway.test', 'gateway.test/', 'a,,b', 'a b', '*.test'])('is not %s', (text) => {
    expect(() => readConfig({}, { ALLOWED_HOSTS: text })).toThrow(
      `ALLOWED_HOSTS: expected names or addresses, each with or without a port, such as gateway.test or [fd00::7]:4000, or *, separated by commas, but got "${text}"`,
    );
  });
});
