import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { watchFiles } from '../../../src/config/watched-files.ts';
import type { Gateway, GatewayOptions } from '../../../src/gateway-options.ts';
import { silentLog } from '../../../src/observability/log.ts';
import { stopClock } from '../../support/clock.ts';
import { execute, graphqlRequest, type Headers } from '../../support/execute.ts';
import { runId } from '../../support/ids.ts';
import { newFolder } from '../../support/new-folder.ts';
import { openGatewayOver } from '../../support/open-gateway.ts';
import { openOwners } from '../../support/owners.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { recordedLog } from '../../support/recorded-log.ts';
import { type Watching, watchRuns } from '../../support/watch.ts';

const KEYS = ['key-1', 'key-2', 'key-3'];
const TOKENS = { accessTokens: ['alice:a1', 'alice:a2', 'bob:b'], apiKey: 'key-1' };
const LIST = '{ runs { nodes { id } } }';
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const CANCEL = `mutation { cancelRuns(ids: ["${runId(9)}"]) { runs { id } } }`;
const RUN = { agent_id: 'agent-00000000-0000-4000-8000-000000000001', status: 'running' as const };

/** A gateway over a runs API that has one run for all keys, and one for each: the first for the first, and so on. */
async function open(config: GatewayOptions) {
  const clock = stopClock('2026-01-01T00:01:00Z');
  const world = openOwners(['authorization'], KEYS.map(bearer));
  for (const [index, store] of world.stores.entries()) {
    store.insert([
      { ...RUN, status: 'completed', id: runId(0), created_at: '2026-01-01T00:00:10Z' },
      { ...RUN, id: runId(index + 1), created_at: '2026-01-01T00:00:30Z' },
    ]);
  }
  const opened = await openGatewayOver(world.answer, config);
  const { gateway } = opened;
  return {
    ...opened,
    clock,
    stores: world.stores,
    list: (headers: Headers) => listed(gateway, headers),
    watch: (headers: Headers, after?: string) => watchRuns(gateway, '', { after, headers }),
  };
}

/** The numbers of the runs that a caller is shown, newest first, or why it is not. */
async function listed(gateway: Gateway, headers: Headers): Promise<unknown> {
  const { data, errors } = await execute<{ runs: { nodes: { id: string }[] } }>(gateway, LIST, {}, headers);
  return errors?.[0]?.extensions?.['code'] ?? data?.runs.nodes.map(({ id }) => Number(id.slice(-12)));
}

const eventsOf = ({ events }: Watching) =>
  events.map((event) => `${event.kind} ${Number(event.runId.slice(-12))}`);

describe('replaceSecrets({ accessTokens })', () => {
  it.each([
    ['refused', 'UNAUTHENTICATED', { accessTokens: ['bob:b'] }],
    ['for reading only', 'FORBIDDEN', { accessTokens: ['bob:b'], readOnlyAccessTokens: ['alice:a1'] }],
  ])('makes a token %s also for a request whose body comes in afterwards', async (_what, code, secrets) => {
    await using test = await open(TOKENS);
    const body = new TransformStream<Uint8Array, Uint8Array>();
    const init: object = { body: body.readable, duplex: 'half' };
    const answer = test.gateway.fetch(graphqlRequest('', bearer('a1'), init));
    const writer = body.writable.getWriter();
    await writer.write(Buffer.from('{"query":'));
    test.gateway.replaceSecrets(secrets);
    await writer.write(Buffer.from(JSON.stringify(CANCEL) + '}'));
    await writer.close();
    expect(await (await answer).json()).toMatchObject({ errors: [{ extensions: { code } }] });
    expect(test.upstream.requests).toEqual([]);
  });

  it('makes a token read-only from the next operation on', async () => {
    await using test = await open(TOKENS);
    const codeOf = async () =>
      (await test.execute(CANCEL, {}, bearer('b'))).errors?.[0]?.extensions?.['code'];
    expect(await codeOf()).toBeUndefined();
    test.gateway.replaceSecrets({ accessTokens: ['alice:a1'], readOnlyAccessTokens: ['bob:b'] });
    expect(await codeOf()).toBe('FORBIDDEN');
    expect(await test.list(bearer('b'))).toEqual([1, 0]);
  });
});

