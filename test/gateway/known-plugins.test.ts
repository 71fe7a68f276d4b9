import { createHmac } from 'node:crypto';
import { useDisableIntrospection } from '@graphql-yoga/plugin-disable-introspection';
import { createInlineSigningKeyProvider, useJWT } from '@graphql-yoga/plugin-jwt';
import { useResponseCache } from '@graphql-yoga/plugin-response-cache';
import { describe, expect, it } from 'vitest';
import { runId } from '../support/live-runs.ts';
import { LONG, openWithPlugins } from '../support/with-plugins.ts';

const PAGE = '{ runs(first: 1) { nodes { id metadata } } }';
const ANSWER = `{"data":{"runs":{"nodes":[{"id":"${runId(3)}","metadata":{"n":${LONG}}}]}}}`;
const UPDATES = `subscription { runUpdates(id: "${runId(1)}") { status } }`;
const by = (token: string) => ({ authorization: `Bearer ${token}` });

/** @param key by which it is signed */
function tokenOf(claims: object, key: string): string {
  const [head, body] = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const signature = createHmac('sha256', key).update(`${head}.${body}`).digest('base64url');
  return `${head}.${body}.${signature}`;
}

describe('With useJWT', () => {
  const jwt = useJWT({
    signingKeyProviders: [createInlineSigningKeyProvider('key')],
    tokenVerification: { algorithms: ['HS256'] },
  });
  const seconds = Date.now() / 1000;

  it('who has a valid token is answered', async () => {
    const seen: unknown[] = [];
    const look = {
      onExecute: ({ context }: { context: object }) => void seen.push(Object(context).jwt.payload),
    };
    await using test = await openWithPlugins([jwt, look]);
    const claims = { sub: 'alice', exp: Math.floor(seconds + 600) };
    expect(await test.send(PAGE, by(tokenOf(claims, 'key')))).toMatchObject({ status: 200, text: ANSWER });
    expect(seen).toEqual([claims]);
  });

  it.each<[name: string, headers: Readonly<Record<string, string>>, status: number, code: string]>([
    ['none', {}, 401, 'UNAUTHENTICATED'],
    ['one that somebody else has signed', by(tokenOf({ sub: 'alice' }, 'other')), 401, 'UNAUTHENTICATED'],
    ['one that has expired', by(tokenOf({ exp: 1 }, 'key')), 401, 'UNAUTHENTICATED'],
    ['another one', by('x'), 400, 'BAD_REQUEST'],
  ])('who has %s is refused', async (_name, headers, status, code) => {
    await using test = await openWithPlugins([jwt]);
    for (const query of [PAGE, UPDATES]) {
      const answer = await test.send(query, { ...headers, 'x-request-id': 'mine' });
      expect([answer.status, answer.asked]).toEqual([status, 0]);
      const [json = ''] = /\{.*\}/.exec(answer.text) ?? [];
      expect(JSON.parse(json)).toMatchObject({ errors: [{ extensions: { code, requestId: 'mine' } }] });
    }
  });
});

describe('With useResponseCache', () => {
  const cache = () =>
    useResponseCache({ session: (request) => request.headers.get('authorization'), ttl: 60_000 });

  it('a query is sent upstream once for each caller, and has the same answer', async () => {
    await using test = await openWithPlugins([cache()]);
    for (const [caller, asked] of [
      ['alice', 1],
      ['alice', 0],
      ['bob', 1],
      ['alice', 0],
    ] as const) {
      expect(await test.send(PAGE, by(caller))).toMatchObject({ status: 200, text: ANSWER, asked });
    }
  });

  it('errors are not kept, and a mutation drops what it has changed', async () => {
    await using test = await openWithPlugins([cache()]);
    const failing = `{ runs(first: -1) { nodes { id } } }`;
    const ids = [];
    for (const requestId of ['one', 'two']) {
      const { text } = await test.send(failing, { ...by('alice'), 'x-request-id': requestId });
      ids.push(JSON.parse(text).errors[0].extensions.requestId);
    }
    expect(ids).toEqual(['one', 'two']);
    await test.send(PAGE, by('alice'));
    const cancel = `mutation { cancelRuns(ids: ["${runId(3)}"]) { runs { id } } }`;
    expect((await test.send(cancel, by('alice'))).text).toContain(runId(3));
    expect(await test.send(PAGE, by('alice'))).toMatchObject({ text: ANSWER, asked: 1 });
  });

  it('subscriptions are left alone, and so are costs and limits', async () => {
    await using test = await openWithPlugins([cache()], { maxCost: 10 });
    for (let turn = 0; turn < 2; turn++) {
      const { text, asked } = await test.send(UPDATES, { ...by('alice'), accept: 'text/event-stream' });
      expect(text).toContain('data: {"data":{"runUpdates":{"status":"COMPLETED"}}}');
      expect(asked).toBeGreaterThan(0);
      const dear = await test.send('{ runs(first: 100) { nodes { id } } }', by('alice'));
      expect(dear.text).toContain('COST_LIMIT_EXCEEDED');
    }
  });
});

it('With useDisableIntrospection, introspection is not valid, and other queries are', async () => {
  await using test = await openWithPlugins([useDisableIntrospection()]);
  for (let turn = 0; turn < 2; turn++) {
    const { text } = await test.send('{ __schema { queryType { name } } }');
    expect(JSON.parse(text)).toMatchObject({
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }, {}],
    });
    expect((await test.send(PAGE)).text).toBe(ANSWER);
  }
});
