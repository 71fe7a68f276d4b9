import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Gateway, GatewayOptions } from '../../src/gateway.ts';
import { stopClock } from '../support/clock.ts';
import { execute } from '../support/execute.ts';
import { openGatewayOver } from '../support/open-gateway.ts';
import { openOwners } from '../support/owners.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { type Watching, watchRuns } from '../support/watch.ts';

const KEYS = ['key-1', 'key-2', 'key-3'];
const TOKENS = { accessTokens: ['alice:a1', 'alice:a2', 'bob:b'], apiKey: 'key-1' };
const LIST = '{ runs { nodes { id } } }';
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const runId = (number: number): string => `run-00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
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
    list: (headers: Readonly<Record<string, string>>) => listed(gateway, headers),
    watch: (headers: Readonly<Record<string, string>>, after?: string) =>
      watchRuns(gateway, '', { after, headers }),
    async [Symbol.asyncDispose]() {
      await opened[Symbol.asyncDispose]();
      world[Symbol.dispose]();
    },
  };
}

/** The numbers of the runs that a caller is shown, newest first, or why it is not. */
async function listed(gateway: Gateway, headers: Readonly<Record<string, string>>): Promise<unknown> {
  const { data, errors } = await execute<{ runs: { nodes: { id: string }[] } }, object>(
    gateway,
    LIST,
    {},
    headers,
  );
  return errors?.[0]?.extensions?.['code'] ?? data?.runs.nodes.map(({ id }) => Number(id.slice(-12)));
}

const eventsOf = ({ events }: Watching) =>
  events.map((event) => `${event.kind} ${Number(event.runId.slice(-12))}`);

describe('A token that is removed', () => {
  it('is refused when the body of its request comes in afterwards', async () => {
    await using test = await open(TOKENS);
    const body = new TransformStream<Uint8Array, Uint8Array>();
    const headers = { 'content-type': 'application/json', ...bearer('a1') };
    const init = { method: 'POST', headers, body: body.readable, duplex: 'half' };
    const answer = test.gateway.fetch(new Request('http://gateway/graphql', init));
    const writer = body.writable.getWriter();
    await writer.write(Buffer.from('{"query":'));
    test.gateway.replaceSecrets({ accessTokens: ['bob:b'] });
    await writer.write(Buffer.from(JSON.stringify(LIST) + '}'));
    await writer.close();
    expect((await answer).status).toBe(401);
    expect(test.upstream.requests).toEqual([]);
  });

  it('is for reading only from the next operation on, if it is listed there', async () => {
    await using test = await open(TOKENS);
    const codeOf = async () =>
      (await execute(test.gateway, CANCEL, {}, bearer('b'))).errors?.[0]?.extensions?.['code'];
    expect(await codeOf()).toBeUndefined();
    test.gateway.replaceSecrets({ accessTokens: ['alice:a1'], readOnlyAccessTokens: ['bob:b'] });
    expect(await codeOf()).toBe('FORBIDDEN');
    expect(await test.list(bearer('b'))).toEqual([1, 0]);
  });
});

describe('An API key that is replaced', () => {
  it('is used from the next request on, and streams go on from where they were', async () => {
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

  it('is used for those who need no token, and nothing changes for who sends credentials', async () => {
    await using test = await open({ apiKey: 'key-1' });
    const mine = test.watch(bearer('key-2'));
    await test.clock.pass(3000);
    expect(await test.list({})).toEqual([1, 0]);
    test.gateway.replaceSecrets({ apiKey: 'key-2' });
    expect(await test.list({})).toEqual([2, 0]);
    expect(await test.list(bearer('key-1'))).toEqual([1, 0]);
    test.stores[1]?.update(runId(2), { status: 'failed', stop_reason: 'error', total_duration_ns: 5 });
    await test.clock.pass(10_000);
    expect([eventsOf(mine), mine.error]).toEqual([['UPDATED 2'], undefined]);
  });

  it('is kept out of the log like the one before', async () => {
    const secrets = ['key-of-before', 'key-of-now-1', 'token-of-before', 'token-of-now-1'];
    const { log, lines } = recordedLog();
    const config = { apiKey: 'key-of-before', accessTokens: ['x:token-of-before'], log };
    await using test = await openGatewayOver(
      () => ({ status: 418, body: { detail: secrets.join(' ') } }),
      config,
    );
    test.gateway.replaceSecrets({ apiKey: 'key-of-now-1', accessTokens: ['x:token-of-now-1'] });
    expect(await listed(test.gateway, bearer('token-of-now-1'))).toBe('UPSTREAM_REJECTED');
    const text = JSON.stringify(
      lines.map(({ fields, ...line }) => [line, fields, Object(fields['err']).message]),
    );
    expect(text).toContain('[redacted]');
    for (const secret of secrets) expect(text).not.toContain(secret);
    expect(lines).toContainEqual({
      level: 'info',
      message: 'Secrets were replaced',
      fields: { labels: ['x'], isNewKey: true },
    });
  });
});

it("A router's secret that is removed is refused, and the streams that came by it end", async () => {
  await using test = await open({ routerSecrets: ['r1', 'r2'], apiKey: 'key-1' });
  const by = (secret: string) => ({ 'router-authorization': `Bearer ${secret}` });
  const [leaving, staying] = ['r1', 'r2'].map((secret) => test.watch(by(secret)));
  await test.clock.pass(3000);
  test.gateway.replaceSecrets({ routerSecrets: ['r2'] });
  expect([await test.list(by('r1')), await test.list(by('r2'))]).toEqual(['FORBIDDEN', [1, 0]]);
  await test.clock.pass(1000);
  expect([leaving?.error?.['code'], staying?.error]).toEqual(['UNAUTHENTICATED', undefined]);
});

describe('Secrets that can not be used', () => {
  it.each<[Parameters<Gateway['replaceSecrets']>[0], string]>([
    [{ accessTokens: ['a', ''] }, 'accessTokens: expected'],
    [{ accessTokens: ['x:b', 'y:b'] }, 'x and y are the same token'],
    [{ accessTokens: [] }, 'accessTokens: whether callers need one is decided at start'],
    [{ routerSecrets: ['r'] }, 'routerSecrets: whether callers need one is decided at start'],
    [{ apiKey: 'ü' }, 'apiKey: expected'],
  ])('change nothing: %j', async (secrets, problem) => {
    await using test = await open(TOKENS);
    expect(() => test.gateway.replaceSecrets(secrets)).toThrow(TypeError);
    expect(() => test.gateway.replaceSecrets(secrets)).toThrow(problem);
    expect(await test.list(bearer('b'))).toEqual([1, 0]);
  });
});

it('Whatever is replaced while callers ask and watch, each sees what its token and the key show', async () => {
  const pool = ['alice:a1', 'alice:a2', 'bob:b1', 'c1'];
  const tokenOf = (entry: string): string => entry.split(':').at(-1) ?? entry;
  const keys = fc.constantFrom(...KEYS);
  /** Where tokens are restricted, the first reads only. */
  const secrets = fc
    .tuple(keys, fc.subarray(pool, { minLength: 1 }), fc.nat(1))
    .map(([apiKey, tokens, restricted]) => ({
      apiKey,
      accessTokens: tokens.slice(restricted),
      readOnlyAccessTokens: tokens.slice(0, restricted),
    }));
  const step = fc.oneof(
    fc.record({ replace: secrets }),
    fc.record({ ask: fc.constantFrom(...pool) }),
    fc.record({ watch: fc.constantFrom(...pool) }),
    fc.record({ waitMs: fc.constantFrom(100, 1500, 4000) }),
  );
  interface Stream {
    readonly entry: string;
    readonly key: number;
    readonly isReadOnly: boolean;
    readonly client: Watching;
    must: string | undefined;
  }
  await fc.assert(
    fc.asyncProperty(secrets, fc.array(step, { minLength: 3, maxLength: 25 }), async (first, steps) => {
      let now = first;
      await using test = await open({ ...now, rowMemoryMs: 5000 });
      using _clock = test.clock;
      const streams: Stream[] = [];
      const isValid = (entry: string) => [...now.accessTokens, ...now.readOnlyAccessTokens].includes(entry);
      const isReadOnly = (entry: string) => now.readOnlyAccessTokens.includes(entry);
      for (const each of steps) {
        const key = KEYS.indexOf(now.apiKey) + 1;
        if ('waitMs' in each) await test.clock.pass(each.waitMs);
        if ('ask' in each) {
          const answer = await test.list(bearer(tokenOf(each.ask)));
          expect(answer).toEqual(isValid(each.ask) ? [key, 0] : 'UNAUTHENTICATED');
        }
        if ('watch' in each && isValid(each.watch)) {
          const client = test.watch(bearer(tokenOf(each.watch)), runId(0));
          const reads = isReadOnly(each.watch);
          streams.push({ entry: each.watch, key, isReadOnly: reads, client, must: undefined });
          await test.clock.pass(0);
        }
        if (!('replace' in each)) continue;
        now = each.replace;
        test.gateway.replaceSecrets(now);
        for (const stream of streams.filter(({ must }) => must === undefined)) {
          const isSame =
            KEYS[stream.key - 1] === now.apiKey && stream.isReadOnly === isReadOnly(stream.entry);
          if (!isValid(stream.entry)) stream.must = 'UNAUTHENTICATED';
          else if (!isSame) stream.must = 'SUBSCRIPTION_DRAINED';
        }
      }
      await test.clock.pass(1000);
      for (const { client, must } of streams) expect(client.isOver).toBe(must !== undefined);
      await test.clock.pass(4000);
      const update = { status: 'failed', stop_reason: 'error', total_duration_ns: 5 } as const;
      for (const [index, store] of test.stores.entries()) store.update(runId(index + 1), update);
      await test.clock.pass(5000);
      for (const { client, must, key } of streams) {
        expect(client.error?.['code']).toBe(must);
        // Of no other key, and all there is unless the stream had to end before.
        if (must === undefined) expect(eventsOf(client)).toEqual([`ADDED ${key}`, `UPDATED ${key}`]);
        else expect([[], [`ADDED ${key}`]]).toContainEqual(eventsOf(client));
        await client.close();
      }
    }),
    { numRuns: propertyRuns(40) },
  );
});