it.each<[string, Parameters<Gateway['replaceSecrets']>[0], string | undefined]>([
  ['goes on, if its token stays', { accessTokens: ['bob:b', 'alice:a2'] }, undefined],
  ['ends, if its token is gone', { accessTokens: ['alice:a1'] }, 'UNAUTHENTICATED'],
  ['begins anew with another label', { accessTokens: ['robert:b'] }, 'SUBSCRIPTION_DRAINED'],
  [
    'begins anew with other rights',
    { accessTokens: ['alice:a1'], readOnlyAccessTokens: ['bob:b'] },
    'SUBSCRIPTION_DRAINED',
  ],
])('replaceSecrets({ accessTokens }): a stream %s', async (_name, secrets, code) => {
  await using test = await open(TOKENS);
  const stream = test.watch(bearer('b'));
  await test.clock.pass(3000);
  test.gateway.replaceSecrets(secrets);
  await test.clock.pass(1000);
  expect(stream.error?.['code']).toBe(code);
  for (const number of [1, 2]) {
    const update = { status: 'failed', stop_reason: 'error', total_duration_ns: 5 } as const;
    test.stores[number - 1]?.update(runId(number), update);
  }
  await test.clock.pass(5000);
  // Of no other key, and nothing once it has ended.
  expect(eventsOf(stream)).toEqual(code === undefined ? ['UPDATED 1'] : []);
});

it('replaceSecrets({ accessTokens }) ends a stream that begins meanwhile', async () => {
  let remove = (): void => undefined;
  await using test = await open({ ...TOKENS, plugins: [{ onSubscribe: () => remove() }] });
  remove = () => test.gateway.replaceSecrets({ accessTokens: ['bob:b'] });
  const stream = test.watch(bearer('a1'));
  await test.clock.pass(2000);
  expect([stream.isOver, stream.error]).toMatchObject([true, { code: 'UNAUTHENTICATED' }]);
});

it('replaceSecrets({ apiKey }) takes effect from the next request on, and streams go on from where they were', async () => {
  await using test = await open(TOKENS);
  const stream = test.watch(bearer('b'));
  await test.clock.pass(3000);
  test.gateway.replaceSecrets({ apiKey: 'key-2' });
  expect(await test.list(bearer('b'))).toEqual([2, 0]);
  await test.clock.pass(1000);
  expect(stream.error).toMatchObject({ code: 'SUBSCRIPTION_DRAINED', retryable: true });
  const cursor = stream.error?.['cursor'];
  const next = test.watch(bearer('b'), String(cursor));
  await test.clock.pass(3000);
  expect(eventsOf(next).toSorted()).toEqual(['ADDED 2', 'REMOVED 1']);
});

