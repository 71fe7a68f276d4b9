import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { post } from '../support/execute.ts';
import { lacksProgram } from '../support/lacks.ts';
import { freePort } from '../support/listen-on.ts';
import { recordedLog } from '../support/recorded-log.ts';

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
  const url = `redis://:${PASSWORD}@127.0.0.1:${port}/2`;
  return { url, start, kill, signal, [Symbol.asyncDispose]: kill };
}

async function startReplica(rateLimitStore: string, rateLimit: number) {
  const { log, lines } = recordedLog();
  // No runs are asked for.
  const gateway = await createGateway({ upstreamUrl: 'http://127.0.0.1:1', rateLimit, rateLimitStore, log });
  const ask = async (name = 'one'): Promise<number | undefined> => {
    const body = '{"query":"{ rateLimit { remaining } }"}';
    const text = await post(gateway, body, { authorization: `Bearer ${name}` });
    const { data }: { data?: { rateLimit: { remaining: number } } } = JSON.parse(text);
    return data?.rateLimit.remaining;
  };
  const isUp = async (): Promise<boolean> =>
    (await gateway.metrics.registry.metrics()).includes('runs_gateway_rate_limit_store_up 1\n');
  const said = () => lines.filter(({ message }) => message.startsWith('RATE_LIMIT counts'));
  return { ask, isUp, lines, said, [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() };
}

it.skipIf(lacksProgram('redis-server'))(
  'A store of the rate limit counts for all replicas by digests of the accounts, and each counts for itself while it is away',
  async () => {
    await using redis = await startRedis();
    await using one = await startReplica(redis.url, 6);
    await using two = await startReplica(redis.url, 6);
    // A replica whose store answers late counts for itself, as happens on a busy machine.
    let callers = 0;
    const leftByTurns = async (): Promise<unknown[]> => {
      const name = `caller-${callers++}`;
      const left: unknown[] = [];
      for (const replica of [one, two, one, two, one, two, one, two]) left.push(await replica.ask(name));
      return left;
    };
    await expect.poll(leftByTurns).toEqual([5, 4, 3, 2, 1, 0, undefined, undefined]);
    expect(await two.ask('other')).toBe(5);
    const client = new Redis(redis.url);
    const keys = await client.keys('*');
    client.disconnect();
    expect(keys.length).toBeGreaterThanOrEqual(1);
    for (const key of keys) expect(key).toMatch(/^runs-gateway:rate-limit:[0-9a-f]{64}$/);
    await redis.kill();
    await expect.poll(() => two.isUp()).toBe(false);
    expect(await two.ask('another')).toBe(5);
    expect(await one.ask('another')).toBe(5);
    await redis.start();
    await expect.poll(() => two.isUp()).toBe(true);
    expect(two.said().map(({ level }) => level)).toEqual(['info', 'warn', 'info']);
    redis.signal('SIGSTOP');
    expect(await two.ask('late')).toBe(5);
    expect(JSON.stringify(two.lines)).not.toContain(PASSWORD);
  },
);

it('A store that is not there delays nothing for long: each replica counts for itself', async () => {
  await using replica = await startReplica(`redis://127.0.0.1:${await freePort()}`, 2);
  expect([await replica.ask(), await replica.ask(), await replica.ask()]).toEqual([1, 0, undefined]);
  expect(await replica.isUp()).toBe(false);
  expect(replica.said().map(({ message }) => message)).toEqual([
    'RATE_LIMIT counts for each replica: its store does not answer',
  ]);
});
