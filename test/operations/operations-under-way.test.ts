import type { Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { OperationTypeNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { PreparedOperation } from '../../src/engine/index.ts';
import { createGateway } from '../../src/gateway.ts';
import { createMemory } from '../../src/memory/index.ts';
import { OperationRecord } from '../../src/observability/operation-record.ts';
import { createExecutions } from '../../src/operations/executions.ts';
import type { Caller } from '../../src/operations/operation-request.ts';
import { credentialsOf } from '../support/credentials.ts';
import { execute } from '../support/execute.ts';
import { answerWith, startRawUpstream } from '../support/raw-upstream.ts';
import { recordedLog } from '../support/recorded-log.ts';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

describe('Operations under way', () => {
  /** Operations that the test ends, by a number. */
  const start = (maxCost: number, budgetBytes = 1e9) => {
    const memory = createMemory({ budgetBytes });
    const executions = createExecutions({ timeoutMs: 60_000, maxCost, memory, onJoined: () => undefined });
    const started: string[] = [];
    const ends = new Map<string, () => void>();
    const run = (account: string, name: string, charge: number, signal = new AbortController().signal) => {
      const operation: Pick<PreparedOperation, 'type' | 'execute'> = {
        type: OperationTypeNode.QUERY,
        execute: () =>
          new Promise((resolve) => {
            started.push(name);
            ends.set(name, () => resolve({ data: Buffer.from(name), errors: [] }));
          }),
      };
      const caller: Pick<Caller, 'credentials' | 'record' | 'signal'> = {
        credentials: { ...credentialsOf(account), account },
        record: new OperationRecord(name),
        signal,
      };
      return executions
        .run({
          operation: operation as PreparedOperation,
          caller: caller as Caller,
          key: name,
          charge,
          createContext: () => undefined,
        })
        .then(
          ({ data }) => String(data),
          (error: unknown) => error,
        );
    };
    return { run, started, ends, memory };
  };

  it('of one caller wait beyond half of the cost, and others are served', async () => {
    const { run, started, ends } = start(1000);
    const own = Array.from({ length: 9 }, (_, number) => run('greedy', `greedy ${number}`, 100));
    const other = run('other', 'other', 100);
    await Promise.resolve();
    expect(started.filter((name) => name.startsWith('greedy'))).toHaveLength(5);
    expect(started).toContain('other');
    ends.get('other')?.();
    expect(await other).toBe('other');
    for (let number = 0; number < 9; number++) {
      await expect.poll(() => ends.has(`greedy ${number}`)).toBe(true);
      ends.get(`greedy ${number}`)?.();
      expect(await own[number]).toBe(`greedy ${number}`);
    }
  });

  it('are not overtaken for ever by cheaper ones of others', async () => {
    const { run, started, ends } = start(100);
    const light = (number: number) => void run(`light ${number % 9}`, `light ${number}`, 5);
    for (let number = 0; number < 200; number++) light(number);
    const heavy = run('heavy', 'heavy', 1000);
    for (let rounds = 0; !started.includes('heavy') && rounds < 100; rounds++) {
      for (const [name, end] of ends) {
        ends.delete(name);
        end();
      }
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    }
    expect(started.indexOf('heavy')).toBeGreaterThan(0);
    expect(started.indexOf('heavy')).toBeLessThan(60);
    ends.get('heavy')?.();
    expect(await heavy).toBe('heavy');
  });

  it('that wait in larger numbers than there is room for are refused, the last of the caller with most', async () => {
    const { run, started, ends } = start(10);
    const own = Array.from({ length: 5_100 }, (_, number) => run('greedy', `greedy ${number}`, 10));
    const refused = await Promise.race(own);
    expect(refused).toMatchObject({
      code: 'OVERLOADED',
      extensions: { retryAfterSeconds: 1, retryAfterMs: 1000 },
    });
    const other = run('other', 'other', 2);
    expect(started.filter((name) => name.startsWith('greedy')).length).toBeLessThan(10);
    await expect.poll(() => ends.has('other')).toBe(true);
    ends.get('other')?.();
    expect(await other).toBe('other');
  });

  it('are entered in the account of memory until they end, and refused where they do not fit', async () => {
    const { run, ends, memory } = start(1e6, 1_000_000);
    const client = new AbortController();
    const own = [run('one', 'own', 1000), run('one', 'left', 500, client.signal)];
    await Promise.resolve();
    const { operation } = memory.held;
    expect(operation).toBeGreaterThan(500_000);
    expect(await run('one', 'third', 1000)).toMatchObject({ code: 'OVERLOADED' });
    expect(memory.held.operation).toBe(operation);
    // Whoever holds little is not refused: the largest of the other caller's gives way.
    const other = run('other', 'other', 800);
    expect(await own[0]).toMatchObject({ code: 'OVERLOADED' });
    client.abort(new Error('left'));
    expect(await own[1]).toMatchObject({ message: 'left' });
    ends.get('other')?.();
    expect(await other).toBe('other');
    await expect.poll(() => memory.held.operation).toBe(0);
  });

  it('give way to others as soon as nobody waits for them', async () => {
    const { run, started } = start(10);
    const client = new AbortController();
    const held = Array.from({ length: 20 }, (_, number) => run('one', `held ${number}`, 10, client.signal));
    const reason = new Error('left');
    client.abort(reason);
    expect(await Promise.all(held)).toEqual(held.map(() => reason));
    const before = started.length;
    for (let number = 0; number < 3; number++) void run('one', `next ${number}`, 1);
    await Promise.resolve();
    expect(started.slice(before)).toEqual(['next 0', 'next 1', 'next 2']);
  });
});

/** None of it fails by its time. */
const patient = { upstreamTimeoutMs: 60_000, operationTimeoutMs: 60_000 };

describe('A hundred operations with a thousand look-ups each', () => {
  it('hold little while they wait, and nothing when their clients have left', async () => {
    const runs = Array.from({ length: 1000 }, (_, index) => ({
      id: `run-00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      agent_id: 'agent-1',
      created_at: new Date(Date.UTC(2026, 0, 2) - index * 1000).toISOString(),
      status: 'completed',
    }));
    const list = JSON.stringify(runs);
    const row = JSON.stringify(runs.slice(0, 1));
    await using upstream = await startRawUpstream((socket, request) => {
      if (request.head.includes('/steps')) return;
      answerWith(200, request.head.includes('limit=1&') ? row : list)(socket, request);
    });
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, ...patient });
    const ask = (query: string, token: string, signal: AbortSignal | null = null): Promise<string> =>
      gateway
        .fetch(
          new Request('http://gateway/graphql', {
            method: 'POST',
            headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
            body: JSON.stringify({ query }),
            signal,
          }),
        )
        .then((response) => response.text());
    const lookUps = (name: string) => `{ ${name}: runs(first: 1000) { nodes { usage { totalTokens } } } }`;
    const megabytes = (): number => {
      gc();
      return process.memoryUsage().heapUsed / 1e6;
    };
    const ONE = '{ runs(first: 1) { nodes { id } } }';
    expect(JSON.parse(await ask(ONE, 'other'))).toMatchObject({ data: { runs: { nodes: [{}] } } });
    const before = megabytes();
    const client = new AbortController();
    const all = Array.from({ length: 100 }, (_, number) =>
      ask(lookUps(`a${number}`), 'greedy', client.signal).catch(() => 'left'),
    );
    const asked = (): number => upstream.heads.filter((head) => head.includes('/steps')).length;
    await expect.poll(asked).toBeGreaterThanOrEqual(48);
    expect(megabytes() - before).toBeLessThan(150);
    expect(JSON.parse(await ask(ONE, 'other'))).toMatchObject({ data: { runs: { nodes: [{}] } } });
    client.abort();
    await Promise.all(all);
    const after = JSON.parse(await ask(ONE, 'greedy'));
    expect(after).toMatchObject({ data: { runs: { nodes: [{}] } } });
    expect(megabytes() - before).toBeLessThan(30);
  });
});

it('Rows that take more than the budget are refused while they are looked up, and the next caller is served', async () => {
  const row = (index: number) => ({
    id: `run-00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    agent_id: 'agent-1',
    created_at: new Date(Date.UTC(2026, 0, 2) - index * 1000).toISOString(),
    metadata: { text: 'x'.repeat(25_000) },
  });
  const list = (length: number) => JSON.stringify(Array.from({ length }, (_, index) => row(index)));
  await using upstream = await startRawUpstream((socket, request) => {
    answerWith(200, list(Number(/[?&]limit=(\d+)/.exec(request.head)?.[1] ?? 1)))(socket, request);
  });
  await using gateway = await createGateway({
    upstreamUrl: upstream.baseUrl,
    memoryBudget: 16 * 1024 * 1024,
  });
  const ask = async (first: number): Promise<readonly [number, unknown]> => {
    const body = JSON.stringify({ query: `{ runs(first: ${first}) { nodes { id } } }` });
    const headers = { 'content-type': 'application/json' };
    const request = new Request('http://gateway/graphql', { method: 'POST', headers, body });
    const response = await gateway.fetch(request);
    return [response.status, await response.json()];
  };
  expect(await ask(1000)).toMatchObject([503, { errors: [{ extensions: { code: 'OVERLOADED' } }] }]);
  expect(await ask(100)).toMatchObject([200, { data: { runs: { nodes: expect.any(Array) } } }]);
  expect(await gateway.metrics.registry.metrics()).toMatch(/held_bytes\{kind="operation"\} 0$/m);
});

it('Responses that have not arrived as a whole count as well', async () => {
  const sockets: Socket[] = [];
  await using upstream = await startRawUpstream((socket, request) => {
    if (request.head.includes('limit=1&')) return answerWith(200, '[]')(socket, request);
    sockets.push(socket);
    socket.write('HTTP/1.1 200 X\r\ncontent-type: application/json\r\ncontent-length: 30000000\r\n\r\n');
    socket.write(`[${' '.repeat(10_000_000)}`);
  });
  await using gateway = await createGateway({
    upstreamUrl: upstream.baseUrl,
    memoryBudget: 32 * 1024 * 1024,
    ...patient,
  });
  const ask = (query: string) => execute<unknown, never>(gateway, query);
  const all = [2, 3, 4, 5].map((first) => ask(`{ runs(first: ${first}) { nodes { id } } }`));
  expect(await Promise.race(all)).toMatchObject({ errors: [{ extensions: { code: 'OVERLOADED' } }] });
  expect(await ask('{ runs(first: 1) { nodes { id } } }')).toEqual({ data: { runs: { nodes: [] } } });
  upstream.answer = answerWith(200, '[]');
  for (const socket of sockets) socket.destroy();
  await Promise.all(all);
  expect(await gateway.metrics.registry.metrics()).toMatch(/held_bytes\{kind="operation"\} 0$/m);
});

it('What an operation leaves behind when it fails is no longer waited for, and nobody is refused for it', async () => {
  const lists: Socket[] = [];
  await using upstream = await startRawUpstream((socket, request) => {
    if (request.head.includes('/runs/run-')) return answerWith(404, '{}')(socket, request);
    lists.push(socket);
  });
  const { log, lines } = recordedLog();
  await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, ...patient, log });
  // Its page is sent while the run at its cursor is looked up, which there is not.
  const query = '{ runs(after: "run-00000000-0000-4000-8000-000000000000") { nodes { id } } }';
  expect(await execute(gateway, query)).toMatchObject({
    errors: [{ extensions: { code: 'INVALID_CURSOR' } }],
  });
  expect(lists).toHaveLength(1);
  await expect.poll(upstream.abandoned).toBe(1);
  expect(lines.map(({ message }) => message)).not.toContain('Refused');
  expect(await gateway.metrics.registry.metrics()).toMatch(/held_bytes\{kind="operation"\} 0$/m);
});