it('replaceSecrets, however often, leaves the last secrets of each kind', async () => {
  const tokens = fc.uniqueArray(fc.constantFrom('a1', 'a2', 'b', 'c'), { minLength: 1 });
  const replacement = fc.oneof(
    fc.record({ accessTokens: tokens }),
    fc.record({ apiKey: fc.constantFrom(...KEYS) }),
    fc.record({ accessTokens: tokens, apiKey: fc.constantFrom(...KEYS) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(replacement, { minLength: 2, maxLength: 5 }), async (replacements) => {
      const start = { accessTokens: ['a1', 'b'], apiKey: 'key-1' };
      await using test = await open(start);
      let now = start;
      for (const each of [...replacements, start]) {
        test.gateway.replaceSecrets(each);
        now = { ...now, ...each };
        const expected = [Number(now.apiKey.slice(-1)), 0];
        for (const token of ['a1', 'a2', 'b', 'c']) {
          const isListed = now.accessTokens.includes(token);
          expect(await test.list(bearer(token))).toEqual(isListed ? expected : 'UNAUTHENTICATED');
        }
      }
    }),
    { numRuns: propertyRuns(20) },
  );
});

it('replaceSecrets({ apiKey }) without tokens drains streams by that key, and none of clients with credentials of their own', async () => {
  await using test = await open({ apiKey: 'key-1' });
  const [byKey, own] = [{}, bearer('key-2')].map((headers) => test.watch(headers));
  await test.clock.pass(3000);
  test.gateway.replaceSecrets({ apiKey: 'key-3' });
  await test.clock.pass(1000);
  expect([byKey?.error?.['code'], own?.error]).toEqual(['SUBSCRIPTION_DRAINED', undefined]);
});

it('replaceSecrets({ routerSecrets }) refuses a secret that is removed, and ends its streams', async () => {
  await using test = await open({ routerSecrets: ['r1', 'r2', 'r3'], apiKey: 'key-1' });
  const by = (secret: string) => ({ 'router-authorization': `Bearer ${secret}` });
  const [leaving, staying] = ['r1', 'r2'].map((secret) => test.watch(by(secret)));
  await test.clock.pass(3000);
  test.gateway.replaceSecrets({ routerSecrets: ['r2', 'r3'] });
  expect([await test.list(by('r1')), await test.list(by('r2'))]).toEqual(['FORBIDDEN', [1, 0]]);
  await test.clock.pass(1000);
  expect([leaving?.error?.['code'], staying?.error]).toEqual(['UNAUTHENTICATED', undefined]);
});

it('readFilesAgain reads the files of secrets and prices, and keeps prices that cannot be read', async () => {
  using folder = newFolder();
  const tokens = folder.file('tokens', 'alice:a1');
  const prices = folder.file('prices', '{"currency": "USD", "models": {}}');
  const { log, lines } = recordedLog();
  await using test = await open({ accessTokensFile: tokens, prices, apiKey: 'key-1', log });
  folder.file('tokens', 'bob:b');
  folder.file('prices', '{}');
  expect(await test.list(bearer('b'))).toBe('UNAUTHENTICATED');
  test.gateway.readFilesAgain();
  expect([await test.list(bearer('b')), await test.list(bearer('a1'))]).toEqual([[1, 0], 'UNAUTHENTICATED']);
  expect(lines.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual([
    'The prices were not replaced; the old prices stay in effect',
  ]);
});

it('Files of secrets go on being watched when another gateway of the program has ended', async () => {
  using folder = newFolder();
  const file = folder.file('tokens', 'alice:a1');
  let reads = 0;
  const parts = [{ files: [file], read: () => void reads++, failure: '' }];
  using _watched = watchFiles(parts, silentLog);
  watchFiles(parts, silentLog)[Symbol.dispose]();
  await expect.poll(() => reads).toBe(1);
  folder.file('tokens', 'bob:b and more');
  await expect.poll(() => reads).toBe(2);
});

it.each<[Parameters<Gateway['replaceSecrets']>[0], string]>([
  [{ accessTokens: ['a', ''] }, 'accessTokens: expected'],
  [{ accessTokens: ['x:b', 'y:b'] }, 'x and y are the same token'],
  [{ accessTokens: [] }, 'accessTokens: whether callers must send one is fixed at start'],
  [{ routerSecrets: ['r'] }, 'routerSecrets: whether callers must send one is fixed at start'],
  [{ apiKey: 'ü' }, 'apiKey: expected'],
])('replaceSecrets refuses what cannot be used, and changes nothing: %j', async (secrets, problem) => {
  await using test = await open(TOKENS);
  expect(() => test.gateway.replaceSecrets(secrets)).toThrow(TypeError);
  expect(() => test.gateway.replaceSecrets(secrets)).toThrow(problem);
  expect(await test.list(bearer('b'))).toEqual([1, 0]);
});
