import { describe, expect, it } from 'vitest';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { createRestClient } from '../../src/upstream/http/rest-client.ts';
import { credentialsOf } from '../support/credentials.ts';
import { execute } from '../support/execute.ts';
import { answerWith, type RawAnswer, startRawUpstream } from '../support/raw-upstream.ts';

type Listing = { runs: { nodes: { id: string }[] } };

const SERVED = { data: { runs: { nodes: [] } } };

function ask(gateway: Gateway, token: string) {
  const query = '{ runs(first: 1) { nodes { id } } }';
  return execute<Listing, never>(gateway, query, undefined, { authorization: `Bearer ${token}` });
}

async function codeFor(gateway: Gateway, token: string): Promise<unknown> {
  const { errors } = await ask(gateway, token);
  return errors?.[0]?.extensions?.['code'];
}

/** Fails for those whose token begins with `evil`. */
const failing: RawAnswer = (socket, request) =>
  answerWith(request.head.includes('Bearer evil') ? 503 : 200, '[]')(socket, request);

describe('Callers whose requests all fail open the breaker for nobody else', () => {
  it.each([
    ['before anybody else has come', 1],
    ['by two credentials in turn', 2],
    ['by many credentials in turn', 50],
  ])('%s', async (_name, tokens) => {
    await using upstream = await startRawUpstream(failing);
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    for (let call = 0; call < 100; call++) {
      expect(await codeFor(gateway, `evil-${call % tokens}`)).toBe('UPSTREAM_UNAVAILABLE');
    }
    for (let call = 0; call < 10; call++) {
      expect(await ask(gateway, 'victim')).toEqual(SERVED);
      await codeFor(gateway, `evil-${call % tokens}`);
    }
  });
});

describe('In an outage', () => {
  // An attempt that a deadline cuts short counts only if it had time enough: those that fail get it.
  it.each<[string, RawAnswer, string, number]>([
    ['answers 500', answerWith(500, '{}'), 'UPSTREAM_ERROR', 10_000],
    ['answers 503', answerWith(503, '{}'), 'UPSTREAM_UNAVAILABLE', 10_000],
    ['resets connections', (socket) => socket.destroy(), 'UPSTREAM_UNAVAILABLE', 10_000],
    ['is silent', () => undefined, 'UPSTREAM_TIMEOUT', 100],
  ])(
    'each caller is served from its breaker after ten attempts: the upstream %s',
    async (_name, answer, code, upstreamTimeoutMs) => {
      await using upstream = await startRawUpstream(answer);
      await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, upstreamTimeoutMs });
      for (const token of ['one', 'two']) {
        const before = upstream.heads.length;
        const codes = [];
        for (let call = 0; call < 50; call++) codes.push(await codeFor(gateway, token));
        expect(codes[0]).toBe(code);
        expect(codes.slice(10)).toEqual(Array.from({ length: 40 }, () => 'UPSTREAM_UNAVAILABLE'));
        expect(upstream.heads.length - before).toBe(10);
      }
    },
  );

  it('a caller is refused at once, although all permits are taken', async () => {
    await using upstream = await startRawUpstream((socket, request) => {
      if (request.head.includes('/fails')) answerWith(503, '{}')(socket, request);
    });
    const options = { baseUrl: upstream.baseUrl, timeoutMs: 60_000, maxBytes: 1_000, maxInFlight: 2 };
    await using client = createRestClient(options);
    const leaving = new AbortController();
    const get = (path: string, callerKey: string) =>
      client.get(path, { ...credentialsOf(callerKey), requestId: undefined }, () => null, leaving);
    for (let call = 0; call < 10; call++) await get('fails', 'one').catch(() => undefined);
    const held = ['two', 'three'].map((caller) => get('hangs', caller).catch(() => undefined));
    await expect.poll(() => upstream.heads.filter((head) => head.includes('/hangs')).length).toBe(2);
    await expect(get('fails', 'one')).rejects.toMatchObject({ message: 'The breaker is open' });
    leaving.abort();
    await Promise.all(held);
  });
});
