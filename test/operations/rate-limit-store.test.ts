import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { freePort } from '../support/free-port.ts';
import { answerWith, startRawUpstream } from '../support/raw-upstream.ts';
import { recordedLog } from '../support/recorded-log.ts';

const HAS_REDIS = spawnSync('redis-server', ['--version']).status === 0;
const PASSWORD = 'store-password';

/** A Redis server, which can be killed and started again. */
async function startRedis() {
  const port = await freePort();
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--requirepass', PASSWORD];
    child = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'ignore'] });
    const { promise, resolve } = Promise.withResolvers<void>();
    child.stdout?.on('data', (chunk) => String(chunk).includes('Ready to accept') && resolve());
    await promise;
  };
  const signal = (name: NodeJS.Signals): void => void child?.kill(name);
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    signal('SIGKILL');
    await once(child, 'exit');
  };
  await start();
  return {
    url: `redis://:${PASSWORD}@127.0.0.1:${port}/2`,
    start,
    kill,
    signal,
    [Symbol.asyncDispose]: kill,
  };
}

async function startReplica(upstreamUrl: string, rateLimitStore: string, rateLimit: number) {
  const { log, lines } = recordedLog();
  const gateway = await createGateway({ upstreamUrl, rateLimit, rateLimitStore, log });
  const ask = async (name = 'one'): Promise<number> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${name}` };
    const body = '{"query":"{ __typename }"}';
    const request = new Request('http://localhost/graphql', { method: 'POST', headers, body });
    const { status } = await gateway.fetch(request);
    return status;
  };
  const remaining = async (): Promise<number> => {
    const headers = { 'content-type': 'application/json', authorization: 'Bearer one' };
    const body = '{"query":"{ rateLimit { remaining } }"}';
    const response = await gateway.fetch(
      new Request('http://localhost/graphql', { method: 'POST', headers, body }),
    );
    return (await response.json()).data.rateLimit.remaining;
  };
  return {
    ask,
    remaining,
    lines,
    metrics: () => gateway.metrics.registry.metrics(),
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}

describe.skipIf(!HAS_REDIS)('A store of the rate limit (needs redis-server)', () => {
  it('counts for all replicas, by digests of the accounts', async () => {
    await using upstream = await startRawUpstream(answerWith(200, '[]'));
    await using redis = await startRedis();
    await using one = await startReplica(upstream.baseUrl, redis.url, 6);
    await using two = await startReplica(upstream.baseUrl, redis.url, 6);
    const statuses = [];
    for (const replica of [one, two, one, two, one, two, one, two])
      statuses.push(await replica.ask('caller-name'));
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429, 429]);
    expect(await two.ask('other')).toBe(200);
    expect(await one.metrics()).toContain('runs_gateway_rate_limit_store_up 1\n');
    const client = new Redis(redis.url);
    const keys = await client.keys('*');
    client.disconnect();
    expect(keys).toHaveLength(2);
    for (const key of keys) expect(key).toMatch(/^runs-gateway:rate-limit:[\w+/]{43}=$/);
  });

  it('tells callers what they have left over all replicas; each replica by itself while it is away', async () => {
    await using upstream = await startRawUpstream(answerWith(200, '[]'));
    await using redis = await startRedis();
    await using one = await startReplica(upstream.baseUrl, redis.url, 60);
    await using two = await startReplica(upstream.baseUrl, redis.url, 60);
    for (let request = 0; request < 3; request++) await one.ask();
    expect(await two.remaining()).toBe(56);
    expect(await one.remaining()).toBe(55);
    await redis.kill();
    await expect.poll(() => two.remaining(), { timeout: 20_000 }).toBeGreaterThan(56);
  });

  it('that refuses the password is away, and the log has no password', async () => {
    await using upstream = await startRawUpstream(answerWith(200, '[]'));
    await using redis = await startRedis();
    const url = redis.url.replace(PASSWORD, 'wr0ng-password');
    await using replica = await startReplica(upstream.baseUrl, url, 2);
    expect([await replica.ask(), await replica.ask(), await replica.ask()]).toEqual([200, 200, 429]);
    const said = replica.lines.filter(({ message }) => message.includes('its store is'));
    expect(said).toHaveLength(1);
    expect(JSON.stringify(said)).toContain('WRONGPASS');
    expect(inspect(said, { depth: 9, showHidden: true })).not.toContain('wr0ng-password');
  });

  it('may be killed, come back and hang while requests run: none fails, and replicas say so once', async () => {
    await using upstream = await startRawUpstream(answerWith(200, '[]'));
    await using redis = await startRedis();
    await using replica = await startReplica(upstream.baseUrl, redis.url, 1_000_000);
    const over = new AbortController();
    const statuses = new Set<number>();
    const client = async (): Promise<void> => {
      while (!over.signal.aborted) {
        statuses.add(await replica.ask());
        await sleep(2);
      }
    };
    const clients = [client(), client(), client()];
    const isUp = async (): Promise<boolean> =>
      (await replica.metrics()).includes('runs_gateway_rate_limit_store_up 1\n');
    const patience = { timeout: 20_000 };
    await expect.poll(isUp, patience).toBe(true);
    await redis.kill();
    await expect.poll(isUp, patience).toBe(false);
    await redis.start();
    await expect.poll(isUp, patience).toBe(true);
    redis.signal('SIGSTOP');
    await expect.poll(isUp, patience).toBe(false);
    redis.signal('SIGCONT');
    await expect.poll(isUp, patience).toBe(true);
    over.abort();
    await Promise.all(clients);
    expect([...statuses]).toEqual([200]);
    const said = replica.lines.filter(({ message }) => message.includes('its store is'));
    expect(said.map(({ level }) => level)).toEqual(['info', 'warn', 'info', 'warn', 'info']);
    expect(JSON.stringify(replica.lines)).not.toContain(PASSWORD);
  }, 60_000);
});

it('A store that is not there delays nothing for long: each replica counts for itself', async () => {
  await using upstream = await startRawUpstream(answerWith(200, '[]'));
  await using replica = await startReplica(upstream.baseUrl, `redis://127.0.0.1:${await freePort()}`, 2);
  expect([await replica.ask(), await replica.ask(), await replica.ask()]).toEqual([200, 200, 429]);
  expect(await replica.metrics()).toContain('runs_gateway_rate_limit_store_up 0\n');
  expect(replica.lines.map(({ message }) => message)).toContain(
    'RATE_LIMIT holds for each replica: its store is away',
  );
});
